import Foundation
import Model
import Simulation

/// Velero's restores: objects are made again, what exists is left, volumes are filled.
extension APIState {
    /// Begins, goes on with, and ends restores. One at a time, the rest wait.
    mutating func followRestores(_ cluster: inout EmulatedCluster) {
        guard restore != nil || store.count("restores.velero.io") > 0, cluster.veleroRuns else {
            return
        }
        if let run = restore {
            guard store.object(VeleroRendering.key("restores", run.name)) != nil else {
                restore = nil
                return
            }
            advance(run, &cluster)
        }
        guard restore == nil else { return }
        for key in store.keys("restores.velero.io", namespace: VeleroRendering.namespace) {
            guard let object = store.object(key) else { continue }
            let phase = object["status", "phase"]?.string ?? ""
            if phase.isEmpty || phase == "New" {
                begin(object, &cluster)
                if restore != nil { return }
            } else if phase == "InProgress" {
                // The server was started anew meanwhile.
                end(
                    object, "Failed", &cluster,
                    reason: "found a restore with status \"InProgress\" during the server starting")
            }
        }
    }

    private mutating func begin(_ object: JSONValue, _ cluster: inout EmulatedCluster) {
        var object = object
        let name = object["spec", "backupName"]?.string ?? ""
        let backup = cluster.backups[name]
        let location = backup.flatMap { cluster.locations[$0.location] }
        var flaws: [String] = []
        if backup == nil {
            flaws.append("Error retrieving backup: backups.velero.io \"\(name)\" not found")
        }
        if backup != nil, location?.isAvailable != true {
            flaws.append("the backup location of backup \(name) is not available")
        }
        if let backup, ![.completed, .partiallyFailed].contains(backup.phase) {
            flaws.append("backup \(name) has phase \(backup.phase.rawValue)")
        }
        let content = location.flatMap { surroundings?.vault.read(name, in: $0.bucket) }
        if flaws.isEmpty, content == nil { flaws.append("the contents of backup \(name) are gone") }
        guard flaws.isEmpty, let content else {
            object["status"] = [
                "phase": "FailedValidation", "validationErrors": .array(flaws.map { .string($0) }),
            ]
            store.put(object, at: VeleroRendering.key("restores", object.name))
            cluster.record(
                .restore, on: nil, by: "velero", detail: "\(object.name) FailedValidation")
            return
        }
        var known = Set((object["spec", "excludedResources"]?.array ?? []).compactMap(\.string))
        known.formUnion(RestoreRun.excluded)
        object.set(["spec", "excludedResources"], .array(known.sorted().map { .string($0) }))
        var run = RestoreRun(
            name: object.name, startedAt: cluster.now,
            objects: chosen(content, by: object["spec"]), volumes: content.volumes)
        run.fault = cluster.takeRestoreFault()?.rawValue
        object["status"] = [
            "phase": "InProgress", "startTimestamp": .string(now.text),
            "progress": ["totalItems": .whole(run.objects.count), "itemsRestored": 0],
        ]
        store.put(object, at: VeleroRendering.key("restores", object.name))
        restore = run
    }

    /// What a restore makes of a backup's objects, in Velero's order.
    private func chosen(_ content: BackupVault.Content, by spec: JSONValue?) -> [JSONValue] {
        let selection = BackupSelection(spec, alsoWithout: RestoreRun.excluded)
        let catalog = catalog
        let definitions = content.objects.filter { $0["kind"] == "CustomResourceDefinition" }
        let kinds = catalog.kinds + definitions.flatMap(ResourceKind.custom(definition:))
        let filled = Set(content.volumes.map { "\($0.namespace)/\($0.claim)" })
        var found: [(rank: Int, resource: String, object: JSONValue)] = []
        for object in content.objects {
            guard
                let kind = kinds.first(where: {
                    $0.kind == object["kind"]?.string
                        && $0.apiVersion == object["apiVersion"]?.string
                }), selection.holds(kind), selection.holds(object)
            else { continue }
            if kind.isNamespaced {
                guard selection.holds(namespace: object.namespace) else { continue }
            } else if kind.qualifiedName == "namespaces" {
                guard selection.holds(namespace: object.name) else { continue }
            } else if kind.qualifiedName == "persistentvolumes" {
                // Provisioned anew, with the data of the backup in it.
                let claim = object["spec", "claimRef"]
                let name = "\(claim?["namespace"]?.string ?? "")/\(claim?["name"]?.string ?? "")"
                let isDeleted = object["spec", "persistentVolumeReclaimPolicy"] == "Delete"
                if isDeleted || filled.contains(name) { continue }
            } else {
                let isNeeded = kind.qualifiedName == RestoreRun.order[0] && selection.takesRelated
                guard selection.takesClusterScoped(kind) || isNeeded else { continue }
            }
            if Self.isMadeByOthers(object) { continue }
            let rank = RestoreRun.order.firstIndex(of: kind.qualifiedName) ?? RestoreRun.order.count
            found.append((rank, kind.qualifiedName, object))
        }
        return found.sorted {
            ($0.rank, $0.resource, $0.object.namespace, $0.object.name)
                < ($1.rank, $1.resource, $1.object.namespace, $1.object.name)
        }.map(\.object)
    }

