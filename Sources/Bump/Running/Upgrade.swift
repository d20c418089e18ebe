import Display
import Foundation
import Inspection
import Model
import Planning

/// A change from the command line: look, plan, show, ask, execute.
struct Upgrade {
    let shared: SharedOptions
    let options: UpgradeOptions

    /// What a plan is made from.
    struct Context {
        let workspace: Workspace
        let connection: Workspace.Connection
        var snapshot: Snapshot
        let options: PlanOptions
        let id: RunID
        /// What Kubernetes' components run; nil where nothing of it is to change.
        var survey: KubernetesSurvey?

        var now: Double { workspace.world.now }
    }

    /// Makes a plan of what was seen and carries it out.
    func run(plan makePlan: (Context) async throws -> Plan) async throws {
        _ = try await step(makePlan)
    }

    /// Walks a route: each hop is looked at, planned, shown, asked for and carried out by itself,
    /// so that HEAD says after each what the cluster is.
    func walk(_ route: (Context) async throws -> (Plan, hops: Int)) async throws {
        for _ in 0..<Self.mostHops {
            var left = 0
            let isDone = try await step { context in
                let (plan, hops) = try await route(context)
                left = hops
                return plan
            }
            if !isDone || left <= 1 { return }
        }
    }

    /// One plan, whole. False when there was nothing to do.
    private func step(_ makePlan: (Context) async throws -> Plan) async throws -> Bool {
        let world = shared.world
        let workspace = try Workspace.open(
            world, configuration: shared.config, verifiesHooks: !options.noVerify)
        var execution = PlanExecution(workspace: workspace, shared: shared)
        if !options.plan, let open = try workspace.store.open() { throw execution.refusal(open) }
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let connection = try await workspace.connect()
        if !options.plan { try await execution.checkLock(connection, takesOver: options.takeOver) }
        var context = Context(
            workspace: workspace, connection: connection,
            snapshot: try await workspace.inspectWithHealth(connection),
            options: options.planOptions(workspace.settings), id: world.newRunID())
        let release = execution.deadHolder.flatMap { LeaseHolder($0) }.map {
            CordonRelease(of: $0.run, in: context.snapshot)
        }
        if let release { context.snapshot = release.foreseen(context.snapshot) }
        let made = try await makePlan(context)
        let plan = release?.ahead(of: made) ?? made
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
            return false
        }
        try execution.confirm(yes: options.yes)
        try await execution.execute(plan, connection, records: .new)
        return true
    }

    /// More than any route has.
    private static let mostHops = 40
}
