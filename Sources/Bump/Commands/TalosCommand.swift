import ArgumentParser
import Model
import Planning

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
        help: ArgumentHelp(
            "The Talos version to go to, latest or latest-patch; the v is optional.",
            valueName: "version"))
    var version: String

    @Option(
        help: ArgumentHelp(
            "Take Kubernetes to this version, too, by the shortest safe way.",
            valueName: "version"))
    var kubernetes: String?

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        try TargetWord.check(version, .talos)
        if let kubernetes { try TargetWord.check(kubernetes, .kubernetes) }
        let journey = Journey(talos: version, kubernetes: kubernetes)
        try await Upgrade(shared: shared, options: options).walk(journey.next)
    }
}
