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

    /// A storage location goes; what is in its bucket stays.
    package mutating func deleteLocation(_ name: String) {
        guard locations.removeValue(forKey: name) != nil else { return }
        changed(.location(name))
    }

    /// Velero's server pod is ready.
    package var veleroRuns: Bool {
        (podsByNamespace["velero"] ?? []).contains {
            pods[$0].map { $0.isReady && !$0.isDaemon && !$0.isTerminating } ?? false
        }
    }

    /// Some pod of Velero's DaemonSet is ready.
    package var hasNodeAgent: Bool {
        (podsByNamespace["velero"] ?? []).contains {
            pods[$0].map { $0.isReady && $0.isDaemon && !$0.isTerminating } ?? false
        }
    }

    /// Takes a fault that waits for a restore; nil when there is none.
    package mutating func takeRestoreFault() -> Fault? {
        pendingClusterFaults.remove(.restoreFails) ?? pendingClusterFaults.remove(.restorePartial)
    }

    /// Velero looked at a location and its bucket.
    package mutating func noteSync(of location: String) {
        locations[location]?.lastSyncedAt = now
        changed(.location(location))
    }

    mutating func loseLocations(_ fault: Fault) {
        for name in locations.keys.sorted() {
            locations[name]?.isAvailable = false
            locations[name]?.lastValidatedAt = now
            locations[name]?.message =
                fault == .wrongCredentials
                ? "BackupStorageLocation \"\(name)\" is unavailable: rpc error: "
                    + "code = Unknown desc = operation error S3: ListObjectsV2, https response error StatusCode: 403, "
                    + "api error InvalidAccessKeyId: The Access Key Id you provided does not exist"
                : "BackupStorageLocation \"\(name)\" is unavailable: rpc error: "
                    + "code = Unknown desc = operation error S3: ListObjectsV2, dial tcp 192.0.2.10:9000: i/o timeout"
            changed(.location(name))
        }
    }

    mutating func removeNodeAgent() {
        for uid in workloads.keys.sorted()
        where workloads[uid, \.spec.namespace] == "velero"
            && workloads[uid, \.spec.kind] == .daemonSet
        {
            deleteWorkload(uid: uid, by: "fault")
        }
    }

    mutating func healBackups() {
        for name in locations.keys.sorted() where locations[name]?.isAvailable == false {
            locations[name]?.isAvailable = true
            locations[name]?.message = ""
            locations[name]?.lastValidatedAt = now
            changed(.location(name))
        }
        for backup in backups.values.sorted(by: { $0.name < $1.name })
        where backup.phase == .inProgress {
            scheduleProgress(backup)
        }
        let hasVelero = workloads.values.contains {
            $0.spec.namespace == "velero" && $0.spec.kind == .deployment
        }
        if hasVelero, !hasNodeAgent { putNodeAgent() }
    }

    /// Starts what waits for Velero's server pod.
    mutating func startWaitingBackups() {
        guard veleroRuns else { return }
        for name in backups.keys.sorted() where backups[name]?.phase == .new {
            start(name)
        }
    }

    mutating func backupProgress(_ name: String) {
        guard var backup = backups[name], backup.phase == .inProgress,
            let startedAt = backup.startedAt, !pendingClusterFaults.contains(.backupHangs)
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
        } else if backup.request.volumes > 0, !hasNodeAgent {
            backup.phase = .partiallyFailed
            backup.errors = backup.request.volumes
        }
        backup.warnings = backup.request.warnings
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
        if let obstacle = backup.request.obstacle {
            backup.phase = .failed
            backup.startedAt = now
            backup.failureReason = obstacle
            return end(backup)
        }
        backup.phase = .inProgress
        backup.startedAt = now
        backup.losesVolume = pendingClusterFaults.remove(.backupLosesVolume) != nil
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
