import Display
import Foundation
import Model
import Planning

/// An upgrade from the command line: look, plan, show, ask, execute.
struct Upgrade {
    let shared: SharedOptions
    let options: UpgradeOptions

    func run(talos version: Version) async throws {
        let world = shared.world
        let workspace = try Workspace.open(
            world, configuration: shared.config, verifiesHooks: !options.noVerify)
        let execution = PlanExecution(workspace: workspace, shared: shared)
        if !options.plan, let open = try workspace.store.open() { throw execution.refusal(open) }
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let connection = try await workspace.connect()
        if !options.plan { try await execution.refuseWhileLocked(connection) }
        let snapshot = try await workspace.inspect(connection)
        let plan = Planner(
            snapshot: snapshot, options: options.planOptions(workspace.settings),
            id: world.newRunID(), now: world.now
        ).talosPlan(to: version)
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
