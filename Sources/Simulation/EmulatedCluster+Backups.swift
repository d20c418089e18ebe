extension EmulatedCluster {
    /// A Backup object; Velero takes it up once its server pod runs. One of that name stays.
    package mutating func createBackup(_ request: BackupRequest, by: String) {
        guard backups[request.name] == nil else { return }
        let fallback = locations.values.filter(\.isDefault).map(\.name).min()
        backups[request.name] = EmulatedBackup(
            request: request, location: request.location ?? fallback ?? "default", phase: .new,
            createdAt: now, startedAt: nil, completedAt: nil, itemsTotal: 0, itemsDone: 0,
            errors: 0, warnings: 0, failureReason: nil, validationErrors: [], by: by)
        changed(.backup(request.name))
        startWaitingBackups()
        settle()
    }

    package mutating func deleteBackup(_ name: String, by: String) {
        guard backups.removeValue(forKey: name) != nil else { return }
        changed(.backup(name))
    }

    /// A backup found in a bucket, as Velero's sync brings it into a cluster. Its times may lie
    /// before this cluster's birth.
    package mutating func adoptBackup(_ backup: EmulatedBackup) {
        guard backups[backup.name] == nil else { return }
        backups[backup.name] = backup
        locations[backup.location]?.lastSyncedAt = now
        changed(.backup(backup.name))
        changed(.location(backup.location))
    }

    /// Creates or replaces a storage location.
    package mutating func putLocation(_ location: EmulatedBackupLocation) {
        locations[location.name] = location
        changed(.location(location.name))
    }

    /// Starts what waits for Velero's server pod.
    mutating func startWaitingBackups() {
        let isRunning = (podsByNamespace["velero"] ?? []).contains {
            pods[$0].map { $0.isReady && !$0.isDaemon && !$0.isTerminating } ?? false
        }
        guard isRunning else { return }
        for name in backups.keys.sorted() where backups[name]?.phase == .new {
            start(name)
        }
    }

    mutating func backupProgress(_ name: String) {
        guard var backup = backups[name], backup.phase == .inProgress,
            let startedAt = backup.startedAt
        else { return }
        let worked = now - startedAt - Pace.backupBase
        let done = worked <= .zero ? 0 : Int(worked / Pace.backupItem)
        backup.itemsDone = min(backup.itemsTotal, done)
        if backup.itemsDone < backup.itemsTotal || worked < .zero {
            backups[name] = backup
            scheduleProgress(backup)
            changed(.backup(name))
            return
        }
        backup.phase = .completed
        if pendingClusterFaults.remove(.backupFails) != nil {
            backup.phase = .failed
            backup.failureReason = "error uploading backup: connection to the bucket was lost"
        } else if pendingClusterFaults.remove(.backupPartial) != nil {
            backup.phase = .partiallyFailed
            backup.errors = 2
        }
        end(backup)
    }

    private mutating func start(_ name: String) {
        guard var backup = backups[name] else { return }
        let location = locations[backup.location]
        if location?.isAvailable != true || location?.isReadOnly == true {
            backup.phase = .failedValidation
            let reason =
                location == nil
                ? "backup storage location \"\(backup.location)\" not found"
                : location?.isReadOnly == true
                    ? "backup can't be created because backup storage location "
                        + "\(backup.location) is currently in read-only mode"
                    : "backup can't be created because BackupStorageLocation "
                        + "\(backup.location) is in Unavailable status"
            backup.validationErrors = [reason]
            return end(backup)
        }
        backup.phase = .inProgress
        backup.startedAt = now
        backup.itemsTotal = max(0, backup.request.items ?? countItems(backup.request))
        backups[name] = backup
        scheduleProgress(backup)
        changed(.backup(name))
    }

    private mutating func end(_ backup: EmulatedBackup) {
        var ended = backup
        ended.completedAt = now
        backups[ended.name] = ended
        record(
            .backup, on: nil, by: ended.by,
            detail: ended.name + " " + ended.phase.rawValue)
        changed(.backup(ended.name))
    }

    /// Velero patches its progress once a second at most.
    private mutating func scheduleProgress(_ backup: EmulatedBackup) {
        guard let startedAt = backup.startedAt else { return }
        let items = min(backup.itemsTotal, 1_000_000)
        let end = startedAt + Pace.backupBase + Pace.backupItem * items
        queue.schedule(
            .backupProgress(backup.name), at: max(now, min(end, now + .seconds(1))))
    }

    private func countItems(_ request: BackupRequest) -> Int {
        let excluded = Set(request.excludedNamespaces)
        let included = Set(request.includedNamespaces)
        func holds(_ namespace: String) -> Bool {
            !excluded.contains(namespace)
                && (included.contains("*") || included.isEmpty || included.contains(namespace))
        }
        var count = podsByNamespace.reduce(0) { $0 + (holds($1.key) ? $1.value.count : 0) }
        for workload in workloads.values where holds(workload.spec.namespace) { count += 2 }
        for budget in budgets.values where holds(budget.spec.namespace) { count += 1 }
        return count
    }
}
