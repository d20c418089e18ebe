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

    @Flag(help: "Take the cluster's lock over from a run that is dead.")
    var takeOver = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let execution = PlanExecution(workspace: workspace, shared: shared)
        guard let open = try workspace.store.open() else {
            try await execution.refuseRunFromElsewhere()
            if !shared.json { world.output.talk("Nothing to resume: no run is open.") }
            return
        }
        try await Resumption(
            workspace: workspace, shared: shared, yes: yes, takesOver: takeOver
        ).run(open)
    }
}
