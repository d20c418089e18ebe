import ArgumentParser
import Foundation
import Model
import Planning

struct ApplyCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Execute a plan that was saved with --out, if the world has not moved since.")

    @Argument(help: ArgumentHelp("The saved plan.", valueName: "planfile"))
    var file: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(
        help: ArgumentHelp(
            "The cluster's name, for a plan that destroys it.", valueName: "name"))
    var confirm: String?

    @Flag(help: "Commit without running the repository's hooks.")
    var noVerify = false

    @Flag(help: "Take the cluster's lock over from a run that is dead.")
    var takeOver = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        var plan = try PlanFile(path: file, in: world).read()
        let workspace = try Workspace.open(
            world, configuration: shared.config, verifiesHooks: !noVerify)
        var execution = PlanExecution(workspace: workspace, shared: shared)
        let open = try workspace.store.open()
        // A rebuild puts an end to a run that stopped.
        var restored: String?
        if case .rebuild(_, let backup) = plan.target { restored = backup }
        if let open {
            guard let restored, !open.isAlive else { throw execution.refusal(open) }
            try execution.refuseUnfinished(open, restoring: restored)
        }
        world.output.talk("Looking at the cluster …")
        let connection = try await workspace.connect()
        try await execution.checkLock(connection, own: open?.id, takesOver: takeOver)
        let snapshot = try await workspace.inspectWithHealth(connection)
        if plan.isEmpty {
            world.output.talk("Nothing to do: the plan is empty.")
            return
        }
        let now = snapshot.signature
        guard now == plan.basis else {
            let moved = now.filter { !plan.basis.contains($0) }
            throw Problem(
                .refused, "The world has moved since this plan was made.", at: file,
                details: moved.map { "now: \($0)" }
                    + plan.basis.filter { !now.contains($0) }.map { "plan: \($0)" },
                fix: "make the plan anew: bump \(plan.target.title) --plan --out \(file)")
        }
        if restored == nil {
            // The cluster may have fallen ill since the plan was made.
            plan.findings += Preflight(snapshot: snapshot, options: plan.options)
                .objections(to: plan)
        }
        try execution.show(plan, json: shared.json)
        try execution.judge(plan)
        if restored == nil {
            try execution.confirm(yes: yes)
        } else {
            try execution.confirmLoss(plan, name: confirm)
        }
        try await execution.execute(plan, connection, records: .new, ending: open?.id)
    }
}
