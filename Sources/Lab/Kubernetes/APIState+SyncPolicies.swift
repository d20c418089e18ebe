import Model
import Simulation

/// Budgets and Velero's objects, brought up to date with the emulated cluster.
extension APIState {
    mutating func syncBudgets(_ cluster: EmulatedCluster) {
        for (uid, budget) in cluster.budgets.sorted(by: { $0.key < $1.key }) {
            let key = ObjectKey(
                resource: "poddisruptionbudgets.policy", namespace: budget.spec.namespace,
                name: budget.spec.name)
            let old = store.object(key)
            let generation = old?["metadata", "generation"]?.integer ?? 1
            let print = LiveMirror.BudgetPrint(budget, generation: generation)
            guard print != mirror.budgets[uid] || old == nil else { continue }
            mirror.budgets[uid] = print
            store.put(
                BudgetRendering.object(
                    budget, old: old, created: date(budget.createdAt), now: now), at: key)
        }
        mirror.budgets = mirror.budgets.filter { cluster.budgets[$0.key] != nil }
        for key in store.keys("poddisruptionbudgets.policy") {
            guard let uid = store.object(key)?.uid, cluster.budgets[ObjectUID(uid)] == nil else {
                continue
            }
            store.remove(key)
        }
    }

    mutating func syncVelero(_ cluster: EmulatedCluster) {
        for (name, backup) in cluster.backups where mirror.backups[name] != backup {
            if backup.isAdopted {
                mirror.backups[name] = backup
                continue
            }
            let key = VeleroRendering.key("backups", name)
            let old = store.object(key)
            let uid = old?.uid ?? generator.uuid()
            let version = Self.serverVersion(cluster)
            store.put(
                VeleroRendering.backup(backup, old: old, uid: uid, server: version) { date($0) },
                at: key)
            mirror.backups[name] = backup
            followBackup(backup, cluster)
        }
        for (name, location) in cluster.locations where mirror.locations[name] != location {
            let key = VeleroRendering.key("backupstoragelocations", name)
            let old = store.object(key)
            let uid = old?.uid ?? generator.uuid()
            store.put(
                VeleroRendering.location(location, old: old, uid: uid) { date($0) }, at: key)
            mirror.locations[name] = location
        }
        for name in mirror.locations.keys.filter({ cluster.locations[$0] == nil }) {
            store.remove(VeleroRendering.key("backupstoragelocations", name))
            mirror.locations[name] = nil
        }
        for name in mirror.backups.keys.filter({ cluster.backups[$0] == nil }) {
            store.remove(VeleroRendering.key("backups", name))
            mirror.backups[name] = nil
        }
    }

    /// Velero's server looks into its buckets once a minute, as long as it runs. Facts §4.8.
    mutating func checkLocations(_ cluster: EmulatedCluster) {
        for key in store.keys("backupstoragelocations.velero.io") {
            guard var object = store.object(key),
                let last = Timestamp(object["status", "lastValidationTime"]?.string),
                now.seconds - last.seconds >= 60,
                cluster.locations[key.name]?.isAvailable == true, cluster.veleroRuns
            else { continue }
            object.set(["status", "lastValidationTime"], .string(now.text))
            store.put(object, at: key)
        }
    }
}
