package import Model

/// One line of the ground truth: a change or a call that the cluster saw.
package struct LabEvent: Sendable, Codable, Equatable {
    /// Virtual time since the cluster's birth.
    package var time: Duration
    package var kind: Kind
    package var node: NodeName?
    /// Who asked: a client's name, `talos` for what a node does by itself, `kubernetes` for a
    /// controller, `fault` for an injected fault.
    package var by: String
    package var detail: String

    package init(time: Duration, kind: Kind, node: NodeName?, by: String, detail: String) {
        self.time = time
        self.kind = kind
        self.node = node
        self.by = by
        self.detail = detail
    }

    /// What happened; the raw values are the words of `bump lab events --json`.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case machineCreated = "machine-created"
        case machineDestroyed = "machine-destroyed"
        case cordoned, uncordoned
        /// Detail: `namespace/name` of the pod.
        case evicted
        /// Detail: `namespace/name`, then the budget's name in parentheses.
        case evictionRefused = "eviction-refused"
        /// A voluntary act took a budget below what it demands. Detail: `namespace/name` of it.
        case pdbBroken = "pdb-broken"
        /// Detail: the image.
        case imagePulled = "image-pulled"
        /// Detail: version and schematic that the next boot runs.
        case installed
        /// The Talos API stopped answering.
        case wentDown = "went-down"
        /// The Talos API answers again. Detail: the version that runs.
        case cameUp = "came-up"
        case ready
        case notReady = "not-ready"
        /// The boot default went back to the previous slot.
        case rolledBack = "rolled-back"
        case etcdQuorumLost = "etcd-quorum-lost"
        case etcdQuorumBack = "etcd-quorum-back"
        /// Node and detail: the new leader.
        case leadershipMoved = "leadership-moved"
        case configApplied = "config-applied"
        case staticPodUpdated = "static-pod-updated"
        case kubeletUpdated = "kubelet-updated"
        case manifestApplied = "manifest-applied"
        /// A backup ended. Detail: its name and phase.
        case backup
        case restore
        case fluxSuspended = "flux-suspended"
        case fluxResumed = "flux-resumed"
        /// Detail: the method.
        case call
    }
}

/// An object that a reader may want to render anew.
package enum ObjectChange: Sendable, Codable, Hashable {
    case node(NodeName)
    case nodeGone(NodeName)
    case pod(ObjectUID)
    case podGone(ObjectUID, namespace: String, name: String)
    case workload(ObjectUID)
    case workloadGone(ObjectUID, namespace: String, name: String)
    case budget(ObjectUID)
    case budgetGone(ObjectUID, namespace: String, name: String)
    case backup(String)
    case location(String)
    case machine(NodeName)
    case machineGone(NodeName)
}
