import ArgumentParser
import Execution
import Model
import Planning

struct AbortCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Back out of the run that stopped: nodes to their previous slot, file undone.")

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Flag(help: "Take the cluster's lock over from a run that is dead.")
    var takeOver = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        var execution = PlanExecution(workspace: workspace, shared: shared)
        guard let open = try workspace.store.open() else {
            try await execution.refuseRunFromElsewhere()
            if !shared.json { world.output.talk("Nothing to abort: no run is open.") }
            return
        }
        if open.isAlive { throw execution.refusal(open) }
        let folder = workspace.store.folder(of: open.id)
        let run = try folder.loadPlan()
        if case .abort = run.target {
            // Backing out of backing out would lead into the middle: the abort is finished instead.
            return try await Resumption(
                workspace: workspace, shared: shared, yes: yes, takesOver: takeOver
            ).run(open)
        }
        let memory = Memory(try Journal.read(in: folder))
        if case .rebuild = run.target, memory.intents["machines/destroy"] != nil {
            throw Problem(
                .refused, "A rebuild cannot be backed out of: what is destroyed is gone.",
                fix: "bump resume, which goes on where it stopped")
        }
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let connection = try await workspace.connect()
        try await execution.awaitCluster(connection, of: run)
        try await execution.checkLock(connection, own: open.id, takesOver: takeOver)
        let snapshot = try await workspace.inspect(connection)
        let plan = plan(run, memory, snapshot, world)
        try execution.judge(plan)
        try execution.show(plan, json: false)
        try execution.confirm(yes: yes)
        try await execution.execute(plan, connection, records: .new, ending: open.id)
    }
}

extension AbortCommand {
    private func plan(_ run: Plan, _ memory: Memory, _ snapshot: Snapshot, _ world: World) -> Plan {
        switch run.target {
        case .kubernetes, .kubernetesRollback:
            KubernetesAbortPlanner(
                snapshot: snapshot, run: run, begun: Set(memory.intents.keys),
                id: world.newRunID(), now: world.now
            ).plan()
        default:
            AbortPlanner(
                snapshot: snapshot, run: run, touched: memory.taken(by: run),
                id: world.newRunID(), now: world.now
            ).plan()
        }
    }
}

extension Memory {
    /// Nodes on which the run has begun to install, or to boot the previous slot: what an abort has
    /// to look at.
    func taken(by run: Plan) -> [NodeName: InstallTrace] {
        guard case .rollback = run.target else { return installed }
        var found: [NodeName: InstallTrace] = [:]
        for step in run.steps {
            guard case .perform(.rollback(let node)) = step.action, let boot = intents[step.id]
            else { continue }
            found[node.name] = InstallTrace(bootID: boot, isComplete: true)
        }
        return found
    }
}
