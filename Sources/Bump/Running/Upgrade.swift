import Display
import Foundation
import Model
import Planning

/// A change from the command line: look, plan, show, ask, execute.
struct Upgrade {
    let shared: SharedOptions
    let options: UpgradeOptions

    func run(talos version: Version) async throws {
        try await run { snapshot, workspace in
            Planner(
                snapshot: snapshot, options: options.planOptions(workspace.settings),
                id: workspace.world.newRunID(), now: workspace.world.now
            ).talosPlan(to: version)
        }
    }

    /// The same for any plan that is made from what was seen.
    func run(plan makePlan: (Snapshot, Workspace) throws -> Plan) async throws {
        let world = shared.world
        let workspace = try Workspace.open(
            world, configuration: shared.config, verifiesHooks: !options.noVerify)
        var execution = PlanExecution(workspace: workspace, shared: shared)
        if !options.plan, let open = try workspace.store.open() { throw execution.refusal(open) }
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let connection = try await workspace.connect()
        if !options.plan { try await execution.checkLock(connection, takesOver: options.takeOver) }
        let snapshot = try await workspace.inspect(connection)
        let plan = try makePlan(snapshot, workspace)
        if options.plan {
            try execution.show(plan, json: shared.json, next: .planOnly(file: options.out))
            try execution.judge(plan)
            if let out = options.out {
                try PlanFile(path: out, in: world).write(plan)
            }
            throw plan.isEmpty ? ExitStatus.done : ExitStatus.pending
        }
        try execution.judge(plan)
        if let out = options.out {
            try PlanFile(path: out, in: world).write(plan)
        }
        try execution.show(plan, json: false)
        if plan.isEmpty {
            if shared.json { execution.finishEmpty(plan) }
            return
        }
        try execution.confirm(yes: options.yes)
        try await execution.execute(plan, connection, records: .new)
    }
}
