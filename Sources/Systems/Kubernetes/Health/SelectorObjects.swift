import Model

/// `meta/v1.LabelSelector`.
struct LabelSelectorObject: Decodable, Sendable {
    var matchLabels: [String: String]?
    var matchExpressions: [Row]?

    struct Row: Decodable, Sendable {
        var key: String
        var `operator`: String
        var values: [String]?
    }

    var query: LabelQuery {
        LabelQuery(
            matchLabels ?? [:],
            rows: (matchExpressions ?? []).map {
                LabelQuery.Row(key: $0.key, relation: $0.operator, values: $0.values ?? [])
            })
    }
}

/// `core/v1.NodeSelector`: one of the terms must hold.
struct NodeSelectorObject: Decodable, Sendable {
    var nodeSelectorTerms: [LabelSelectorObject]?

    /// The host names that the terms name, when they name any.
    var hostNames: [String]? {
        let rows = (nodeSelectorTerms ?? []).flatMap { $0.matchExpressions ?? [] }
        let values = rows.filter {
            $0.key == "kubernetes.io/hostname" && $0.operator == "In"
        }.flatMap { $0.values ?? [] }
        return values.isEmpty ? nil : values
    }
}

/// A claim, as far as it leads to its volume.
struct ClaimObject: Decodable, Sendable {
    var metadata: Metadata
    var spec: Spec?

    struct Metadata: Decodable, Sendable {
        var name: String
        var namespace: String
    }

    struct Spec: Decodable, Sendable {
        var volumeName: String?
    }
}

/// A volume, as far as it is tied to nodes.
struct VolumeObject: Decodable, Sendable {
    var metadata: Metadata
    var spec: Spec?

    struct Metadata: Decodable, Sendable {
        var name: String
    }

    struct Spec: Decodable, Sendable {
        var nodeAffinity: Affinity?
    }

    struct Affinity: Decodable, Sendable {
        var required: NodeSelectorObject?
    }
}
