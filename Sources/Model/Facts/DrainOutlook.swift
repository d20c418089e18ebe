/// What draining one node would do, with the cluster as it is.
package struct DrainOutlook: Sendable, Codable, Equatable {
    package var node: NodeName
    /// Pods that would be evicted.
    package var evicted: Int
    /// Pods that would not go, and why.
    package var blocked: [Blocked]
    /// Pods for which no other node has a place: they wait until this one is back.
    package var homeless: [Homeless]
    /// Pods without a controller: once evicted, nobody makes them again.
    package var bare: [PodReference]
    /// Pods whose `emptyDir` is on this node's disk: its files end with the eviction.
    package var scratch: [PodReference]
    /// Workloads whose only pod is here: away while it moves.
    package var single: [String]

    package init(
        node: NodeName, evicted: Int = 0, blocked: [Blocked] = [], homeless: [Homeless] = [],
        bare: [PodReference] = [], scratch: [PodReference] = [], single: [String] = []
    ) {
        self.node = node
        self.evicted = evicted
        self.blocked = blocked
        self.homeless = homeless
        self.bare = bare
        self.scratch = scratch
        self.single = single
    }

    package struct Blocked: Sendable, Codable, Equatable {
        package var pod: PodReference
        /// The budget that refuses; nil when it is something else.
        package var budget: String?
        package var reason: String
        package var fix: String

        package init(pod: PodReference, budget: String?, reason: String, fix: String) {
            self.pod = pod
            self.budget = budget
            self.reason = reason
            self.fix = fix
        }
    }

    package struct Homeless: Sendable, Codable, Equatable {
        package var pod: PodReference
        /// `worker-2: taint x; worker-3: not enough memory`.
        package var reason: String
        /// One of its volumes exists on this node only.
        package var hasLocalVolume: Bool

        package init(pod: PodReference, reason: String, hasLocalVolume: Bool) {
            self.pod = pod
            self.reason = reason
            self.hasLocalVolume = hasLocalVolume
        }
    }
}
