import Execution
import Model
import Simulation

extension Invariants {
    /// What must hold once a run is over.
    func judgeEnd(
        _ result: RunResult, _ problem: Problem?, _ world: SimulatedWorld, _ memory: Memory
    ) -> String? {
        if result != .done, problem?.summary.isEmpty ?? true {
            return "I11: it ended as \(result.rawValue) and does not say why"
        }
        if world.isLocked, !memory.isBetweenClusters {
            return "I6: it is over, and the locks are held"
        }
        if let node = unmentioned(problem, world) {
            return "I11: it stopped, and does not say that \(node) boots another version next"
        }
        if let node = keptAway(problem, world, memory) {
            return "I6: \(node) works as before, and is left cordoned"
        }
        if let node = keptUnhealthy(problem, memory) {
            return "I11: \(node) is not healthy, was not rolled back, and nothing says why"
        }
        switch result {
        case .done: return done(world)
        case .refused: return refused(world)
        case .stopped, .aborted: return nil
        }
    }

    /// A node that is back on what it ran, and that nobody asked to be uncordoned.
    private func keptAway(
        _ problem: Problem?, _ world: SimulatedWorld, _ memory: Memory
    ) -> NodeName? {
        guard problem?.kind == .stopped, !isAbort, world.cluster.apiIsAvailable,
            world.now >= world.kubernetesAwayUntil
        else { return nil }
        return memory.verdicts.keys.sorted().first { name in
            guard let verdict = memory.verdicts[name],
                verdict == .fellBack || verdict == .rolledBack,
                !asked.contains(name)
            else { return false }
            return world.cluster.nodes[name]?.annotations["bump.dev/cordoned-by"] != nil
        }
    }

    /// A node that is left on a version it is not healthy on, though it was to be rolled back.
    private func keptUnhealthy(_ problem: Problem?, _ memory: Memory) -> NodeName? {
        guard let problem, plan.options.onFailure == .rollback, !isAbort else { return nil }
        return memory.verdicts.keys.sorted().first { name in
            memory.verdicts[name] == .unhealthy && problem.summary.hasPrefix(name.text + " ")
                && problem.details.allSatisfy { $0.hasPrefix("still missing: ") }
        }
    }

    /// A node that waits to boot what was installed, and of which the end does not speak.
    private func unmentioned(_ problem: Problem?, _ world: SimulatedWorld) -> NodeName? {
        guard let problem, !isAbort else { return nil }
        return promises.keys.sorted().first { name in
            guard let machine = world.cluster.machines[name], machine.isPrimed,
                machine.stage == .running
            else { return false }
            return !problem.details.contains { $0.hasPrefix(name.text + " ") }
        }
    }

    private func done(_ world: SimulatedWorld) -> String? {
        let verb = isAbort ? "aborted" : "done"
        if let broken = cordons(world) ?? unrestored(world) { return broken }
        for name in promises.keys.sorted() where !good.contains(name) {
            return "I3: \(verb), but \(name) never was what was promised"
        }
        let commits = world.repository.commits.count
        guard let edit = plan.edit else { return nil }
        if world.repository.declared != edit.new {
            return "I7: \(verb), but the file says \(world.repository.declared)"
        }
        if plan.options.commit, world.repository.committed != edit.new {
            return "I7: \(verb), but HEAD says \(world.repository.committed)"
        }
        let most = isAbort ? 2 : 1
        return commits > most ? "I9: \(commits) commits" : nil
    }

    /// A rebuild brings everything back, and leaves nothing as it was for the restore.
    private func unrestored(_ world: SimulatedWorld) -> String? {
        guard case .rebuild(_, let backup) = plan.target else { return nil }
        if world.rebuilding.restored != backup { return "I9: done, and nothing was restored" }
        if world.rebuilding.fluxIsSuspended { return "I6: done, and Flux is suspended" }
        return world.cluster.locations.values.contains(where: \.isReadOnly)
            ? "I6: done, and a storage location is read-only" : nil
    }

    private func cordons(_ world: SimulatedWorld) -> String? {
        let cordoned = Set(world.cluster.nodes.values.filter(\.isCordoned).map(\.name))
        if let left = cordoned.subtracting(foreign).min() { return "I6: \(left) is left cordoned" }
        if let freed = foreign.subtracting(cordoned).min() {
            return "I6: \(freed) was cordoned by somebody else and is not any more"
        }
        return nil
    }

    private func refused(_ world: SimulatedWorld) -> String? {
        // The cordons of the run that was to be backed out of are left as they were.
        if isAbort { return nil }
        guard let edit = plan.edit else { return cordons(world) }
        if world.repository.declared != edit.old || !world.repository.commits.isEmpty {
            return "I7: refused, but the file says \(world.repository.declared)"
        }
        if let node = takenDown.min() { return "I7: refused, but \(node) was taken down" }
        return cordons(world)
    }

    /// What must hold once the cluster was backed out of `run`.
    func judgeAbort(of run: Plan, _ world: SimulatedWorld) -> String? {
        for change in run.nodes {
            guard let machine = world.cluster.machines[change.node.name] else { continue }
            if machine.version != change.from {
                return "I9: aborted, but \(change.node.name) runs \(machine.version)"
            }
            if machine.slots.active != machine.slots.running || machine.installerEndsAt != nil {
                return "I9: aborted, but \(change.node.name) boots something else next"
            }
        }
        guard let edit = run.edit else { return nil }
        return world.repository.declared == edit.old && world.repository.committed == edit.old
            ? nil : "I7: aborted, but HEAD says \(world.repository.committed)"
    }

    /// The longest that one go at the plan may take.
    var bound: Duration {
        plan.stages.lazy.flatMap(\.lanes).joined().reduce(.seconds(600)) { sum, step in
            let gates = Duration.seconds(150)
            guard case .prove = step.action else { return sum + step.limit + gates }
            // A rollback asks etcd, rolls back and proves once more.
            return sum + step.limit * 2 + gates + .seconds(300)
        }
    }
}
