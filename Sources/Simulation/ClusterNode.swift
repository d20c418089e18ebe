package import Model

/// A Kubernetes Node.
package struct ClusterNode: Sendable, Codable, Equatable {
    package var name: NodeName
    package var uid: ObjectUID
    package var role: Role
    package var address: NodeAddress
    package var readiness: Readiness
    package var readyReason: String
    package var readyMessage: String
    /// `lastTransitionTime` of condition Ready.
    package var readyChangedAt: Duration
    package var createdAt: Duration
    /// `status.nodeInfo.bootID`.
    package var bootID: String
    package var machineUUID: String
    package var kubeletVersion: Version
    /// Of `osImage`: `Talos (v1.13.9)`.
    package var talosVersion: Version
    package var isCordoned: Bool
    package var labels: [String: String]
    package var annotations: [String: String]
    package var taints: [Taint]
    /// `10.244.N.0/24`.
    package var podSubnet: Int

    /// Condition Ready is True.
    package var isReady: Bool { readiness == .ready }

    /// `status.conditions[type=Ready].status`: True, False, Unknown.
    package enum Readiness: String, Sendable, Codable {
        case ready = "True"
        case notReady = "False"
        case unknown = "Unknown"
    }

    /// A taint, effect included.
    package struct Taint: Sendable, Codable, Hashable {
        package var key: String
        package var value: String
        package var effect: String

        package init(key: String, value: String = "", effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }

    static let controlPlaneTaint = Taint(
        key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule")
    /// Set by Talos on nodes that it cordoned itself.
    static let talosCordon = "talos.dev/cordoned"
}
