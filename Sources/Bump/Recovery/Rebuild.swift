import Display
import Execution
import Foundation
import Kubernetes
import Model
import Planning
import Terraform

/// A rebuild from the command line: find what is good, plan, show, have the name typed, execute.
struct Rebuild {
    let shared: SharedOptions
    let talos: Version?
    let backup: String?
    let confirm: String?
    let planOnly: Bool
    let commits: Bool

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let execution = PlanExecution(workspace: workspace, shared: shared)
        let open = try workspace.store.open()
        if let open, open.isAlive { throw execution.refusal(open) }
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let (connection, hasState) = try await connect(workspace)
        let snapshot = try await workspace.inspect(connection)
        var input = try await input(workspace, connection, snapshot)
        input.hasState = hasState
        var options = PlanOptions()
        options.commit = commits
        options.limits = workspace.settings.limits
        let plan = RebuildPlanner(
            snapshot: snapshot, input: input, options: options, id: world.newRunID(),
            now: world.now
        ).plan()
        if planOnly {
            try execution.show(plan, json: shared.json, next: .planOnly(file: nil))
            try execution.judge(plan)
            throw ExitStatus.pending
        }
        try execution.judge(plan)
        try execution.show(plan, json: false)
        try confirm(plan, world)
        try await execution.execute(plan, connection, records: .new, ending: open?.id)
    }

    /// Where Terraform has destroyed everything already, what an earlier run has saved tells what
    /// the cluster was.
    private func connect(
        _ workspace: Workspace
    ) async throws -> (connection: Workspace.Connection, hasState: Bool) {
        do {
            return (try await workspace.connect(), true)
        } catch {
            guard let run = workspace.store.newestRescue(),
                try await workspace.project.isStateEmpty()
            else { throw error }
            if !shared.json {
                workspace.world.output.talk(
                    "Terraform has no outputs: what run \(run.id) has saved is used.")
            }
            return (try await workspace.connect(rescued: run), false)
        }
    }

    private func input(
        _ workspace: Workspace, _ connection: Workspace.Connection, _ snapshot: Snapshot
    ) async throws -> RebuildInput {
        let good = KnownGood(store: workspace.store)
        let declared = snapshot.declaration.talos.value?.version
        let chosen: (version: Version, reason: String)? =
            talos.map { ($0, "as asked for") } ?? good.talos()
            ?? declared.map { ($0, "what the files declare") }
        guard let chosen else {
            throw Problem(
                .refused, "No Talos version is known to have been good here.",
                fix: "bump rebuild --talos v1.9.2")
        }
        let cluster = connection.cluster
        let all = await observed { try await cluster.backups() }
        let newest = all.value?.first { $0.phase == "Completed" }?.name
        guard let name = backup ?? newest ?? good.backup() else {
            throw Problem(
                .refused, "There is no complete backup to restore from.",
                details: [all.reason].compactMap(\.self),
                fix: "bump backup, or name one: bump rebuild --backup NAME")
        }
        let facts: Observed<BackupFacts> =
            switch all {
            case .unknown(let reason): .unknown(reason)
            case .known(let backups):
                backups.first { $0.name == name }.map { .known($0) }
                    ?? .unknown("Velero has no backup of that name")
            }
        return RebuildInput(
            talos: chosen.version, reason: chosen.reason, backup: name, facts: facts,
            volumes: await observed { try await cluster.volumes(ofBackup: name) },
            claims: await observed { try await cluster.claims() },
            isInHistory: good.backups().contains(name), hooks: workspace.settings.rebuildHooks)
    }

    private func observed<Value: Sendable>(
        _ read: () async throws -> Value
    ) async -> Observed<Value> {
        do {
            return .known(try await read())
        } catch {
            return .unknown(Problem(error).summary)
        }
    }

    /// `--yes` is not enough for this: the name of the cluster is typed, or given.
    private func confirm(_ plan: Plan, _ world: World) throws {
        if let confirm {
            guard confirm == plan.clusterName else {
                throw Problem(
                    .refused, "The cluster is called \(plan.clusterName), not \(confirm).",
                    fix: "bump status")
            }
            return
        }
        guard world.output.canAsk else {
            throw Problem(
                .usage, "A rebuild destroys the cluster, and there is nobody to ask here.",
                fix: "bump rebuild --confirm \(plan.clusterName)")
        }
        world.output.talk("Every machine of \(plan.clusterName) will be destroyed.")
        guard world.output.ask("Type the cluster's name to go on: ") == plan.clusterName else {
            throw Problem(.refused, "That is not its name; nothing was changed.")
        }
    }
}
