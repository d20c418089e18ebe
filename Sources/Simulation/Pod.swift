package import Model

/// A pod without controller, to create.
package struct PodSpec: Sendable, Codable, Equatable {
    package var namespace: String
    package var name: String
    package var labels: [String: String]
    /// `spec.nodeName`; nil leaves it to the scheduler.
    package var node: NodeName?
    package var nodeSelector: [String: String]
    /// Keys of tolerated taints; `*` tolerates all of them.
    package var tolerations: [String]
    package var graceSeconds: Int
    package var hasEmptyDir: Bool
    package var volumeClaims: [String]
    package var rules: SchedulingRules?
    /// It has finalizers.
    package var isHeld: Bool

    package init(
        namespace: String, name: String, labels: [String: String] = [:], node: NodeName? = nil,
        nodeSelector: [String: String] = [:], tolerations: [String] = [], graceSeconds: Int = 30,
        hasEmptyDir: Bool = false, volumeClaims: [String] = [], rules: SchedulingRules? = nil,
        isHeld: Bool = false
    ) {
        self.namespace = namespace
        self.name = name
        self.labels = labels
        self.node = node
        self.nodeSelector = nodeSelector
        self.tolerations = tolerations
        self.graceSeconds = graceSeconds
        self.hasEmptyDir = hasEmptyDir
        self.volumeClaims = volumeClaims
        self.rules = rules
        self.isHeld = isHeld
    }
}

/// One incarnation of a pod.
package struct Pod: Sendable, Codable {
    package var namespace: String
    package var name: String
    package var uid: ObjectUID
    package var labels: [String: String]
    package var owner: Owner?
    /// The workload behind the owner: the Deployment of a ReplicaSet. Nil for bare and mirror pods.
    package var workload: ObjectUID?
    package var node: NodeName?
    package var phase: Phase
    /// Condition Ready.
    package var isReady: Bool
    package var createdAt: Duration
    package var scheduledAt: Duration?
    package var startedAt: Duration?
    /// When the deletion was asked for; nil while nobody did.
    package var deletionAt: Duration?
    package var graceSeconds: Int
    package var restarts: Int
    /// A static pod's mirror: annotation `kubernetes.io/config.mirror`.
    package var isMirror: Bool
    /// Owned by a DaemonSet.
    package var isDaemon: Bool
    package var usesHostNetwork: Bool
    package var hasEmptyDir: Bool
    package var volumeClaims: [String]
    package var templateHash: String
    package var nodeSelector: [String: String]
    package var tolerations: [String]
    package var rules: SchedulingRules?
    /// Finalizers keep it, also when its containers have ended.
    package var isHeld = false
    /// Its containers have ended, and it is only held.
    var hasEnded = false
    /// The version of its image where that matters (components of Kubernetes).
    package var imageVersion: Version?
    /// Last two parts of `10.244.x.y`; nil until it runs or on the host's network.
    var addressParts: [Int]?
    var hostAddress: NodeAddress?

    /// `status.podIP`, nil until it has one.
    package var ip: String? {
        if usesHostNetwork { return hostAddress?.text }
        guard let parts = addressParts, parts.count == 2 else { return nil }
        return "10.244.\(parts[0]).\(parts[1])"
    }

    package var isTerminating: Bool { deletionAt != nil }
    package var reference: PodReference {
        PodReference(namespace: namespace, name: name, uid: uid.text)
    }

    /// The controlling owner reference.
    package struct Owner: Sendable, Codable, Equatable {
        /// `ReplicaSet`, `StatefulSet`, `DaemonSet`, or `Node` for a mirror pod.
        package var kind: String
        package var name: String
        package var uid: ObjectUID
    }

    /// `status.phase`.
    package enum Phase: String, Sendable, Codable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
    }
}
