/// Reads Kubernetes. Every call is bounded in time and throws a `Problem`.
package protocol ClusterReading: Sendable {
    func version() async throws -> Version
    func nodes() async throws -> [KubernetesNodeFacts]
    func node(_ name: NodeName) async throws -> KubernetesNodeFacts
    /// Pods on one node, or all of them when `node` is nil.
    func pods(on node: NodeName?) async throws -> [PodFacts]
    /// Velero's storage locations; throws `.refused` when Velero is not installed.
    func backupLocations() async throws -> [BackupLocationFacts]
    /// Nil when there is no backup of that name.
    func backup(named name: String) async throws -> BackupFacts?
}

/// Changes Kubernetes. Every call is bounded in time and throws a `Problem`.
package protocol ClusterChanging: Sendable {
    /// Makes the node unschedulable and notes the run in the annotation `bump.dev/cordoned-by`,
    /// in one patch.
    func cordon(_ node: NodeName, run: RunID) async throws
    /// Makes it schedulable and removes the annotation.
    func uncordon(_ node: NodeName) async throws
    /// One eviction through the eviction API, which honours PodDisruptionBudgets.
    func evict(_ pod: PodReference) async throws -> EvictionAnswer
    /// Creates a Velero backup (all namespaces but `kube-system`, `kube-public` and
    /// `kube-node-lease`; cluster-scoped objects; file-system volumes). One that this run has made
    /// already is left alone; another one of that name is `.refused`.
    func createBackup(named name: String, run: RunID) async throws
    /// Takes or renews the Lease `kube-system/bump`. Throws `.refused` naming the holder when
    /// somebody else holds it and it has not expired.
    func takeLease(holder: String, lasting: Duration) async throws
    func releaseLease(holder: String) async throws
}
