import ArgumentParser
import Execution
import Model

struct ResumeCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish the run that stopped.",
        discussion: "Looks at the world first and does only what is missing.")

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let execution = PlanExecution(workspace: workspace, shared: shared)
        guard let open = try workspace.store.open() else {
            if !shared.json { world.output.talk("Nothing to resume: no run is open.") }
            return
        }
        if open.isAlive { throw execution.refusal(open) }
        let folder = workspace.store.folder(of: open.id)
        let plan = try folder.loadPlan()
        try execution.judge(plan)
        let memory = Memory(try Journal.read(in: folder))
        let left = plan.steps.filter { !memory.isSettled($0.id) }
        if !shared.json {
            world.output.talk(
                "Run \(open.id), \(open.title): \(left.count) of "
                    + "\(plan.steps.count) steps are left.")
            world.output.talk(left.prefix(12).map { "  " + $0.title })
            if left.count > 12 { world.output.talk("  … and \(left.count - 12) more") }
        }
        try execution.confirm(yes: yes)
        let connection = try await workspace.connect()
        try await execution.execute(plan, connection, records: .resumed)
    }
}
