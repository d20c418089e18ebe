package import Model

/// What a rebuild starts from, besides the snapshot.
package struct RebuildInput: Sendable, Equatable {
    /// The known-good version: what the new machines run.
    package var talos: Version
    /// Where that was found: `the last run that ended well`.
    package var reason: String
    /// The name of the backup, and what is known of it: unknown when the cluster cannot be asked.
    package var backup: String
    package var facts: Observed<BackupFacts>
    /// Of the backup.
    package var volumes: Observed<[VolumeCopy]>
    package var claims: Observed<[ClaimFacts]>
    /// A run of this repository has seen this backup end as Completed.
    package var isInHistory: Bool
    package var hooks: [RebuildHook]
    /// Terraform's state holds something; else there is nothing to destroy.
    package var hasState: Bool
    /// Addresses of all that Terraform would destroy.
    package var destroyed: [String]
    /// Where Terraform keeps its state: `local`, `s3`, `kubernetes`, …
    package var stateBackend: String
    /// What the user allows: see `Exceptions`.
    package var allowed: [String]

    package init(
        talos: Version, reason: String, backup: String, facts: Observed<BackupFacts>,
        volumes: Observed<[VolumeCopy]>, claims: Observed<[ClaimFacts]>, isInHistory: Bool,
        hooks: [RebuildHook], hasState: Bool = true, destroyed: [String] = [],
        stateBackend: String = "local", allowed: [String] = []
    ) {
        self.stateBackend = stateBackend
        self.destroyed = destroyed
        self.allowed = allowed
        self.talos = talos
        self.reason = reason
        self.backup = backup
        self.facts = facts
        self.volumes = volumes
        self.claims = claims
        self.isInHistory = isInHistory
        self.hooks = hooks
        self.hasState = hasState
    }
}
