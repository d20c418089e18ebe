import Model

/// Reads what storage systems say of themselves.
enum StorageObjects {
    /// Longhorn 1.5 and later, `longhorn.io/v1beta2` Volume.
    static func longhornVolume(_ object: JSONValue) -> StorageFacts {
        let robustness = object["status", "robustness"]?.string ?? "unknown"
        let isBad = robustness == "degraded" || robustness == "faulted"
        let (namespace, name) = names(object)
        return StorageFacts(
            system: "Longhorn", object: "volume \(namespace)/\(name)",
            verdict: isBad ? .degraded : .fine,
            message: isBad ? "it is \(robustness): a node less may cost data" : "",
            command: "kubectl -n \(namespace) get volumes.longhorn.io \(name)")
    }

    /// Longhorn, `longhorn.io/v1beta2` Node: conditions are a list.
    static func longhornNode(_ object: JSONValue) -> StorageFacts {
        let ready = ReconciliationFacts.condition("Ready", of: object)
        let isBad = ready?["status"] == "False"
        let (namespace, name) = names(object)
        return StorageFacts(
            system: "Longhorn", object: "node \(namespace)/\(name)",
            verdict: isBad ? .degraded : .fine,
            message: isBad
                ? StatusObject.line("it is not ready: \(ready?["message"]?.string ?? "")") : "",
            command: "kubectl -n \(namespace) get nodes.longhorn.io \(name) -o yaml")
    }

    /// Rook 1.x, `ceph.rook.io/v1` CephCluster.
    static func cephCluster(_ object: JSONValue) -> StorageFacts {
        let health = object["status", "ceph", "health"]?.string ?? "no word of its health"
        let details = object["status", "ceph", "details"]?.object ?? [:]
        let words = details.sorted { $0.key < $1.key }.map { key, value in
            "\(key) (\(value["message"]?.string ?? ""))"
        }
        let isGrave = health == "HEALTH_ERR" || details.keys.contains { grave.contains($0) }
        let (namespace, name) = names(object)
        return StorageFacts(
            system: "Rook-Ceph", object: "cluster \(namespace)/\(name)",
            verdict: health == "HEALTH_OK" ? .fine : isGrave ? .degraded : .complaining,
            message: StatusObject.line(([health] + words).joined(separator: ", ")),
            command: "kubectl -n \(namespace) get cephcluster \(name)")
    }

    /// CloudNativePG 1.x, `postgresql.cnpg.io/v1` Cluster.
    static func postgresCluster(_ object: JSONValue) -> StorageFacts {
        let wanted = object["spec", "instances"]?.integer ?? 1
        let ready = object["status", "readyInstances"]?.integer ?? 0
        let phase = object["status", "phase"]?.string ?? "no phase"
        let primary = object["status", "currentPrimary"]?.string
        let next = object["status", "targetPrimary"]?.string
        let isAsleep = object["metadata", "annotations", "cnpg.io/hibernation"] == "on"
        let isMoving = primary != nil && next != nil && primary != next
        let isBad = !isAsleep && (ready < wanted || isMoving)
        let isOdd = !isAsleep && phase != "Cluster in healthy state"
        let (namespace, name) = names(object)
        return StorageFacts(
            system: "CloudNativePG", object: "cluster \(namespace)/\(name)",
            verdict: isBad ? .degraded : isOdd ? .complaining : .fine,
            message: isMoving
                ? "its primary moves from \(primary ?? "") to \(next ?? "")"
                : StatusObject.line("\(ready) of \(wanted) instances are ready (\(phase))"),
            command: "kubectl -n \(namespace) get clusters.postgresql.cnpg.io \(name)")
    }

    private static func names(_ object: JSONValue) -> (String, String) {
        (
            object["metadata", "namespace"]?.string ?? "",
            object["metadata", "name"]?.string ?? ""
        )
    }

    /// Health checks of Ceph that mean missing copies or members.
    /// Source: https://docs.ceph.com/en/latest/rados/operations/health-checks/
    private static let grave: Set = [
        "MON_DOWN", "OSD_DOWN", "OSD_HOST_DOWN", "OSD_FULL", "PG_AVAILABILITY", "PG_DEGRADED",
        "PG_DAMAGED", "OBJECT_UNFOUND", "POOL_FULL",
    ]
}
