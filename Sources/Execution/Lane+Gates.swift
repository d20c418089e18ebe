import Model

extension Lane {
    /// One look decides all gates but those about a single machine.
    func askGates() -> [Effect] {
        [.observe(lane: index, .cluster)]
    }

    mutating func gating(_ answer: Signal, _ memory: inout Memory, at now: Moment) -> [Effect] {
        guard let step else { return [] }
        switch answer {
        case .observed(_, .cluster(let cluster)):
            let found = step.gates.flatMap { objections(of: $0, to: cluster) }
            guard found.isEmpty else { return closed(found, &memory, at: now) }
            if let node = machineGate(of: step) { return [.observe(lane: index, .node(node))] }
            return afterGates(&memory, at: now)
        case .observed(_, .node(let facts)):
            guard let machine = facts.machine.value else {
                let reason = facts.machine.reason ?? "no answer"
                return closed(["\(facts.name) does not answer: \(reason)"], &memory, at: now)
            }
            if let boot = step.gates.lazy.compactMap(Self.boot(of:)).first {
                guard memory.intents[step.id] == nil, facts.bootID != boot else {
                    return afterGates(&memory, at: now)
                }
                return closed(
                    ["\(facts.name) has booted since this was planned: make the plan anew"],
                    &memory, at: now)
            }
            if machine.stage == .running && machine.isReady { return afterGates(&memory, at: now) }
            if memory.bootID(before: facts.name) != nil { return afterGates(&memory, at: now) }
            let unmet = machine.unmetConditions.joined(separator: "; ")
            return closed(
                ["\(facts.name) is \(machine.stage.rawValue), not ready \(unmet)"], &memory, at: now
            )
        case .waited:
            return askGates()
        default:
            return []
        }
    }

    private mutating func closed(
        _ objections: [String], _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard let step else { return [] }
        if now.elapsed < deadline {
            return word("waiting: \(objections[0])", at: now) + [pause(at: now)]
        }
        return fail(
            Problem(
                .stopped, "Not safe to go on with \"\(step.title)\": \(objections[0])",
                details: Array(objections.dropFirst()), fix: "bump status"), &memory, at: now)
    }

    private func objections(of gate: Gate, to cluster: ClusterFacts) -> [String] {
        switch gate {
        case .machineReady, .stillInBoot:
            return []
        case .nodesReady(let except):
            guard let nodes = cluster.nodes.value else {
                return ["Kubernetes does not answer: \(cluster.nodes.reason ?? "")"]
            }
            return nodes.filter { !$0.isReady && !except.contains($0.name) }
                .map { "\($0.name) is not Ready" + ($0.notReadyReason.map { " (\($0))" } ?? "") }
        case .etcdAllowsTakingDown(let name):
            guard let etcd = cluster.etcd.value else {
                return ["etcd does not answer: \(cluster.etcd.reason ?? "")"]
            }
            return etcd.objections(toTakingDown: name)
        }
    }

    private func machineGate(of step: Step) -> NodeIdentity? {
        for gate in step.gates {
            switch gate {
            case .machineReady(let node), .stillInBoot(let node, _): return node
            case .nodesReady, .etcdAllowsTakingDown: break
            }
        }
        return nil
    }

    private static func boot(of gate: Gate) -> String? {
        if case .stillInBoot(_, let boot) = gate { return boot }
        return nil
    }
}
