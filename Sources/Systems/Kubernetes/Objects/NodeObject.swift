import Model

/// The fields of a node that are read. Source: `core/v1.Node`.
struct NodeObject: Decodable, Sendable {
    var metadata: Metadata
    var spec: Spec?
    var status: Status?

    struct Metadata: Decodable, Sendable {
        var name: String
        var labels: [String: String]?
        var annotations: [String: String]?
    }

    struct Spec: Decodable, Sendable {
        var unschedulable: Bool?
    }

    struct Status: Decodable, Sendable {
        var conditions: [Condition]?
        var addresses: [Address]?
        var nodeInfo: Info?
    }

    struct Condition: Decodable, Sendable {
        var type: String
        var status: String
        var reason: String?
        var message: String?
    }

    struct Address: Decodable, Sendable {
        var type: String
        var address: String
    }

    struct Info: Decodable, Sendable {
        var bootID: String?
        var kubeletVersion: String?
    }

    /// The annotation that says which run cordoned a node.
    static let cordonedBy = "bump.dev/cordoned-by"

    var facts: KubernetesNodeFacts {
        let labels = metadata.labels ?? [:]
        let isControlPlane = Self.controlPlaneLabels.contains { labels[$0] != nil }
        let ready = status?.conditions?.first { $0.type == "Ready" }
        let isReady = ready?.status == "True"
        let address = status?.addresses?.first { $0.type == "InternalIP" }?.address
        let bootID = status?.nodeInfo?.bootID
        return KubernetesNodeFacts(
            name: NodeName(metadata.name), role: isControlPlane ? .controlPlane : .worker,
            address: address.map { NodeAddress($0) }, isReady: isReady,
            notReadyReason: isReady ? nil : Self.reason(ready),
            isCordoned: spec?.unschedulable ?? false,
            cordonedBy: metadata.annotations?[Self.cordonedBy],
            kubeletVersion: status?.nodeInfo?.kubeletVersion.flatMap { Version($0) },
            bootID: bootID?.isEmpty == true ? nil : bootID)
    }

    private static func reason(_ ready: Condition?) -> String {
        guard let ready else { return "the kubelet has not reported yet" }
        let texts = [ready.message, ready.reason].compactMap { $0 }.filter { !$0.isEmpty }
        return texts.first.map(StatusObject.line) ?? "Ready is \(ready.status)"
    }

    /// The second is that of clusters older than 1.20.
    private static let controlPlaneLabels = [
        "node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master",
    ]
}
