/// What a pod asks of the scheduler besides taints and its node selector. Preferences are not
/// looked at.
package struct SchedulingRules: Sendable, Codable, Equatable {
    /// Required node affinity: one of these must hold; empty for none.
    package var nodeAffinity: [LabelSelector]
    /// Required anti-affinity by host name, to pods of its namespace.
    package var repels: [LabelSelector]
    /// Spread constraints that are not only wishes.
    package var spreads: [Spread]
    /// Requested thousandths of a CPU.
    package var cpu: Int64
    /// Requested bytes of memory.
    package var memory: Int64

    package init(
        nodeAffinity: [LabelSelector] = [], repels: [LabelSelector] = [], spreads: [Spread] = [],
        cpu: Int64 = 0, memory: Int64 = 0
    ) {
        self.nodeAffinity = nodeAffinity
        self.repels = repels
        self.spreads = spreads
        self.cpu = cpu
        self.memory = memory
    }

    /// A row of `topologySpreadConstraints` with `whenUnsatisfiable: DoNotSchedule`.
    package struct Spread: Sendable, Codable, Equatable {
        package var topologyKey: String
        package var maxSkew: Int
        package var selector: LabelSelector
        /// `nodeTaintsPolicy: Honor`: nodes whose taints it does not tolerate do not count.
        package var honorsTaints: Bool

        package init(
            topologyKey: String, maxSkew: Int, selector: LabelSelector, honorsTaints: Bool = false
        ) {
            self.topologyKey = topologyKey
            self.maxSkew = maxSkew
            self.selector = selector
            self.honorsTaints = honorsTaints
        }
    }
}

/// What every emulated node offers to pods: `status.allocatable`.
package enum NodeCapacity {
    /// Thousandths of a CPU.
    package static let cpu: Int64 = 4000
    package static let memoryInKiB: Int64 = 8_135_684
    package static let pods = 110
}
