package import Model

/// Reads what a pre-flight check looks at besides the snapshot. All of it side by side; pods that
/// are not well are looked at again over some seconds, so that nobody is alarmed by a restart.
package struct HealthInspector: Sendable {
    private let machines: any MachineHealthReading
    private let cluster: any ClusterHealthReading
    private let furtherLooks: Int
    private let pause: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - furtherLooks: how often what is not well is looked at again.
    ///   - pause: waits between two looks, some two seconds.
    package init(
        machines: any MachineHealthReading, cluster: any ClusterHealthReading,
        furtherLooks: Int = 4, pause: @escaping @Sendable () async throws -> Void
    ) {
        self.machines = machines
        self.cluster = cluster
        self.furtherLooks = furtherLooks
        self.pause = pause
    }

    /// Never throws: what cannot be read is unknown, with its reason.
    ///
    /// - Parameters:
    ///   - nodes: whose machines are asked.
    ///   - gates: the user's own.
    package func inspect(nodes: [NodeIdentity], gates: [GateRule]) async -> HealthFacts {
        async let machineFacts = machineHealth(of: nodes)
        async let rooms = observed { try await cluster.rooms() }
        async let agent = observed { try await cluster.backupAgent() }
        async let storage = observed { try await cluster.storage() }
        async let gateFacts = judge(gates)
        async let settledFlux = settledReconciliations()
        let pods = await settledPods()
        // Read after the pods have settled, so that both tell of the same moment.
        let budgets = await observed { try await cluster.budgets() }
        var facts = HealthFacts(pods: pods, budgets: budgets)
        facts.refusedEvictions = await tryEvictions(pods.value ?? [], budgets.value ?? [])
        facts.machines = await machineFacts
        facts.rooms = await rooms
        facts.backupAgent = await agent
        facts.storage = await storage
        facts.gates = await gateFacts
        facts.reconciliations = await settledFlux
        return facts
    }

    private func machineHealth(
        of nodes: [NodeIdentity]
    ) async -> [NodeName: Observed<MachineHealth>] {
        await Bounded.map(nodes, atOnce: 64) { node in
            (node.name, await observed { try await machines.health(of: node.address) })
        }.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }

    private func judge(_ gates: [GateRule]) async -> [GateFacts] {
        await Bounded.map(gates, atOnce: 8) { rule in
            GateFacts(rule: rule, objects: await observed { try await cluster.objects(of: rule) })
        }
    }

    // MARK: Looking again

    /// The pods, those marked that were unwell at every look.
    private func settledPods() async -> Observed<[PodHealth]> {
        var latest = await observed { try await cluster.podHealth() }
        var suspects = Set((latest.value ?? []).filter(\.isUnwell).map(\.pod.uid))
        for _ in 0..<furtherLooks where !suspects.isEmpty {
            do { try await pause() } catch { return latest }
            let next = await observed { try await cluster.podHealth() }
            guard let pods = next.value else { break }
            latest = next
            suspects.formIntersection(pods.filter(\.isUnwell).map(\.pod.uid))
        }
        return latest.map { pods in
            pods.map { pod in
                var pod = pod
                pod.persists = suspects.contains(pod.pod.uid)
                return pod
            }
        }
    }

    /// A reconciliation that is done a moment later was only the usual one.
    private func settledReconciliations() async -> Observed<[ReconciliationFacts]> {
        var latest = await observed { try await cluster.reconciliations() }
        for _ in 0..<furtherLooks {
            let isBusy = (latest.value ?? []).contains {
                $0.state == .progressing && !$0.isSuspended
            }
            guard isBusy else { return latest }
            do { try await pause() } catch { return latest }
            latest = await observed { try await cluster.reconciliations() }
        }
        return latest
    }

    // MARK: Evictions

    /// Tries the evictions that a budget has a say in.
    private func tryEvictions(
        _ pods: [PodHealth], _ budgets: [BudgetFacts]
    ) async -> [String: String] {
        let byNamespace = Dictionary(grouping: budgets, by: \.namespace)
        let guarded = pods.filter { pod in
            pod.pod.isEvictedByDrain && !pod.pod.isFinished && !pod.pod.isTerminating
                && byNamespace[pod.pod.namespace]?.contains { $0.guards(pod) } == true
        }.prefix(Self.mostTrials)
        let answers = await Bounded.map(Array(guarded), atOnce: 16) { pod in
            (pod.pod.uid, await observed { try await cluster.tryEviction(pod.pod.reference) })
        }
        return answers.reduce(into: [:]) { refused, answer in
            if case .known(.refused(let why)) = answer.1 { refused[answer.0] = why }
        }
    }

    private static let mostTrials = 300
}

/// Work on many things, a few at once.
enum Bounded {
    /// The results in the order of the items.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], atOnce: Int, _ work: @escaping @Sendable (Item) async -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            var found: [Int: Result] = [:]
            for (number, item) in items.enumerated() {
                if number >= atOnce, let done = await group.next() { found[done.0] = done.1 }
                group.addTask { (number, await work(item)) }
            }
            for await done in group { found[done.0] = done.1 }
            return items.indices.compactMap { found[$0] }
        }
    }
}
