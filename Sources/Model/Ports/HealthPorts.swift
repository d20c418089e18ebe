/// Reads what nodes say of their health over the Talos API. Bounded in time; throws a `Problem`.
package protocol MachineHealthReading: Sendable {
    func health(of address: NodeAddress) async throws -> MachineHealth
}

/// Reads the health of what runs in the cluster. Every call is bounded in time and throws a
/// `Problem`; a kind that is not installed is an empty answer.
package protocol ClusterHealthReading: Sendable {
    /// Every pod, with the status that kubectl would print.
    func podHealth() async throws -> [PodHealth]
    func budgets() async throws -> [BudgetFacts]
    func rooms() async throws -> [NodeRoom]
    /// Asks for an eviction that changes nothing (`dryRun=All`).
    func tryEviction(_ pod: PodReference) async throws -> EvictionAnswer
    func reconciliations() async throws -> [ReconciliationFacts]
    /// Nil when Velero has none.
    func backupAgent() async throws -> BackupAgentFacts?
    func storage() async throws -> [StorageFacts]
    /// The objects of a user's gate, judged.
    func objects(of gate: GateRule) async throws -> [GateFacts.Object]
}
