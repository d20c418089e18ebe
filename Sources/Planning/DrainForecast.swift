package import Model

/// Foretells what draining a node would do: the arithmetic of the disruption budgets, and where
/// the evicted pods would have room. Each node is judged by itself, with all others in place.
///
/// It follows the eviction API (k8s.io/kubernetes `pkg/registry/core/pod/storage/eviction.go`) and
/// the disruption controller: an evicted pod counts again once its replacement runs elsewhere.
package struct DrainForecast: Sendable {
    private let pods: [PodHealth]
    private let budgets: [BudgetFacts]
    private let rooms: [NodeRoom]
    private let refused: [String: String]
    /// Indices into `budgets` of those that select a pod; by index into `pods`.
    private let guards: [[Int]]
    private let byNode: [NodeName: [Int]]
    private let replicas: [String: Int]

    /// - Parameter refused: what the API server answered to evictions that were only tried and
    ///   refused, by uid.
    package init(
        pods: [PodHealth], budgets: [BudgetFacts], rooms: [NodeRoom],
        refused: [String: String] = [:]
    ) {
        self.pods = pods
        self.budgets = budgets
        self.rooms = rooms
        self.refused = refused
        let inNamespace = Dictionary(grouping: budgets.indices) { budgets[$0].namespace }
        guards = pods.map { pod in
            (inNamespace[pod.pod.namespace] ?? []).filter { budgets[$0].guards(pod) }
        }
        var byNode: [NodeName: [Int]] = [:]
        var replicas: [String: Int] = [:]
        for (index, pod) in pods.enumerated() where !pod.pod.isFinished {
            if let node = pod.pod.node { byNode[node, default: []].append(index) }
            if let owner = pod.owner, !pod.pod.isTerminating {
                replicas[owner.uid, default: 0] += 1
            }
        }
        self.byNode = byNode
        self.replicas = replicas
    }

    /// What a drain of this node would do; nil when there is no other node for its pods, so that
    /// it is not drained at all.
    package func outlook(of node: NodeName) -> DrainOutlook? {
        guard rooms.contains(where: { $0.name != node && !$0.isCordoned }) else { return nil }
        var trial = Trial(self, node)
        trial.run()
        return trial.outlook
    }

    /// The drain of one node, played through.
    private struct Trial {
        let forecast: DrainForecast
        let others: [NodeRoom]
        var outlook: DrainOutlook
        private var healthy: [Int]
        private var expected: [Int]
        private var desired: [Int]
        /// Indices of the pods that were evicted.
        private var gone: Set<Int> = []
        private var arrivals: [NodeName: [Int]] = [:]
        private var left: [Int]

        init(_ forecast: DrainForecast, _ node: NodeName) {
            self.forecast = forecast
            others = forecast.rooms.filter { $0.name != node }
            outlook = DrainOutlook(node: node)
            healthy = forecast.budgets.map(\.currentHealthy)
            expected = forecast.budgets.map(\.expectedPods)
            desired = forecast.budgets.map(\.desiredHealthy)
            left = (forecast.byNode[node] ?? []).filter {
                let pod = forecast.pods[$0].pod
                return pod.isEvictedByDrain && !pod.isTerminating
            }
            // What is only on its way to be healthy will be so when its turn comes.
            for (index, pod) in forecast.pods.enumerated()
            where pod.isUnwell && !pod.pod.isTerminating && !pod.isSettledUnwell {
                for budget in forecast.guards[index] { healthy[budget] += 1 }
            }
        }

        mutating func run() {
            let all = left
            checkTrials()
            var hasMoved = true
            while hasMoved {
                hasMoved = false
                for index in left where mayGo(index) {
                    left.removeAll { $0 == index }
                    evict(index)
                    hasMoved = true
                }
            }
            outlook.evicted = all.count - left.count - outlook.blocked.count
            outlook.blocked += left.map(blockage)
            outlook.blocked.sort { $0.pod.description < $1.pod.description }
        }

        /// What the API server refuses for another reason than a budget: a webhook, a missing
        /// right. Where only a budget says no, its arithmetic tells more: a pod that restarts at
        /// this moment takes the room away for that moment alone.
        private mutating func checkTrials() {
            for index in left {
                let pod = forecast.pods[index].pod
                guard let said = forecast.refused[pod.uid], mayGo(index),
                    !said.contains("disruption budget")
                else { continue }
                left.removeAll { $0 == index }
                outlook.blocked.append(
                    .init(
                        pod: pod.reference, budget: nil, reason: "the API server refuses: \(said)",
                        fix: "kubectl -n \(pod.namespace) describe pod \(pod.name)"))
            }
        }

        private func isGuarded(_ index: Int) -> Bool {
            forecast.pods[index].pod.phase == "Running" && !forecast.guards[index].isEmpty
        }

        private func mayGo(_ index: Int) -> Bool {
            guard isGuarded(index) else { return true }
            let guards = forecast.guards[index]
            guard guards.count == 1, let budget = guards.first else { return false }
            let facts = forecast.budgets[budget]
            guard facts.trouble == nil else { return false }
            if forecast.pods[index].pod.isReady {
                return expected[budget] > 0 && healthy[budget] > desired[budget]
            }
            return facts.allowsUnhealthy || healthy[budget] >= desired[budget]
        }

        private mutating func evict(_ index: Int) {
            let pod = forecast.pods[index]
            gone.insert(index)
            if pod.needs.hasScratchFiles { outlook.scratch.append(pod.pod.reference) }
            for budget in forecast.guards[index] {
                if pod.pod.isReady || !pod.isSettledUnwell { healthy[budget] -= 1 }
                if pod.owner == nil {
                    expected[budget] = max(0, expected[budget] - 1)
                    desired[budget] = forecast.budgets[budget].demand
                        .desiredHealthy(of: expected[budget])
                }
            }
            guard let owner = pod.owner else {
                outlook.bare.append(pod.pod.reference)
                return
            }
            if forecast.replicas[owner.uid] == 1, owner.kind != "Job" {
                outlook.single.append(Self.title(of: pod))
            }
            if let room = others.first(where: { objection($0, pod) == nil }) {
                settle(index, in: room.name)
            } else {
                let isTied = !pod.needs.localVolumes.isEmpty
                outlook.homeless.append(
                    .init(pod: pod.pod.reference, reason: whyHomeless(pod), hasLocalVolume: isTied))
            }
        }

        /// Its replacement runs there.
        private mutating func settle(_ index: Int, in node: NodeName) {
            let pod = forecast.pods[index]
            arrivals[node, default: []].append(index)
            guard pod.pod.isReady || !pod.isSettledUnwell else { return }
            for budget in forecast.guards[index] { healthy[budget] += 1 }
        }

        private func objection(_ room: NodeRoom, _ pod: PodHealth) -> String? {
            if let objection = room.objection(to: pod.needs) { return objection }
            let here = pods(on: room.name)
            if here.contains(where: { forecast.pods[$0].repels(pod) }) { return "anti-affinity" }
            if !pod.needs.spreads.allSatisfy({ keeps($0, pod, in: room) }) {
                return "topology spread"
            }
            if let most = room.mostPods, here.count >= most { return "no room for another pod" }
            guard let all = room.allocatable else { return nil }
            let taken = here.reduce(into: PodHealth.Amount()) { sum, index in
                sum.cpu += forecast.pods[index].needs.amount.cpu
                sum.memory += forecast.pods[index].needs.amount.memory
            }
            if taken.cpu + pod.needs.amount.cpu > all.cpu, pod.needs.amount.cpu > 0 {
                return "not enough CPU"
            }
            if taken.memory + pod.needs.amount.memory > all.memory, pod.needs.amount.memory > 0 {
                return "not enough memory"
            }
            return nil
        }

        private func pods(on node: NodeName) -> [Int] {
            (forecast.byNode[node] ?? []).filter { !gone.contains($0) } + (arrivals[node] ?? [])
        }

        /// Whether the pod's domain would not be ahead of the emptiest one by more than is
        /// allowed. The drained node counts, unless the constraint honors its taint.
        /// Source: k8s.io/kubernetes `pkg/scheduler/framework/plugins/podtopologyspread`.
        private func keeps(
            _ spread: PodHealth.Spread, _ pod: PodHealth, in room: NodeRoom
        ) -> Bool {
            guard let home = room.labels[spread.topologyKey] else { return false }
            var counts: [String: Int] = [:]
            for other in forecast.rooms where other.isMeant(by: pod.needs) {
                guard let domain = other.labels[spread.topologyKey] else { continue }
                let isClosed =
                    other.isCordoned || other.name == outlook.node
                    || other.taint(against: pod.needs) != nil
                if spread.honorsTaints, isClosed { continue }
                counts[domain, default: 0] +=
                    pods(on: other.name).filter { index in
                        let one = forecast.pods[index]
                        return one.pod.namespace == pod.pod.namespace
                            && (!one.pod.isTerminating || gone.contains(index))
                            && spread.selector.selects(one.labels)
                    }.count
            }
            let own = spread.selector.selects(pod.labels) ? 1 : 0
            return (counts[home] ?? 0) + own - (counts.values.min() ?? 0) <= spread.maxSkew
        }

        private func whyHomeless(_ pod: PodHealth) -> String {
            var nodes: [String: [NodeName]] = [:]
            for room in others { nodes[objection(room, pod) ?? "", default: []].append(room.name) }
            return nodes.sorted { $0.key < $1.key }.map { reason, names in
                names.count == 1
                    ? "\(names[0]): \(reason)" : "\(names.count) nodes: \(reason)"
            }.joined(separator: "; ")
        }

        private func blockage(_ index: Int) -> DrainOutlook.Blocked {
            let pod = forecast.pods[index].pod
            let guards = forecast.guards[index].map { forecast.budgets[$0] }
            guard guards.count == 1, let budget = guards.first,
                let number = forecast.guards[index].first
            else {
                let names = guards.map(\.name).joined(separator: " and ")
                return .init(
                    pod: pod.reference, budget: guards.first?.title,
                    reason: "the budgets \(names) both select it, which no eviction survives",
                    fix: "keep one of them: kubectl -n \(pod.namespace) delete pdb "
                        + guards.dropFirst().map(\.name).joined(separator: " "))
            }
            let isHomeless = outlook.homeless.contains { homeless in
                forecast.pods.indices.contains { other in
                    forecast.pods[other].pod.uid == homeless.pod.uid
                        && forecast.guards[other].contains(number)
                }
            }
            return BudgetRefusal(
                budget: budget, pod: forecast.pods[index], expected: expected[number],
                desired: desired[number], isHomeless: isHomeless,
                unwell: forecast.pods.indices.filter {
                    forecast.guards[$0].contains(number) && forecast.pods[$0].isUnwell
                }.map { forecast.pods[$0] }
            ).blocked
        }

        /// `Deployment`s are known by their ReplicaSet here.
        private static func title(of pod: PodHealth) -> String {
            guard let owner = pod.owner else { return pod.pod.reference.description }
            guard owner.kind == "ReplicaSet", let dash = owner.name.lastIndex(of: "-") else {
                return "\(pod.pod.namespace)/\(owner.name)"
            }
            return "\(pod.pod.namespace)/\(owner.name[..<dash])"
        }
    }
}

extension PodHealth {
    /// Unwell for good: not only starting, restarting or moving at this moment.
    var isSettledUnwell: Bool { isUnwell && persists && age >= PodHealth.settling }

    /// Whether they may not be on one node: required anti-affinity holds both ways.
    func repels(_ other: PodHealth) -> Bool {
        pod.namespace == other.pod.namespace
            && (needs.repels.contains { $0.selects(other.labels) }
                || other.needs.repels.contains { $0.selects(labels) })
    }

    /// Seconds that a new pod is given to become ready.
    static let settling = 60.0
}
