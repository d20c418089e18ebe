import Foundation
import Model
import Simulation

/// What Velero does beside the phases of a backup: volumes, the bucket, sync.
extension APIState {
    /// What a new Backup means for the emulated cluster.
    func backupRequest(_ object: JSONValue, _ cluster: EmulatedCluster) -> BackupRequest {
        var request = VeleroRendering.request(object)
        request.items = backedUp(by: object["spec"]).count
        let (volumes, skipped) = copiedVolumes(by: object["spec"])
        request.volumes = volumes.count
        request.warnings = skipped
        let location = request.location ?? cluster.locations.values.first(where: \.isDefault)?.name
        if let bucket = location.flatMap({ cluster.locations[$0]?.bucket }),
            surroundings?.vault.has(object.name, in: bucket) == true
        {
            request.obstacle = "backup already exists in object storage"
        }
        return request
    }

    /// Called whenever a backup looks otherwise than before.
    mutating func followBackup(_ backup: EmulatedBackup, _ cluster: EmulatedCluster) {
        guard !backup.isAdopted, backup.startedAt != nil else { return }
        let key = VeleroRendering.key("backups", backup.name)
        guard let object = store.object(key) else { return }
        if podVolumeBackups(of: backup.name).isEmpty, !backup.phase.isFinal {
            var (volumes, _) = copiedVolumes(by: object["spec"])
            if backup.losesVolume, let lost = volumes.lastIndex(where: { $0.claim != nil }) {
                volumes.remove(at: lost)
            }
            for volume in volumes { begin(volume, of: object, location: backup.location) }
        }
        let share =
            backup.itemsTotal == 0 ? 1 : Double(backup.itemsDone) / Double(backup.itemsTotal)
        for copy in podVolumeBackups(of: backup.name) {
            advance(copy, to: backup.phase.isFinal ? 1 : share, backup, cluster)
        }
        guard [.completed, .partiallyFailed].contains(backup.phase),
            let bucket = cluster.locations[backup.location]?.bucket, let surroundings,
            !surroundings.vault.has(backup.name, in: bucket)
        else { return }
        let copies = podVolumeBackups(of: backup.name)
        let volumes = copies.filter { $0["status", "phase"] == "Completed" }
            .compactMap { copy -> BackupVault.Volume? in
                let annotations = copy.annotations
                guard let claim = annotations[Self.claimAnnotation],
                    let namespace = copy["spec", "pod", "namespace"]?.string
                else { return nil }
                return BackupVault.Volume(
                    namespace: namespace, claim: claim,
                    pod: copy["spec", "pod", "name"]?.string ?? "",
                    name: copy["spec", "volume"]?.string ?? "",
                    files: surroundings.volumes.contents(namespace, claim))
            }
        let content = BackupVault.Content(
            backup: store.object(key) ?? object, objects: backedUp(by: object["spec"]),
            podVolumes: copies, volumes: volumes)
        do {
            try surroundings.vault.write(content, backup.name, in: bucket)
        } catch {
            DaemonLog.write("backup \(backup.name) was not kept: \(Problem(error).summary)")
        }
    }

    func podVolumeBackups(of backup: String) -> [JSONValue] {
        store.list("podvolumebackups.velero.io", namespace: VeleroRendering.namespace)
            .filter { $0.labels["velero.io/backup-name"] == VeleroRendering.labelValue(backup) }
    }

    private mutating func begin(
        _ volume: PodVolume, of backup: JSONValue, location: String
    ) {
        let name = "\(backup.name)-\(generator.suffix(length: 5))"
        let object: JSONValue = [
            "apiVersion": "velero.io/v1", "kind": "PodVolumeBackup",
            "metadata": [
                "name": .string(name), "namespace": .string(VeleroRendering.namespace),
                "generateName": .string("\(backup.name)-"), "uid": .string(generator.uuid()),
                "creationTimestamp": .string(now.text), "generation": 1,
                "labels": [
                    "velero.io/backup-name": .string(VeleroRendering.labelValue(backup.name)),
                    "velero.io/backup-uid": .string(backup.uid),
                ],
                "annotations": .strings(
                    volume.claim.map { [Self.claimAnnotation: $0] } ?? [:]),
                "ownerReferences": [
                    [
                        "apiVersion": "velero.io/v1", "kind": "Backup",
                        "name": .string(backup.name), "uid": .string(backup.uid),
                        "controller": true,
                    ]
                ],
            ],
            "spec": [
                "node": .string(volume.node), "volume": .string(volume.volume),
                "pod": [
                    "kind": "Pod", "namespace": .string(volume.namespace),
                    "name": .string(volume.pod), "uid": .string(volume.podUID),
                ],
                "backupStorageLocation": .string(location), "uploaderType": "kopia",
                "repoIdentifier": .string("lab/kopia/\(volume.namespace)"),
                "tags": ["backup": .string(backup.name), "volume": .string(volume.volume)],
            ],
            "status": ["phase": "New"],
        ]
        store.put(object, at: VeleroRendering.key("podvolumebackups", name))
    }

