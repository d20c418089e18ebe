import ArgumentParser
import Display
import Model
import Planning

struct CheckCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "What would stop an upgrade: everything, with its fix.",
        discussion: """
            bump check             short when all is well; exit 3 when something is in the way
            bump check --verbose   with notes, and with what was looked at

            Every upgrade makes the same check before it touches anything. Changes nothing:
            evictions are only tried. Own gates and exceptions stand in .bump.yaml, as `gates`
            and `check.allow`.
            """)

    @Flag(help: "An upgrade without a Velero backup is what is thought of.")
    var noBackup = false

    @Flag(help: "Do not ask Terraform what it would change.")
    var noTerraform = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let connection = try await workspace.connect()
        let snapshot = try await workspace.inspectWithHealth(
            connection, plansInfrastructure: !noTerraform && workspace.settings.apply != .never)
        var options = PlanOptions()
        options.backup = workspace.settings.backup && !noBackup
        let report = Preflight(snapshot: snapshot, options: options).report()
        if shared.json {
            world.output.data([CheckJSON.document(report)])
        } else {
            let text = CheckText(report, world.output.dataStyle, isVerbose: shared.verbose)
            world.output.data(text.lines())
        }
        if report.refuses { throw ExitStatus.refused }
    }
}
