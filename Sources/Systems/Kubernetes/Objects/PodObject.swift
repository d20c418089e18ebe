import Model

/// The fields of a pod that are read; lists have thousands. Source: `core/v1.Pod`.
struct PodObject: Decodable, Sendable {
    var metadata: Metadata
    var spec: Spec?
    var status: Status?

    struct Metadata: Decodable, Sendable {
        var name: String
        var namespace: String
        var uid: String
        var deletionTimestamp: String?
        var annotations: Annotations?
        var ownerReferences: [Owner]?
    }

    struct Annotations: Decodable, Sendable {
        /// Present on the mirror of a static pod.
        var mirror: String?

        enum CodingKeys: String, CodingKey {
            case mirror = "kubernetes.io/config.mirror"
        }
    }

    struct Owner: Decodable, Sendable {
        var kind: String
        var controller: Bool?
    }

    struct Spec: Decodable, Sendable {
        var nodeName: String?
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var conditions: [Condition]?
    }

    struct Condition: Decodable, Sendable {
        var type: String
        var status: String
    }

    var facts: PodFacts {
        let node = spec?.nodeName
        return PodFacts(
            namespace: metadata.namespace, name: metadata.name, uid: metadata.uid,
            node: node?.isEmpty == false ? node.map { NodeName($0) } : nil,
            phase: status?.phase ?? "Unknown",
            isReady: status?.conditions?.contains { $0.type == "Ready" && $0.status == "True" }
                ?? false,
            isTerminating: metadata.deletionTimestamp != nil,
            ownerKind: metadata.ownerReferences?.first { $0.controller == true }?.kind,
            isMirror: metadata.annotations?.mirror != nil)
    }
}
