/// What a pre-flight check looks at beyond the snapshot. Everything here may be unknown, with its
/// reason; what is not installed is known and empty.
package struct HealthFacts: Sendable, Codable, Equatable {
    /// What each node says of its volumes, its clock and itself.
    package var machines: [NodeName: Observed<MachineHealth>]
    /// Every pod of the cluster.
    package var pods: Observed<[PodHealth]>
    /// Every PodDisruptionBudget.
    package var budgets: Observed<[BudgetFacts]>
    /// What each node offers to pods.
    package var rooms: Observed<[NodeRoom]>
    /// What the API server answered to evictions that were only tried (`dryRun=All`) and refused:
    /// its message by the pod's uid.
    package var refusedEvictions: [String: String]
    /// Flux' Kustomizations and HelmReleases; empty without Flux.
    package var reconciliations: Observed<[ReconciliationFacts]>
    /// Velero's node-agent; nil without one.
    package var backupAgent: Observed<BackupAgentFacts?>
    /// Longhorn, Rook-Ceph and CloudNativePG; empty without them.
    package var storage: Observed<[StorageFacts]>
    /// Until when the certificates hold that a run needs.
    package var certificates: [CertificateFacts]
    /// What Terraform would change with the files as they are: nil for nothing, else a word of
    /// what. Unknown when it was not asked.
    package var infrastructure: Observed<String?>
    /// The user's own gates.
    package var gates: [GateFacts]
    /// What the user allows: codes of findings, or `code:place*`. Settings `check.allow`.
    package var allowed: [String]

    package init(
        machines: [NodeName: Observed<MachineHealth>] = [:],
        pods: Observed<[PodHealth]> = .known([]), budgets: Observed<[BudgetFacts]> = .known([]),
        rooms: Observed<[NodeRoom]> = .known([]), refusedEvictions: [String: String] = [:],
        reconciliations: Observed<[ReconciliationFacts]> = .known([]),
        backupAgent: Observed<BackupAgentFacts?> = .unknown("not asked"),
        storage: Observed<[StorageFacts]> = .known([]), certificates: [CertificateFacts] = [],
        infrastructure: Observed<String?> = .unknown("not asked"), gates: [GateFacts] = [],
        allowed: [String] = []
    ) {
        self.machines = machines
        self.pods = pods
        self.budgets = budgets
        self.rooms = rooms
        self.refusedEvictions = refusedEvictions
        self.reconciliations = reconciliations
        self.backupAgent = backupAgent
        self.storage = storage
        self.certificates = certificates
        self.infrastructure = infrastructure
        self.gates = gates
        self.allowed = allowed
    }
}

/// The DaemonSet of Velero that copies the files of volumes.
package struct BackupAgentFacts: Sendable, Codable, Equatable {
    /// Nodes it should run on.
    package var desired: Int
    package var ready: Int

    package init(desired: Int, ready: Int) {
        self.desired = desired
        self.ready = ready
    }
}