    private mutating func advance(
        _ copy: JSONValue, to share: Double, _ backup: EmulatedBackup, _ cluster: EmulatedCluster
    ) {
        let phase = copy["status", "phase"]?.string ?? ""
        guard phase != "Completed", phase != "Failed" else { return }
        var object = copy
        var status: JSONValue = copy["status"] ?? [:]
        if status["startTimestamp"] == nil { status["startTimestamp"] = .string(now.text) }
        let namespace = copy["spec", "pod", "namespace"]?.string ?? ""
        let claim = copy.annotations[Self.claimAnnotation]
        let files = claim.flatMap { surroundings?.volumes.contents(namespace, $0) } ?? [:]
        let total = max(4096, files.values.reduce(0) { $0 + $1.count })
        if !cluster.hasNodeAgent {
            guard backup.phase.isFinal else { return }
            let node = copy["spec", "node"]?.string ?? ""
            status["phase"] = "Failed"
            status["message"] = .string(
                "daemonset pod not found in running state in node \(node)")
            status["completionTimestamp"] = .string(now.text)
        } else {
            let done = share >= 1 ? total : Int(Double(total) * share)
            status["phase"] = share >= 1 ? "Completed" : "InProgress"
            status["progress"] = ["totalBytes": .whole(total), "bytesDone": .whole(done)]
            if share >= 1 {
                status["snapshotID"] = .string(generator.suffix(length: 16))
                status["path"] = .string(
                    "/host_pods/\(copy["spec", "pod", "uid"]?.string ?? "")/volumes")
                status["completionTimestamp"] = .string(now.text)
            }
        }
        object["status"] = status
        store.put(object, at: VeleroRendering.key("podvolumebackups", copy.name))
    }

    /// Backups that are in a location's bucket and not in the cluster appear; those whose folder
    /// is gone disappear. Facts §4.9. One that ended a moment ago has yet to be written there.
    mutating func syncBackups(_ cluster: inout EmulatedCluster) {
        guard let vault = surroundings?.vault, isSyncDue(cluster), cluster.veleroRuns else {
            return
        }
        for location in cluster.locations.values.sorted(by: { $0.name < $1.name })
        where location.isAvailable {
            let last = location.lastSyncedAt ?? firstLook[location.name]
            guard let last else {
                firstLook[location.name] = cluster.now
                continue
            }
            guard cluster.now - last >= Pace.backupSync else { continue }
            let names = vault.names(in: location.bucket)
            for name in names where cluster.backups[name] == nil {
                adopt(name, from: location, vault, &cluster)
            }
            for backup in cluster.backups.values
            where backup.location == location.name && !names.contains(backup.name)
                && [.completed, .partiallyFailed].contains(backup.phase)
                && mirror.backups[backup.name] == backup
            {
                cluster.deleteBackup(backup.name, by: "velero")
            }
            cluster.noteSync(of: location.name)
        }
    }

    private func isSyncDue(_ cluster: EmulatedCluster) -> Bool {
        cluster.locations.values.contains { location in
            guard location.isAvailable else { return false }
            guard let last = location.lastSyncedAt ?? firstLook[location.name] else { return true }
            return cluster.now - last >= Pace.backupSync
        }
    }

    private mutating func adopt(
        _ name: String, from location: EmulatedBackupLocation, _ vault: BackupVault,
        _ cluster: inout EmulatedCluster
    ) {
        guard let content = vault.read(name, in: location.bucket) else { return }
        var object = content.backup
        let uid = generator.uuid()
        object.setMetadata("uid", .string(uid))
        object.setMetadata("namespace", .string(VeleroRendering.namespace))
        object.setMetadata("creationTimestamp", .string(now.text))
        object.setMetadata("ownerReferences", nil)
        object.set(["spec", "storageLocation"], .string(location.name))
        object.set(
            ["metadata", "labels", "velero.io/storage-location"], .string(location.name))
        store.put(object, at: VeleroRendering.key("backups", name))
        let status = object["status"]
        let backup = EmulatedBackup.found(
            VeleroRendering.request(object), in: location.name,
            phase: status?["phase"]?.string.flatMap(EmulatedBackup.Phase.init) ?? .completed,
            items: content.objects.count, at: cluster.now)
        mirror.backups[name] = backup
        cluster.adoptBackup(backup)
        for copy in content.podVolumes {
            var copy = copy
            copy.setMetadata("uid", .string(generator.uuid()))
            copy.set(["metadata", "labels", "velero.io/backup-uid"], .string(uid))
            copy.set(
                ["metadata", "ownerReferences"],
                [
                    [
                        "apiVersion": "velero.io/v1", "kind": "Backup", "name": .string(name),
                        "uid": .string(uid), "controller": true,
                    ]
                ])
            store.put(copy, at: VeleroRendering.key("podvolumebackups", copy.name))
        }
    }

    /// Small requests that Velero answers at once. Facts §4.14.
    mutating func answerVeleroRequests(_ cluster: inout EmulatedCluster) {
        for key in store.keys("deletebackuprequests.velero.io") {
            guard var object = store.object(key), cluster.veleroRuns,
                object["status", "phase"] != "Processed"
            else { continue }
            let name = object["spec", "backupName"]?.string ?? ""
            if let backup = cluster.backups[name],
                let bucket = cluster.locations[backup.location]?.bucket
            {
                surroundings?.vault.remove(name, in: bucket)
                for copy in podVolumeBackups(of: name) {
                    store.remove(VeleroRendering.key("podvolumebackups", copy.name))
                }
                cluster.deleteBackup(name, by: "velero")
            }
            object["status"] = ["phase": "Processed"]
            store.put(object, at: key)
        }
        for key in store.keys("serverstatusrequests.velero.io") {
            guard var object = store.object(key), cluster.veleroRuns,
                object["status", "phase"] != "Processed"
            else { continue }
            object["status"] = [
                "phase": "Processed", "processedTimestamp": .string(now.text),
                "serverVersion": "v1.15.2", "plugins": [],
            ]
            store.put(object, at: key)
        }
    }

    /// The claim behind a volume, so that a restore finds it.
    static let claimAnnotation = "velero.io/pvc-name"
}
