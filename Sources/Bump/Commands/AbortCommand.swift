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

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let execution = PlanExecution(workspace: workspace, shared: shared)
        guard let open = try workspace.store.open() else {
            if !shared.json { world.output.talk("Nothing to abort: no run is open.") }
            return
        }
        if open.isAlive { throw execution.refusal(open) }
        let folder = workspace.store.folder(of: open.id)
        let run = try folder.loadPlan()
        let memory = Memory(try Journal.read(in: folder))
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let connection = try await workspace.connect()
        let snapshot = try await workspace.inspect(connection)
        let plan = AbortPlanner(
            snapshot: snapshot, run: run, touched: memory.installed, id: world.newRunID(),
            now: world.now
        ).plan()
        try execution.judge(plan)
        try execution.show(plan, json: false)
        try execution.confirm(yes: yes)
        try await execution.execute(plan, connection, records: .new, ending: open.id)
    }
}
