import Display
import Execution
import Foundation
import Git
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
    let out: String?
    let commits: Bool

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let execution = PlanExecution(workspace: workspace, shared: shared)
        let open = try workspace.store.open()
        if let open, open.isAlive { throw execution.refusal(open) }
        if let open, !planOnly { try execution.refuseUnfinished(open, restoring: backup) }
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let (connection, hasState) = try await connect(workspace)
        let snapshot = try await workspace.inspect(connection)
        var input = try await input(workspace, connection, snapshot)
        input.hasState = hasState
        input.stateBackend = try workspace.project.stateLocation().backend
        if hasState {
            input.destroyed = try await workspace.project.destruction(
                within: workspace.settings.limits.terraform)
        }
        var options = PlanOptions()
        options.commit = commits
        options.limits = workspace.settings.limits
        let plan = RebuildPlanner(
            snapshot: snapshot, input: input, options: options, id: world.newRunID(),
            now: world.now
        ).plan()
        if planOnly { try execution.show(plan, json: shared.json, next: .planOnly(file: out)) }
        try execution.judge(plan)
        if let out { try PlanFile(path: out, in: world).write(plan) }
        if planOnly { throw ExitStatus.pending }
        try execution.show(plan, json: false)
        try execution.confirmLoss(plan, name: confirm)
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
        let chosen: KnownGood.Choice? =
            if let talos {
                (talos, "as asked for")
            } else {
                good.talos(snapshot, history: try await history(workspace, snapshot))
            }
        guard let chosen else {
            throw Problem(
                .refused, "No Talos version is known to have been good here.",
                fix: "bump rebuild --talos v1.9.2")
        }
        let cluster = connection.cluster
        let away = snapshot.kubernetesVersion.reason
        let all = await observed(unless: away) { try await cluster.backups() }
        let now = workspace.world.now
        let places = (snapshot.backupLocations.value ?? []).filter {
            $0.isAvailable && !$0.isInCluster
        }
        let complete = (all.value ?? []).filter { $0.isUsable(at: now) }
        let safe = complete.filter { backup in places.contains { $0.holds(backup) } }
        let usable = safe.isEmpty ? complete : safe
        let newest = (usable.first { $0.filters.isEmpty } ?? usable.first)?.name
        guard let name = backup ?? newest ?? (all.value == nil ? good.backup() : nil) else {
            throw Problem(
                .refused, "There is no complete backup to restore from.",
                details: [all.reason].compactMap(\.self)
                    + (all.value ?? []).prefix(10).map { $0.inWords(at: now) }
                    + ["Nothing was changed."],
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
            volumes: await observed(unless: away) { try await cluster.volumes(ofBackup: name) },
            claims: await observed(unless: away) { try await cluster.claims() },
            isInHistory: good.backups().contains(name), hooks: workspace.settings.rebuildHooks,
            allowed: workspace.settings.gates.allowed)
    }

    /// What git has at the place of the declared version; empty where it cannot be read.
    private func history(
        _ workspace: Workspace, _ snapshot: Snapshot
    ) async throws -> [KnownGood.Declared] {
        guard let place = snapshot.declaration.talos.value?.place else { return [] }
        let edit = ValueEdit(place: place, old: "", new: "")
        return try await workspace.repository.versions(of: place.file).compactMap { version in
            let value = try? workspace.project.value(of: edit, in: version.contents)
            return value?.text.flatMap { Version($0) }.map {
                KnownGood.Declared(version: $0, run: version.run)
            }
        }
    }

    /// What was found not to answer is not asked again: each question may take its whole time.
    private func observed<Value: Sendable>(
        unless away: String?, _ read: () async throws -> Value
    ) async -> Observed<Value> {
        if let away { return .unknown(away) }
        do {
            return .known(try await read())
        } catch {
            return .unknown(Problem(error).summary)
        }
    }
}

extension BackupFacts {
    /// `nightly: PartiallyFailed, 2 errors`.
    fileprivate func inWords(at now: Double) -> String {
        let state = isExpired(at: now) ? "expired" : phase.isEmpty ? "New" : phase
        return "\(name): \(state)" + (errors > 0 ? ", \(errors) errors" : "")
    }
}

extension PlanExecution {
    /// Who types the command again wants to go on, and not to destroy what is half made.
    ///
    /// - Parameter backup: the one that was asked for.
    func refuseUnfinished(_ open: OpenRun, restoring backup: String?) throws {
        let folder = workspace.store.folder(of: open.id)
        guard case .rebuild(_, let restored) = try folder.loadPlan().target,
            backup == nil || backup == restored,
            Memory(try Journal.read(in: folder)).intents["machines/destroy"] != nil
        else { return }
        throw Problem(
            .refused, "A rebuild is under way: \(open.title), run \(open.id).",
            details: ["Nothing was changed now."],
            fix: "bump resume, which goes on where it stopped; or, with another backup: "
                + "bump rebuild --backup NAME")
    }

    /// `--yes` is not enough for a rebuild: the name of the cluster is typed, or given.
    func confirmLoss(_ plan: Plan, name: String?) throws {
        if let name {
            guard name == plan.clusterName else {
                throw Problem(
                    .refused, "The cluster is called \(plan.clusterName), not \(name).",
                    details: ["Nothing was changed."],
                    fix: "--confirm \(plan.clusterName), if that is the one to be destroyed")
            }
            return
        }
        guard output.canAsk else {
            throw Problem(
                .refused, "A rebuild destroys the cluster, and there is nobody to ask here.",
                details: ["Nothing was changed."],
                fix: "look at the plan, then add --confirm "
                    + plan.clusterName)
        }
        output.talk("Every machine of \(plan.clusterName) will be destroyed.")
        let typed = output.ask("Type the cluster's name to go on: ")
        guard typed?.trimmingCharacters(in: .whitespaces) == plan.clusterName else {
            throw Problem(
                .refused, "That is not its name; nothing was changed.",
                fix: "bump rebuild, and type \(plan.clusterName)")
        }
    }
}
