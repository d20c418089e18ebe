import ArgumentParser
import Foundation
import Model

/// The options of commands that change the cluster.
struct UpgradeOptions: ParsableArguments {
    @Flag(help: "Show the plan and stop; exit 2 when there is something to do.")
    var plan = false

    @Option(help: ArgumentHelp("Save the plan for `bump apply`.", valueName: "file"))
    var out: String?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(help: ArgumentHelp("Workers that may be down at once.", valueName: "n"))
    var maxUnavailable = 1

    @Option(
        help: ArgumentHelp(
            "Watch this long after each proven node: 30s, 5m.", valueName: "duration")
    )
    var soak: String?

    @Option(
        help: ArgumentHelp(
            "What to do with a node that runs the new version unhealthily.",
            valueName: "rollback|stop"))
    var onFailure = PlanOptions.FailurePolicy.rollback

    @Flag(help: "Make no Velero backup before.")
    var noBackup = false

    @Flag(help: "Edit the file but do not commit it.")
    var noCommit = false

    @Flag(help: "Commit without running the repository's hooks.")
    var noVerify = false

    @Flag(help: "Push the commit when the run is done.")
    var push = false

    @Flag(help: "Take the cluster's lock over from a run that is dead.")
    var takeOver = false

    mutating func validate() throws {
        guard (1...1000).contains(maxUnavailable) else {
            throw ValidationError("--max-unavailable is a number from 1 to 1000.")
        }
        if let soak, DurationText.parse(soak) == nil {
            throw ValidationError("--soak \(soak): a duration looks like 90s, 10m or 1h.")
        }
        if push && noCommit {
            throw ValidationError("--push and --no-commit exclude each other.")
        }
    }

    /// The options of a plan, with the settings where the command line is silent.
    func planOptions(_ settings: Settings) -> PlanOptions {
        PlanOptions(
            maxUnavailable: maxUnavailable, soak: soak.flatMap(DurationText.parse) ?? .zero,
            backup: settings.backup && !noBackup, commit: !noCommit, push: push,
            onFailure: onFailure, apply: settings.apply ?? .after, limits: settings.limits)
    }
}

extension PlanOptions.FailurePolicy: ExpressibleByArgument {}
