import Model

/// A restore that Velero works on.
struct RestoreRun: Sendable, Codable {
    var name: String
    var startedAt: Duration
    /// What it will make, in order.
    var objects: [JSONValue]
    var volumes: [BackupVault.Volume]
    /// How many of `objects` are done.
    var done = 0
    var warnings = 0
    var errors = 0
    /// Claims that this restore made: theirs are the only volumes that are filled.
    var madeClaims: Set<String> = []
    /// How it ends by a fault; nil: well.
    var fault: String?

    /// The order in which Velero restores; all else follows by name. Facts §4.11.
    static let order = [
        "customresourcedefinitions.apiextensions.k8s.io", "namespaces",
        "storageclasses.storage.k8s.io", "persistentvolumes", "persistentvolumeclaims",
        "clusterroles.rbac.authorization.k8s.io", "roles.rbac.authorization.k8s.io",
        "serviceaccounts", "clusterrolebindings.rbac.authorization.k8s.io",
        "rolebindings.rbac.authorization.k8s.io", "secrets", "configmaps", "limitranges",
        "priorityclasses.scheduling.k8s.io", "pods", "replicasets.apps", "endpoints", "services",
    ]

    /// What is never restored.
    static let excluded: Set<String> = [
        "nodes", "events", "events.events.k8s.io", "backups.velero.io", "restores.velero.io",
        "resticrepositories.velero.io", "csinodes.storage.k8s.io",
        "volumeattachments.storage.k8s.io", "backuprepositories.velero.io",
    ]
}
