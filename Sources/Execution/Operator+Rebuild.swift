package import Model

/// The operations of a rebuild.
extension Operator {
    func rebuild(
        _ operation: Operation, limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String? {
        switch operation {
        case .rescue(let backup):
            return try await recovery.rescue(backup, folder)
        case .destroyInfrastructure(let directory):
            return try await resumably {
                try await infrastructure.destroy(
                    directory: directory, within: limit, report: report)
            }
        case .buildInfrastructure(let directory):
            return try await resumably {
                try await infrastructure.build(
                    directory: directory, within: limit, report: report)
            }
        case .runHook(let hook):
            return try await recovery.run(hook, folder, limit, report)
        case .proveBackup(let name):
            return try await proveBackup(name, limit: limit, report: report)
        case .awaitVelero:
            return try await awaitVelero(limit: limit, report: report)
        case .awaitBackup(let name):
            return try await awaitBackup(name, limit: limit, report: report)
        case .setLocations(let readOnly):
            return try await setLocations(readOnly: readOnly)
        case .setFlux(let suspended):
            return try await setFlux(suspended: suspended, limit: limit, report: report)
        case .restore(let name, let backup):
            return try await restore(
                name, of: backup, only: nil, limit: limit, report: report)
        case .restoreFlux(let name, let backup):
            return try await restoreFlux(name, of: backup, limit: limit, report: report)
        case .compare(let restore, let backup):
            return try await compare(restore, backup, limit: limit, report: report)
        default:
            return nil
        }
    }

    /// What stops here is not to be finished by hand.
    private func resumably(_ work: () async throws -> String) async throws -> String {
        do {
            return try await work()
        } catch var problem as Problem {
            let look = problem.fix.map { "\($0), to look; " } ?? ""
            problem.fix = look + "mend it, then: bump resume"
            throw problem
        }
    }

    private func proveBackup(
        _ name: String, limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        try await wait(limit, report) {
            guard let facts = try await cluster.backup(named: name) else {
                throw Problem(
                    .stopped, "There is no backup \(name) any more.",
                    fix: "bump rebuild --plan, which names what there is")
            }
            let locations = try await cluster.backupLocations()
            guard locations.contains(where: { $0.holds(facts) && $0.isAvailable }) else {
                return .missing(Self.availability(locations.first { $0.holds(facts) }))
            }
            return .there(try await proven(facts))
        }
    }

    private func awaitVelero(
        limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        try await wait(limit, report) {
            let locations = try await cluster.backupLocations()
            guard let location = locations.first(where: \.isAvailable) else {
                return .missing(Self.availability(locations.first))
            }
            return .there("location \(location.name)")
        }
    }

    /// A backup appears before its volumes do: `lastSyncedTime` is written after a whole round.
    /// Source: velero v1.18.1, pkg/controller/backup_sync_controller.go.
    private func awaitBackup(
        _ name: String, limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        var syncBefore: String??
        return try await wait(limit, report) {
            let locations = try await cluster.backupLocations()
            guard let facts = try await cluster.backup(named: name), facts.isFinal,
                let location = locations.first(where: { $0.holds(facts) })
            else { return .missing("the backup \(name) to be found by Velero") }
            guard location.isAvailable else { return .missing(Self.availability(location)) }
            guard let before = syncBefore, before != location.lastSynced else {
                syncBefore = syncBefore ?? location.lastSynced
                return .missing("the volumes of \(name) to be synced from \(location.name)")
            }
            return .there(try await proven(facts))
        }
    }

    private enum Found {
        case there(String)
        /// What is waited for: `Velero to be installed`.
        case missing(String)
    }

    /// In a new cluster the API, Velero, its location and the synced backup come one after the
    /// other; what is missing is said, and waited for.
    private func wait(
        _ limit: Duration, _ report: @Sendable (String) -> Void,
        _ look: () async throws -> Found
    ) async throws -> String {
        let deadline = ContinuousClock.now + limit
        var missing = "Kubernetes to answer"
        while ContinuousClock.now < deadline {
            do {
                switch try await look() {
                case .there(let word): return word
                case .missing(let what): missing = what
                }
            } catch let problem as Problem where problem.kind == .unreachable {
                missing = "Kubernetes to answer (\(problem.summary))"
            } catch let problem as Problem where problem.summary.hasPrefix("Velero is not") {
                missing = "Velero to be installed"
            }
            report("waiting for \(missing)")
            try await Task.sleep(for: .milliseconds(500))
        }
        throw Problem(
            .stopped, "The wait for \(missing) has not ended.",
            fix: missing == "Velero to be installed"
                ? "install it, over the bucket that holds the backup; then: bump resume"
                : "kubectl -n velero get backupstoragelocations,backups; then: bump resume")
    }

    private static func availability(_ location: BackupLocationFacts?) -> String {
        guard let location else { return "Velero to have a storage location" }
        return "Velero's storage location \(location.name) to be available"
            + (location.message.map { " (\($0))" } ?? "")
    }

    private func proven(_ facts: BackupFacts) async throws -> String {
        guard facts.phase == "Completed" else {
            throw Problem(
                .stopped, "The backup \(facts.name) is \(facts.phase), not Completed.",
                fix: "kubectl -n velero describe backup \(facts.name)")
        }
        let volumes = try await recovery.cluster.volumes(ofBackup: facts.name)
        if let bad = volumes.first(where: { !$0.isComplete }) {
            throw Problem(
                .stopped, "The backup's copy of the volume \(bad.title) is \(bad.phase).",
                fix: "kubectl -n velero get podvolumebackups")
        }
        let items = facts.itemsDone.map { "\($0) items" } ?? "complete"
        return "\(facts.name), \(items), \(volumes.count) volume\(volumes.count == 1 ? "" : "s")"
    }

    /// What was read-only before stays so.
    private func setLocations(readOnly: Bool) async throws -> String? {
        let closed = try await recovery.cluster.setLocations(readOnly: readOnly, run: run)
        if readOnly { return closed.joined(separator: ", ") }
        if closed.isEmpty { return nil }
        return "\(closed.joined(separator: ", ")) was read-only before, and stays so"
    }

    /// A running reconciliation is not interrupted by a suspension, so its end is waited for; one
    /// whose controller is away never ends, and does no harm either.
    private func setFlux(
        suspended: Bool, limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        let objects = try await recovery.cluster.fluxObjects()
        if objects.isEmpty { return "there is no Flux" }
        let chosen = objects.filter { object in
            suspended ? !object.isSuspended : object.suspendedBy == run.text
        }
        for object in chosen {
            report("\(suspended ? "suspend" : "resume") \(object.title)")
            try await recovery.cluster.setSuspended(object, by: suspended ? run : nil)
        }
        let deadline = ContinuousClock.now + min(limit, .seconds(60))
        while suspended, ContinuousClock.now < deadline {
            let running = try await recovery.cluster.fluxObjects().filter(\.isReconciling)
            guard let first = running.first else { break }
            report("waiting for \(first.title) to end its reconciliation")
            try await Task.sleep(for: .milliseconds(500))
        }
        return "\(chosen.count) of \(objects.count) objects"
    }

    /// A namespace that an earlier attempt made is no reason to leave the rest out.
    private func restoreFlux(
        _ name: String, of backup: String, limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        let isBegun = try await recovery.cluster.restore(named: name) != nil
        if !isBegun, try await recovery.cluster.hasNamespace(Self.flux) {
            return "it is there already"
        }
        return try await restore(name, of: backup, only: Self.flux, limit: limit, report: report)
    }

    private static let flux = "flux-system"
}

/// What a rebuild needs of the world besides the ports of every run.
package struct Recovery: Sendable {
    let cluster: any RecoveryReading & RecoveryChanging
    /// Whether the user accepts that a claim (`namespace/name`) is in no backup.
    let leavesOut: @Sendable (String) -> Bool
    let rescue: @Sendable (String, RunFolder) async throws -> String
    let run: RunningHook

    package typealias RunningHook =
        @Sendable (
            RebuildHook, RunFolder, Duration, @escaping @Sendable (String) -> Void
        ) async throws -> String

    /// - Parameters:
    ///   - leavesOut: whether the user accepts that a claim (`namespace/name`) is in no backup.
    ///   - rescue: saves what the rebuild needs into the run's folder; hears the backup's name and
    ///     gives a word of what was saved.
    ///   - run: runs a hook of the user's within a time, keeps what it prints in the run's folder,
    ///     and gives a word of how it ended.
    package init(
        cluster: any RecoveryReading & RecoveryChanging,
        leavesOut: @escaping @Sendable (String) -> Bool = { _ in false },
        rescue: @escaping @Sendable (String, RunFolder) async throws -> String,
        run: @escaping RunningHook
    ) {
        self.cluster = cluster
        self.leavesOut = leavesOut
        self.rescue = rescue
        self.run = run
    }
}
