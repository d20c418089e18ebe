import ArgumentParser
import Model

struct TalosCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "talos",
        abstract: "Upgrade Talos Linux on every node.",
        discussion: """
            bump talos v1.9.4          back up, then workers, then control planes
            bump talos 1.9.4 --plan    show what that would do

            Each node is drained, upgraded and proven before the next one begins.
            """)

    @Argument(
        help: ArgumentHelp("The Talos version to go to; the v is optional.", valueName: "version"))
    var version: String

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        guard let target = Version(version) else {
            throw Problem(
                .usage, "\(version) is not a Talos version.",
                details: ["A version has three numbers, such as v1.9.4 or 1.9.4."],
                fix: "bump talos v1.9.4 --plan")
        }
        try await Upgrade(shared: shared, options: options).run(talos: target)
    }
}