    /// Completed and mirror pods are skipped by Velero. Pods and ReplicaSets of a workload are
    /// made by that workload here, so that there is one of each.
    private static func isMadeByOthers(_ object: JSONValue) -> Bool {
        let owned = ["Pod", "ReplicaSet", "ControllerRevision", "EndpointSlice", "Lease"]
        if owned.contains(object["kind"]?.string ?? "") {
            let owners = object["metadata", "ownerReferences"]?.array ?? []
            if owners.contains(where: { $0["controller"]?.bool == true || $0["kind"] == "Node" }) {
                return true
            }
        }
        return object["kind"] == "Pod"
            && ["Succeeded", "Failed"].contains(object["status", "phase"]?.string)
    }

    private mutating func advance(_ run: RestoreRun, _ cluster: inout EmulatedCluster) {
        var run = run
        let key = VeleroRendering.key("restores", run.name)
        guard var object = store.object(key) else { return }
        let worked = cluster.now - run.startedAt - Pace.backupBase
        if run.fault == Fault.restoreFails.rawValue, worked > .zero {
            restore = nil
            return end(
                object, "Failed", &cluster,
                reason: "error downloading backup: connection to the bucket was lost")
        }
        let due = worked <= .zero ? 0 : min(run.objects.count, Int(worked / Pace.backupItem) + 1)
        while run.done < due {
            restoreNext(&run, object, &cluster)
            run.done += 1
        }
        object = store.object(key) ?? object
        object.set(
            ["status", "progress"],
            ["totalItems": .whole(run.objects.count), "itemsRestored": .whole(run.done)])
        if run.warnings > 0 { object.set(["status", "warnings"], .whole(run.warnings)) }
        if run.errors > 0 { object.set(["status", "errors"], .whole(run.errors)) }
        store.put(object, at: key)
        restore = run
        guard run.done == run.objects.count, worked > .zero else { return }
        restoreVolumes(&run, object, cluster)
        if run.fault == Fault.restorePartial.rawValue { run.errors += 1 }
        if run.warnings > 0 { object.set(["status", "warnings"], .whole(run.warnings)) }
        if run.errors > 0 { object.set(["status", "errors"], .whole(run.errors)) }
        restore = nil
        end(object, run.errors > 0 ? "PartiallyFailed" : "Completed", &cluster)
    }

    private mutating func end(
        _ object: JSONValue, _ phase: String, _ cluster: inout EmulatedCluster,
        reason: String? = nil
    ) {
        var object = object
        object.set(["status", "phase"], .string(phase))
        object.set(["status", "completionTimestamp"], .string(now.text))
        if let reason { object.set(["status", "failureReason"], .string(reason)) }
        store.put(object, at: VeleroRendering.key("restores", object.name))
        cluster.record(.restore, on: nil, by: "velero", detail: "\(object.name) \(phase)")
    }

    private mutating func restoreNext(
        _ run: inout RestoreRun, _ restore: JSONValue, _ cluster: inout EmulatedCluster
    ) {
        let source = run.objects[run.done]
        guard
            let kind = catalog.kinds.first(where: {
                $0.kind == source["kind"]?.string && $0.apiVersion == source["apiVersion"]?.string
            })
        else {
            run.errors += 1
            return
        }
        let mapping = (restore["spec", "namespaceMapping"]?.object ?? [:]).compactMapValues(
            \.string)
        var wanted = Self.stripped(source, kind)
        if kind.isNamespaced {
            wanted.setMetadata("namespace", .string(mapping[source.namespace] ?? source.namespace))
        } else if kind.qualifiedName == "namespaces" {
            wanted.setMetadata("name", .string(mapping[source.name] ?? source.name))
        }
        let call = veleroCall(kind, namespace: kind.isNamespaced ? wanted.namespace : nil)
        if let present = store.object(call.key(wanted.name)) {
            guard !Self.isSame(present, wanted) else { return }
            guard restore["spec", "existingResourcePolicy"] == "update" else {
                if !Self.isNoted(kind) {
                    run.warnings += 1
                    note(run, "\(kind.qualifiedName) \(wanted.namespace)/\(wanted.name) differs")
                }
                return
            }
            var merged = JSONPatching.merge(present, wanted)
            merged.setMetadata("resourceVersion", present["metadata", "resourceVersion"])
            let changed = merged
            do {
                try update(call, wanted.name, &cluster) { _ in changed }
            } catch {
                run.errors += 1
                note(run, "\(kind.qualifiedName) \(wanted.name): \(error.message)")
            }
            return
        }
        wanted.set(
            ["metadata", "labels", "velero.io/backup-name"],
            .string(VeleroRendering.labelValue(restore["spec", "backupName"]?.string ?? "")))
        wanted.set(
            ["metadata", "labels", "velero.io/restore-name"],
            .string(VeleroRendering.labelValue(restore.name)))
        do {
            _ = try create(wanted, call, &cluster)
            if kind.qualifiedName == "persistentvolumeclaims" {
                run.madeClaims.insert("\(wanted.namespace)/\(wanted.name)")
            }
        } catch {
            run.errors += 1
            note(run, "\(kind.qualifiedName) \(wanted.namespace)/\(wanted.name): \(error.message)")
        }
    }

