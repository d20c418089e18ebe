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
            return try await infrastructure.destroy(
                directory: directory, within: limit, report: report)
        case .runHook(let hook):
            return try await recovery.run(hook, limit, report)
        case .awaitBackup(let name):
            return try await awaitBackup(name, limit: limit, report: report)
        case .setLocations(let readOnly):
            try await recovery.cluster.setLocations(readOnly: readOnly)
            return nil
        case .setFlux(let suspended):
            return try await setFlux(suspended: suspended, limit: limit, report: report)
        case .restore(let name, let backup):
            return try await restore(
                name, of: backup, only: nil, limit: limit, report: report)
        case .restoreFlux(let name, let backup):
            if try await recovery.cluster.hasNamespace(Self.flux) { return "it is there already" }
            return try await restore(
                name, of: backup, only: Self.flux, limit: limit, report: report)
        case .compare(let restore, let backup):
            return try await compare(restore, backup)
        default:
            return nil
        }
    }

    /// In a new cluster the API, Velero, its location and the synced backup come one after the
    /// other; what is missing is said, and waited for.
    private func awaitBackup(
        _ name: String, limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        let deadline = ContinuousClock.now + limit
        var missing = "Kubernetes to answer"
        while ContinuousClock.now < deadline {
            do {
                let locations = try await cluster.backupLocations()
                if let location = locations.first(where: \.isAvailable) {
                    missing = "the backup \(name) to be synced from \(location.name)"
                    if let facts = try await cluster.backup(named: name), facts.isFinal {
                        return try await proven(facts)
                    }
                } else {
                    missing =
                        "Velero's storage location to be available"
                        + (locations.first?.message.map { " (\($0))" } ?? "")
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
            fix: "kubectl -n velero get backupstoragelocations,backups; then: bump resume")
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
        return "\(facts.name), \(items), \(volumes.count) volumes"
    }

    /// A running reconciliation is not interrupted by a suspension; new ones do not begin.
    private func setFlux(
        suspended: Bool, limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        let objects = try await recovery.cluster.fluxObjects()
        let chosen = objects.filter { object in
            suspended ? !object.isSuspended : object.suspendedBy == run.text
        }
        for object in chosen {
            report("\(suspended ? "suspend" : "resume") \(object.title)")
            try await recovery.cluster.setSuspended(object, by: suspended ? run : nil)
        }
        if objects.isEmpty { return "there is no Flux" }
        return "\(chosen.count) of \(objects.count) objects"
    }

    private func restore(
        _ name: String, of backup: String, only namespace: String?, limit: Duration,
        report: @Sendable (String) -> Void
    ) async throws -> String {
        let deadline = ContinuousClock.now + limit
        try await recovery.cluster.createRestore(
            named: name, of: backup, only: namespace, run: run)
        var last: RestoreFacts?
        while ContinuousClock.now < deadline {
            if let facts = try await recovery.cluster.restore(named: name) {
                last = facts
                if facts.isFinal { return try Self.verdict(facts) }
                let volumes = (try? await recovery.cluster.volumes(ofRestore: name)) ?? []
                report(Self.progress(facts, volumes))
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw Problem(
            .stopped,
            "The restore \(name) did not end in time; its phase is \(last?.phase ?? "unknown").",
            fix: "kubectl -n velero describe restore \(name), then: bump resume")
    }

    private static let flux = "flux-system"

    private static func progress(_ facts: RestoreFacts, _ volumes: [VolumeCopy]) -> String {
        var words = facts.phase.isEmpty ? "New" : facts.phase
        if let done = facts.itemsDone, let total = facts.itemsTotal {
            words += ", \(done) of \(total) items"
        }
        if !volumes.isEmpty {
            words += ", \(volumes.filter(\.isComplete).count) of \(volumes.count) volumes"
        }
        return words
    }

    private static func verdict(_ facts: RestoreFacts) throws -> String {
        guard facts.phase == "Completed" else {
            throw Problem(
                .stopped, "The restore \(facts.name) ended as \(facts.phase).",
                details: [
                    facts.message, facts.errors > 0 ? "\(facts.errors) errors" : nil,
                    facts.warnings > 0 ? "\(facts.warnings) warnings" : nil,
                    "What could be restored is there; the location stays read-only and Flux "
                        + "suspended until the run is resumed.",
                ].compactMap(\.self),
                fix: "kubectl -n velero describe restore \(facts.name), then: bump resume")
        }
        let warnings = facts.warnings > 0 ? ", \(facts.warnings) warnings" : ""
        return (facts.itemsDone.map { "\($0) items" } ?? "completed") + warnings
    }

    /// Every volume whose files the backup holds must have been filled again.
    private func compare(_ restore: String, _ backup: String) async throws -> String {
        let leftOut = recovery.cluster.namespacesLeftOut
        let held = try await recovery.cluster.volumes(ofBackup: backup)
            .filter { !leftOut.contains($0.namespace) }
        let back = try await recovery.cluster.volumes(ofRestore: restore)
        let missing = held.filter { volume in
            !back.contains {
                $0.namespace == volume.namespace && $0.pod == volume.pod
                    && $0.volume == volume.volume && $0.isComplete
            }
        }
        guard missing.isEmpty else {
            throw Problem(
                .stopped, "\(missing.count) of \(held.count) volumes did not come back.",
                details: missing.prefix(20).map(\.title),
                fix: "kubectl -n velero get podvolumerestores, then: bump resume")
        }
        let bytes = back.compactMap(\.bytesDone).reduce(0, +)
        let items = try await recovery.cluster.restore(named: restore)?.itemsDone
        return "\(items.map { "\($0) objects, " } ?? "")\(held.count) volumes"
            + (held.isEmpty ? "" : ", \(bytes) bytes")
    }
}

/// What a rebuild needs of the world besides the ports of every run.
package struct Recovery: Sendable {
    let cluster: any RecoveryReading & RecoveryChanging
    /// Whether the user accepts that a claim (`namespace/name`) is in no backup.
    let leavesOut: @Sendable (String) -> Bool
    let rescue: @Sendable (String, RunFolder) async throws -> String
    let run:
        @Sendable (RebuildHook, Duration, @escaping @Sendable (String) -> Void) async throws ->
            String

    /// - Parameters:
    ///   - leavesOut: whether the user accepts that a claim (`namespace/name`) is in no backup.
    ///   - rescue: saves what the rebuild needs into the run's folder; hears the backup's name and
    ///     gives a word of what was saved.
    ///   - run: runs a hook of the user's within a time, and gives its last word.
    package init(
        cluster: any RecoveryReading & RecoveryChanging,
        leavesOut: @escaping @Sendable (String) -> Bool = { _ in false },
        rescue: @escaping @Sendable (String, RunFolder) async throws -> String,
        run:
            @escaping @Sendable (
                RebuildHook, Duration, @escaping @Sendable (String) -> Void
            ) async throws -> String
    ) {
        self.cluster = cluster
        self.leavesOut = leavesOut
        self.rescue = rescue
        self.run = run
    }
}
