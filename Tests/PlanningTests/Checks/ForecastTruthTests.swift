import Model
import Simulation
import Testing

@testable import Planning

/// The forecast against the truth: what it says would block is what blocks when an emulated
/// cluster, which judges evictions by its own rules, is really drained.
@Suite struct `The drain forecast` {
    @Test(arguments: 0..<10)
    func `names just the pods that block a real drain`(_ block: UInt64) async {
        for seed in block * 12..<(block + 1) * 12 {
            let cluster = RandomCluster(seed: seed).cluster
            let forecast = DrainForecast(cluster)
            for node in cluster.nodes.keys.sorted() where cluster.nodes[node]?.isReady == true {
                guard let outlook = forecast.outlook(of: node) else { continue }
                let foretold = Set(outlook.blocked.map(\.pod))
                let truth = cluster.drained(node)
                #expect(foretold == truth, "seed \(seed), node \(node)")
            }
            await Task.yield()
        }
    }

    /// A test that can only pass is none: there has to be both kinds in the seeds.
    @Test func `meets drains that block and drains that do not`() {
        let outlooks = (0..<120).flatMap { seed -> [DrainOutlook] in
            let cluster = RandomCluster(seed: UInt64(seed)).cluster
            return cluster.nodes.keys.sorted().compactMap(DrainForecast(cluster).outlook)
        }
        let reasons = outlooks.flatMap(\.blocked).map(\.reason)
        #expect(outlooks.filter { $0.blocked.isEmpty }.count > 50)
        #expect(reasons.filter { $0.contains("never lets one go") }.count > 20)
        #expect(reasons.filter { $0.contains("no other node has a place") }.count > 5)
        #expect(reasons.filter { $0.contains("both select it") }.count > 5)
        #expect(outlooks.filter { !$0.homeless.isEmpty }.count > 20)
        let words = outlooks.flatMap(\.homeless).map(\.reason).joined(separator: " ")
        for why in ["node affinity", "anti-affinity", "topology spread", "not enough CPU"] {
            #expect(words.contains(why))
        }
        #expect(outlooks.filter { !$0.bare.isEmpty }.count > 20)
    }
}

/// A cluster with random workloads and budgets, at rest.
struct RandomCluster {
    var cluster: EmulatedCluster
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 1)
        let workers = Int.random(in: 1...4, using: &random)
        cluster = EmulatedCluster(
            Blueprint(
                clusterName: "demo", talos: Version(1, 9, 2), kubernetes: Version(1, 32, 0),
                seed: seed, workers: workers))
        for number in 0...workers {
            cluster.createMachine(
                MachineSpec(
                    name: NodeName(number == 0 ? "cp-1" : "w-\(number)"),
                    address: NodeAddress("127.1.2.\(number + 1)"),
                    role: number == 0 ? .controlPlane : .worker),
                by: "test")
        }
        rest(60)
        for number in 0..<Int.random(in: 2...6, using: &random) { addWorkload(number) }
        rest(30)
        for number in 0..<Int.random(in: 1...5, using: &random) { addBudget(number) }
        if Int.random(in: 0..<4, using: &random) == 0, workers > 1 {
            cluster.setCordon("w-1", true, by: "test")
        }
        if Int.random(in: 0..<4, using: &random) == 0, workers > 2 {
            cluster.inject(.nodeNotReady, on: "w-2")
        }
        rest(10)
    }

    private mutating func rest(_ seconds: Int) {
        cluster.advance(to: cluster.now + .seconds(seconds))
    }

    private mutating func addWorkload(_ number: Int) {
        let name = "app-\(number)"
        let labels = ["app": name, "tier": number.isMultiple(of: 2) ? "front" : "back"]
        if Int.random(in: 0..<5, using: &random) == 0 {
            cluster.createBarePod(
                PodSpec(namespace: "demo", name: name, labels: labels),
                uid: ObjectUID("b\(number)"),
                by: "test")
            return
        }
        // Some are tied to one node by a selector, which is how a place gets scarce.
        let isTied = Int.random(in: 0..<4, using: &random) == 0
        cluster.putWorkload(
            WorkloadSpec(
                kind: Bool.random(using: &random) ? .deployment : .statefulSet, namespace: "demo",
                name: name, replicas: Int.random(in: 1...5, using: &random),
                selector: LabelSelector(["app": name]), templateLabels: labels,
                nodeSelector: isTied ? ["kubernetes.io/hostname": "w-1"] : [:],
                rules: rules(["app": name])),
            uid: ObjectUID("w\(number)"), by: "test")
    }

    /// Half of the workloads are choosy.
    private mutating func rules(_ labels: [String: String]) -> SchedulingRules? {
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            let hosts = LabelSelector.Expression(
                key: "kubernetes.io/hostname", relation: .isOneOf, values: ["w-1", "w-2"])
            return SchedulingRules(nodeAffinity: [LabelSelector(expressions: [hosts])])
        case 1: return SchedulingRules(repels: [LabelSelector(labels)])
        case 2:
            let isHonoring = Bool.random(using: &random)
            return SchedulingRules(spreads: [
                .init(
                    topologyKey: "kubernetes.io/hostname", maxSkew: 1,
                    selector: LabelSelector(labels), honorsTaints: isHonoring)
            ])
        case 3: return SchedulingRules(cpu: 1500)
        default: return nil
        }
    }

    private mutating func addBudget(_ number: Int) {
        let byTier = Int.random(in: 0..<5, using: &random) == 0
        let selector =
            byTier
            ? LabelSelector(["tier": Bool.random(using: &random) ? "front" : "back"])
            : LabelSelector(["app": "app-\(Int.random(in: 0..<6, using: &random))"])
        let amount: BudgetSpec.Amount =
            Bool.random(using: &random)
            ? .count(Int.random(in: 0...3, using: &random))
            : .percent(Int.random(in: 0...100, using: &random))
        cluster.putBudget(
            BudgetSpec(
                namespace: "demo", name: "budget-\(number)",
                demand: Bool.random(using: &random)
                    ? .minAvailable(amount) : .maxUnavailable(amount),
                selector: selector, alwaysAllowsUnhealthy: Bool.random(using: &random)),
            uid: ObjectUID("p\(number)"), by: "test")
    }
}

