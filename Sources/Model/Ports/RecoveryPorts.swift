/// Reads what a rebuild restores from. Every call is bounded in time and throws a `Problem`.
package protocol RecoveryReading: Sendable {
    /// Namespaces that no restore brings back: the cluster's own, Velero's and Flux's.
    var namespacesLeftOut: [String] { get }
    /// All Velero backups, newest first.
    func backups() async throws -> [BackupFacts]
    /// Nil when there is no restore of that name.
    func restore(named name: String) async throws -> RestoreFacts?
    /// The PodVolumeBackups of a backup.
    func volumes(ofBackup name: String) async throws -> [VolumeCopy]
    /// The PodVolumeRestores of a restore.
    func volumes(ofRestore name: String) async throws -> [VolumeCopy]
    /// Bound claims outside the namespaces that a backup leaves out.
    func claims() async throws -> [ClaimFacts]
    func hasNamespace(_ name: String) async throws -> Bool
    /// Kustomizations and HelmReleases; empty when Flux is not installed.
    func fluxObjects() async throws -> [FluxObject]
}

/// Changes what a rebuild needs changed. Every call is bounded in time and throws a `Problem`.
package protocol RecoveryChanging: Sendable {
    /// Creates a Velero restore of one namespace, or of everything the backup holds, cluster-scoped
    /// objects included, but what belongs to Velero and Flux themselves. One of that name that is
    /// there already is left alone.
    func createRestore(
        named name: String, of backup: String, only namespace: String?, run: RunID
    ) async throws
    /// Makes every writable storage location read-only and notes the run in its annotation
    /// `bump.dev/read-only-by`, or makes those that bear that note writable again. Gives the names
    /// of all that are read-only now.
    func setLocations(readOnly: Bool, run: RunID) async throws -> [String]
    /// Patches `spec.suspend` and notes the run in the annotation `bump.dev/suspended-by`; resuming
    /// removes the note. The field manager is `bump`, so that a parent does not undo it.
    func setSuspended(_ object: FluxObject, by run: RunID?) async throws
}
