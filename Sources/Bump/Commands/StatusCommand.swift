import ArgumentParser
import Display
import Model

struct StatusCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What is declared, applied and running, side by side.",
        discussion: "Changes nothing. Exits 0 when it could look, also when something differs.")

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let connection = try await workspace.connect()
        let snapshot = try await workspace.inspect(connection)
        if shared.json {
            world.output.data([StatusJSON.document(snapshot)])
        } else {
            let text = StatusText(snapshot, world.output.dataStyle, isVerbose: shared.verbose)
            world.output.data(text.lines())
        }
    }
}