extension EmulatedCluster {
    /// Drains a node of a copy as patiently as there is any use in; what could not be evicted.
    func drained(_ node: NodeName) -> Set<PodReference> {
        var copy = self
        copy.setCordon(node, true, by: "test")
        var left: Set<PodReference> = []
        for _ in 0..<40 {
            left = []
            let leaving = copy.pods.values.filter { $0.node == node }.map(PodHealth.init)
                .filter { $0.pod.isEvictedByDrain && !$0.pod.isTerminating }
                .sorted { $0.pod.reference.description < $1.pod.reference.description }
            for pod in leaving {
                let answer = copy.evict(uid: ObjectUID(pod.pod.uid), by: "test")
                if answer != .evicted { left.insert(pod.pod.reference) }
            }
            copy.advance(to: copy.now + .seconds(3))
        }
        return left
    }
}

extension DrainForecast {
    /// As adapters would read the emulated cluster.
    init(_ cluster: EmulatedCluster) {
        self.init(
            pods: cluster.pods.values.map(PodHealth.init).sorted {
                $0.pod.reference.description < $1.pod.reference.description
            }, budgets: cluster.budgets.values.map(BudgetFacts.init),
            rooms: cluster.nodes.values.map(NodeRoom.init).sorted { $0.name < $1.name })
    }
}

extension PodHealth {
    init(_ pod: Pod) {
        let owner = pod.owner.map { Owner(kind: $0.kind, name: $0.name, uid: $0.uid.text) }
        self.init(
            pod: PodFacts(
                namespace: pod.namespace, name: pod.name, uid: pod.uid.text, node: pod.node,
                phase: pod.phase.rawValue, isReady: pod.isReady, isTerminating: pod.isTerminating,
                ownerKind: pod.owner?.kind, isMirror: pod.isMirror),
            status: pod.phase.rawValue, owner: owner, labels: pod.labels,
            needs: Needs(
                amount: Amount(cpu: pod.rules?.cpu ?? 0, memory: pod.rules?.memory ?? 0),
                nodeSelector: pod.nodeSelector,
                nodeAffinity: (pod.rules?.nodeAffinity ?? []).map(LabelQuery.init),
                tolerations: pod.tolerations.map { Toleration(key: $0 == "*" ? "" : $0) },
                repels: (pod.rules?.repels ?? []).map(LabelQuery.init),
                spreads: (pod.rules?.spreads ?? []).map {
                    Spread(
                        topologyKey: $0.topologyKey, maxSkew: $0.maxSkew,
                        selector: LabelQuery($0.selector), honorsTaints: $0.honorsTaints)
                }))
        persists = isUnwell
    }
}

extension BudgetFacts {
    init(_ budget: Budget) {
        func amount(_ amount: BudgetSpec.Amount) -> Amount {
            switch amount {
            case .count(let count): .count(count)
            case .percent(let share): .percent(share)
            }
        }
        let demand: Demand =
            switch budget.spec.demand {
            case .minAvailable(let least): .minAvailable(amount(least))
            case .maxUnavailable(let most): .maxUnavailable(amount(most))
            }
        self.init(
            namespace: budget.spec.namespace, name: budget.spec.name,
            selector: LabelQuery(budget.spec.selector), demand: demand,
            allowsUnhealthy: budget.spec.alwaysAllowsUnhealthy,
            disruptionsAllowed: budget.disruptionsAllowed, currentHealthy: budget.currentHealthy,
            desiredHealthy: budget.desiredHealthy, expectedPods: budget.expectedPods)
    }
}

extension LabelQuery {
    init(_ selector: LabelSelector) {
        self.init(
            selector.matchLabels,
            rows: selector.expressions.map {
                Row(key: $0.key, relation: $0.relation.rawValue, values: $0.values)
            })
    }
}

extension NodeRoom {
    init(_ node: ClusterNode) {
        self.init(
            name: node.name, isReady: node.isReady, isCordoned: node.isCordoned,
            labels: node.labels,
            taints: node.taints.map { Taint(key: $0.key, value: $0.value, effect: $0.effect) },
            allocatable: PodHealth.Amount(
                cpu: NodeCapacity.cpu, memory: NodeCapacity.memoryInKiB << 10),
            mostPods: NodeCapacity.pods)
    }
}
