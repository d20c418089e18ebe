/// What a node offers to pods.
package struct NodeRoom: Sendable, Codable, Equatable {
    package var name: NodeName
    package var isReady: Bool
    package var isCordoned: Bool
    package var labels: [String: String]
    package var taints: [Taint]
    /// `status.allocatable`; nil when the node does not say.
    package var allocatable: PodHealth.Amount?
    /// Pods it takes at most; nil when the node does not say.
    package var mostPods: Int?
    /// Conditions that should be False and are not: `DiskPressure: …`.
    package var pressures: [String]

    package init(
        name: NodeName, isReady: Bool = true, isCordoned: Bool = false,
        labels: [String: String] = [:], taints: [Taint] = [],
        allocatable: PodHealth.Amount? = nil, mostPods: Int? = nil, pressures: [String] = []
    ) {
        self.name = name
        self.isReady = isReady
        self.isCordoned = isCordoned
        self.labels = labels
        self.taints = taints
        self.allocatable = allocatable
        self.mostPods = mostPods
        self.pressures = pressures
    }

    package struct Taint: Sendable, Codable, Hashable {
        package var key: String
        package var value: String
        /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
        package var effect: String

        package init(key: String, value: String = "", effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }

    /// Why it cannot take such a pod, whatever room there is; nil when it can.
    package func objection(to needs: PodHealth.Needs) -> String? {
        if !isReady { return "not Ready" }
        if isCordoned { return "cordoned" }
        if let taint = taint(against: needs) { return "taint \(taint.key)" }
        guard needs.nodeSelector.allSatisfy({ labels[$0.key] == $0.value }) else {
            return "node selector"
        }
        guard
            needs.nodeAffinity.isEmpty || needs.nodeAffinity.contains(where: { $0.selects(labels) })
        else { return "node affinity" }
        if let tied = needs.localVolumes.first(where: { !$0.value.contains(name) }) {
            return "volume \(tied.key) is elsewhere"
        }
        return nil
    }

    /// Whether its labels are those that the node selector and the affinity want.
    package func isMeant(by needs: PodHealth.Needs) -> Bool {
        needs.nodeSelector.allSatisfy { labels[$0.key] == $0.value }
            && (needs.nodeAffinity.isEmpty || needs.nodeAffinity.contains { $0.selects(labels) })
    }

    /// The first taint that keeps such a pod out.
    package func taint(against needs: PodHealth.Needs) -> Taint? {
        taints.first { taint in
            taint.effect != "PreferNoSchedule"
                && !needs.tolerations.contains { $0.tolerates(taint) }
        }
    }
}
