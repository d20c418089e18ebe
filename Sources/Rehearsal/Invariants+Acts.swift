import Execution
import Model
import Simulation

extension Invariants {
    /// Broken invariant and how, when what the run is about to do breaks one.
    mutating func judge(
        _ operation: Operation, step: String, _ memory: Memory, _ world: SimulatedWorld
    ) -> String? {
        if let broken = judgeJournal(step, memory) { return broken }
        let node: NodeName
        switch operation {
        case .uncordon(let identity):
            asked.insert(identity.name)
            return nil
        case .cordon(let identity): return begins(identity.name, step, memory, world)
        case .upgrade(let identity, _), .install(let identity, _), .reboot(let identity),
            .rollback(let identity):
            node = identity.name
        case .proveBackup(let name):
            backupIsProven = world.isWhole(name)
            return nil
        case .destroyInfrastructure: return destroys(world)
        default: return nil
        }
        note(node, in: world.cluster)
        return begins(node, step, memory, world) ?? again(operation, node, world)
            ?? takesDown(operation, node, world)
    }

    private func destroys(_ world: SimulatedWorld) -> String? {
        if !backupIsProven { return "I8: machines are destroyed, and the backup is not proven" }
        return world.rebuilding.isRescued
            ? nil : "I8: machines are destroyed, and what is needed after is not saved"
    }

    /// What is shown.
    func judge(_ event: Event) -> String? {
        SimulatedSecret.isTold(by: event.message)
            ? "I10: an event tells a secret" : event.problem.flatMap(judge)
    }

    func judge(_ problem: Problem) -> String? {
        let texts = [problem.summary, problem.fix ?? ""] + problem.details + problem.causes
        return texts.contains(where: SimulatedSecret.isTold) ? "I10: a problem tells a secret" : nil
    }

    /// What the journal is told: a node is proven only when it was seen to be what was promised.
    mutating func judge(_ record: JournalRecord) -> String? {
        if case .verdict(let node, let verdict) = record { return judge(verdict, of: node) }
        if case .intent(let step, nil) = record, Self.endsABoot(step) {
            return "I3: \(step) is begun, and nobody knows in which boot the node is"
        }
        guard case .outcome(let step, .done) = record else { return nil }
        for suffix in ["/install", "/upgrade"] where step.hasSuffix(suffix) {
            known.insert(NodeName(String(step.dropLast(suffix.count))))
        }
        guard step.hasSuffix("/prove") else { return nil }
        let node = NodeName(String(step.dropLast("/prove".count)))
        return good.contains(node) ? nil : "I3: \(node) counts as proven, and is not"
    }

    /// What came of it is told by the boot before it alone.
    private static func endsABoot(_ step: String) -> Bool {
        ["/install", "/upgrade", "/reboot", "/rollback"].contains { step.hasSuffix($0) }
    }

    /// A node has fallen back only from what was installed on it. In the older way nothing but the
    /// boot tells whether the installer worked.
    private mutating func judge(_ verdict: NodeVerdict, of node: NodeName) -> String? {
        if verdict == .notInstalled, excused[node] == nil { excused[node] = 0 }
        if verdict == .fellBack, rolledBack.contains(node) {
            return "I9: \(node) counts as fallen back, and this run rolled it back"
        }
        guard verdict == .fellBack, steps.contains("\(node)/install"),
            !everInstalled.contains(node),
            excused[node] == nil
        else { return nil }
        return "I9: \(node) counts as fallen back, and nothing was installed on it"
    }

    /// Nothing is done before it was written that it will be, nor after it was written that it is.
    private func judgeJournal(_ step: String, _ memory: Memory) -> String? {
        if memory.isSettled(step), !step.hasSuffix("/uncordon") {
            return "I9: \(step) is done once more, though the journal says it is done"
        }
        guard memory.intents[step] == nil, steps.contains(step),
            !step.hasSuffix("/uncordon")
        else { return nil }
        return "I9: \(step) is done, and the journal does not know that it was begun"
    }

    /// The first thing done to a node: those before it are proven, and all others are Ready.
    private mutating func begins(
        _ node: NodeName, _ step: String, _ memory: Memory, _ world: SimulatedWorld
    ) -> String? {
        guard let turn = turns[node] else { return nil }
        for (other, place) in turns where place < turn && !good.contains(other) {
            note(other, in: world.cluster)
            if !good.contains(other) { return "I3: \(node) begins before \(other) is proven" }
        }
        if roles[node] == .worker, !isAbort,
            let plane = takenDown.first(where: { roles[$0] == .controlPlane })
        {
            return "I3: worker \(node) begins after control plane \(plane)"
        }
        let hasBegun = ["cordon", "drain", "upgrade", "install", "reboot", "rollback"].contains {
            let other = "\(node)/\($0)"
            return other != step && memory.intents[other] != nil
        }
        guard !hasBegun else { return nil }
        let batch = Set(turns.keys.filter { turns[$0] == turn })
        let seen = relied(world.now)
        if !Health(of: world.cluster).isReady(except: batch), seen?.isReady(except: batch) != true {
            return "I3: \(node) begins while another node is not Ready"
        }
        return nil
    }

    /// Done already, and done once more to harm.
    private func again(
        _ operation: Operation, _ node: NodeName, _ world: SimulatedWorld
    ) -> String? {
        let machine = world.cluster.machines[node]
        switch operation {
        case .rollback:
            let old = isAbort ? promises[node]?.version : promises[node]?.previous
            let isBack = machine?.version == old && machine?.slots.active == machine?.slots.running
            return isBack ? "I9: \(node) is rolled back once more" : nil
        // An abort finds out by it what a node boots of which nobody knows what was installed.
        case .reboot where isAbort: return nil
        default:
            return good.contains(node) && machine?.version == promises[node]?.version
                ? "I9: \(node) is taken down once more, though it keeps its promise" : nil
        }
    }

    private mutating func takesDown(
        _ operation: Operation, _ node: NodeName, _ world: SimulatedWorld
    ) -> String? {
        if case .install = operation { return nil }
        if let end = world.cluster.machines[node]?.installerEndsAt, end > world.now {
            return "I4: \(node) is taken down while its installer runs"
        }
        let role = roles[node] ?? .worker
        if role == .controlPlane, !Health(of: world.cluster).allowsTakingDown(node),
            relied(world.now)?.allowsTakingDown(node) != true
        {
            return "I1: \(node) is taken down, and etcd cannot do without it"
        }
        var away: [NodeName] = []
        for other in takenDown where other != node && !isBack(other, in: world.cluster) {
            away.append(other)
        }
        takenDown.insert(node)
        if away.contains(where: { roles[$0] == .controlPlane }) {
            return "I2: \(node) is taken down while a control plane is"
        }
        guard !away.isEmpty else { return nil }
        if role == .controlPlane { return "I2: \(node) is taken down while a worker is" }
        let most = isAbort ? 1 : max(1, plan.options.maxUnavailable)
        return away.count < most ? nil : "I2: \(away.count + 1) workers are down"
    }

    /// Up again, on whatever.
    private func isBack(_ name: NodeName, in cluster: EmulatedCluster) -> Bool {
        guard let stage = cluster.machines[name, \.stage] else { return false }
        if good.contains(name) { return true }
        return stage == .running && cluster.machines[name, \.apiIsUp] == true
            && cluster.machines[name, \.isReady] == true
            && cluster.nodes[name, \.readiness] == .ready
    }

    /// What was seen so short a while ago that it may be acted upon.
    private func relied(_ now: Duration) -> Health? {
        guard let lastLook, now - lastLook.at <= .milliseconds(50) else { return nil }
        return lastLook.health
    }
}