    /// The texts behind the counts: in a real cluster they are in the bucket.
    private func note(_ run: RestoreRun, _ text: String) {
        DaemonLog.write("restore \(run.name): \(text)")
    }

    /// What every namespace gets by itself differs always, which is no news.
    private static func isNoted(_ kind: ResourceKind) -> Bool {
        ["namespaces", "serviceaccounts"].contains(kind.qualifiedName)
    }

    private func veleroCall(_ kind: ResourceKind, namespace: String?) -> APICall {
        APICall(
            request: APIRequest(
                method: "POST", path: "", headers: ["user-agent": "velero-server/v1.15.2"],
                user: "velero"),
            kind: kind, namespace: namespace, name: nil, subresource: nil, now: now)
    }

    /// Without what a server made. Facts §4.11.
    private static func stripped(_ object: JSONValue, _ kind: ResourceKind) -> JSONValue {
        var object = object
        for field in [
            "uid", "resourceVersion", "generateName", "ownerReferences", "managedFields",
            "creationTimestamp", "generation", "selfLink", "deletionTimestamp",
        ] { object.setMetadata(field, nil) }
        object["status"] = nil
        switch kind.qualifiedName {
        case "persistentvolumeclaims": object.set(["spec", "volumeName"], nil)
        case "services":
            if object["spec", "clusterIP"] != "None" {
                object.set(["spec", "clusterIP"], nil)
                object.set(["spec", "clusterIPs"], nil)
            }
        case "pods": object.set(["spec", "nodeName"], nil)
        default: break
        }
        return object
    }

    private static func isSame(_ present: JSONValue, _ wanted: JSONValue) -> Bool {
        let fields = Set((wanted.object ?? [:]).keys).subtracting(["metadata", "status"])
        return fields.allSatisfy { field in
            JSONPatching.merge(present[field] ?? .null, wanted[field] ?? .null)
                == (present[field] ?? .null)
        }
    }

    /// Fills the volumes of claims that this restore made; those that were there are left.
    private mutating func restoreVolumes(
        _ run: inout RestoreRun, _ restore: JSONValue, _ cluster: EmulatedCluster
    ) {
        let mapping = (restore["spec", "namespaceMapping"]?.object ?? [:]).compactMapValues(
            \.string)
        for volume in run.volumes {
            let namespace = mapping[volume.namespace] ?? volume.namespace
            guard run.madeClaims.contains("\(namespace)/\(volume.claim)") else { continue }
            let isDone = cluster.hasNodeAgent
            if isDone {
                surroundings?.volumes.write(volume.files, namespace, volume.claim)
            } else {
                run.errors += 1
            }
            let name = "\(run.name)-\(generator.suffix(length: 5))"
            var status: JSONValue = [
                "phase": isDone ? "Completed" : "Failed", "startTimestamp": .string(now.text),
                "completionTimestamp": .string(now.text),
                "progress": [
                    "totalBytes": .whole(volume.bytes),
                    "bytesDone": .whole(isDone ? volume.bytes : 0),
                ],
            ]
            if !isDone {
                status["message"] = "daemonset pod not found in running state"
            }
            store.put(
                [
                    "apiVersion": "velero.io/v1", "kind": "PodVolumeRestore",
                    "metadata": [
                        "name": .string(name), "namespace": .string(VeleroRendering.namespace),
                        "uid": .string(generator.uuid()),
                        "creationTimestamp": .string(now.text), "generation": 1,
                        "labels": [
                            "velero.io/restore-name": .string(
                                VeleroRendering.labelValue(run.name)),
                            "velero.io/restore-uid": .string(restore.uid),
                        ],
                    ],
                    "spec": [
                        "pod": [
                            "kind": "Pod", "namespace": .string(namespace),
                            "name": .string(volume.pod),
                        ],
                        "volume": .string(volume.name), "uploaderType": "kopia",
                        "sourceNamespace": .string(volume.namespace),
                    ],
                    "status": status,
                ], at: VeleroRendering.key("podvolumerestores", name))
        }
    }
}
