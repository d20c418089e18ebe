import ArgumentParser
import Display
import Foundation
import Model
import Planning

struct RebuildCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "The last resort: destroy, rebuild at a known-good version, restore.",
        discussion: """
            bump rebuild --plan                 what would die, and what would come back
            bump rebuild                        asks for the cluster's name before it begins
            bump rebuild --confirm my-cluster   for machines; --yes is not enough

            The backup is proven first, and credentials, state and an etcd snapshot are saved. \
            Killed half-way, `bump resume` goes on.
            """)

    @Option(
        help: ArgumentHelp(
            "The Talos to rebuild at; what ran well last when left out.", valueName: "version"))
    var talos: String?

    @Option(
        help: ArgumentHelp(
            "The Velero backup to restore; the newest complete one when left out.",
            valueName: "name"))
    var backup: String?

    @Flag(name: .shortAndLong, help: "Is not enough here: see --confirm.")
    var yes = false

    @Option(help: ArgumentHelp("The cluster's name, instead of being asked.", valueName: "name"))
    var confirm: String?

    @Flag(help: "Show the plan and stop; exit 2 when there is something to do.")
    var plan = false

    @Option(help: ArgumentHelp("Save the plan for `bump apply`.", valueName: "file"))
    var out: String?

    @Flag(help: "Edit the file but do not commit it.")
    var noCommit = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        var version: Version?
        if let talos {
            guard let read = Version(talos) else {
                throw Problem(
                    .usage, "\(talos) is not a Talos version.",
                    fix: "bump rebuild --talos v1.9.2 --plan")
            }
            version = read
        }
        try await Rebuild(
            shared: shared, talos: version, backup: backup, confirm: confirm, planOnly: plan,
            out: out, commits: !noCommit
        ).run()
    }
}
