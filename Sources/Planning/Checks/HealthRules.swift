import Model

/// Judges what was read besides the snapshot: everything that would stop an upgrade, or should be
/// known before one. Nothing when it was not read.
struct HealthRules {
    let snapshot: Snapshot
    let options: PlanOptions
    /// The nodes that are going to be drained; nil for all of them.
    var nodes: Set<NodeName>?

    /// All findings, in the order of the families.
    func findings() -> [Finding] {
        guard let health = snapshot.health else { return [] }
        let found =
            MachineRules(snapshot: snapshot, health: health).findings()
            + EtcdHealthRules(snapshot: snapshot).findings()
            + SkewRules(snapshot: snapshot).findings()
            + unseen(health)
            + PodRules(snapshot: snapshot, health: health).findings()
            + DrainRules(outlooks: outlooks(health)).findings()
            + StorageRules(health: health).findings()
            + FluxRules(health: health).findings()
            + BackupAgentRules(health: health, wantsBackup: options.backup).findings()
            + CertificateRules(health: health, now: snapshot.takenAt).findings()
            + GateRules(health: health).findings()
        return found.map(Exceptions(health.allowed).apply)
    }

    /// What would stop a run on its way: known before anything is touched.
    func errors() -> [Finding] { findings().filter { $0.severity == .error } }

    func outlooks() -> [DrainOutlook] { snapshot.health.map(outlooks) ?? [] }

    private func outlooks(_ health: HealthFacts) -> [DrainOutlook] {
        guard let pods = health.pods.value, let budgets = health.budgets.value,
            let rooms = health.rooms.value
        else { return [] }
        let forecast = DrainForecast(
            pods: pods, budgets: budgets, rooms: rooms, refused: health.refusedEvictions)
        return snapshot.nodes.map(\.name).filter { nodes?.contains($0) ?? true }
            .compactMap(forecast.outlook)
    }

    /// What could not be read of the cluster. When the API server itself does not answer, that is
    /// the one thing to say.
    private func unseen(_ health: HealthFacts) -> [Finding] {
        if let reason = snapshot.kubernetesVersion.reason {
            return [
                Finding(
                    .error, "kubernetes.unreachable", "Kubernetes does not answer: \(reason)",
                    at: snapshot.endpoint, fix: "bump doctor")
            ]
        }
        let parts: [(String, String?)] = [
            ("the pods", health.pods.reason), ("the disruption budgets", health.budgets.reason),
            ("the nodes' room", health.rooms.reason),
            ("Flux", health.reconciliations.reason), ("the storage systems", health.storage.reason),
        ]
        return parts.compactMap { what, reason in
            reason.map {
                Finding(
                    .warning, "kubernetes.unseen",
                    "Not checked, since it cannot be read: \(what): \($0)",
                    fix: "give the kubeconfig's user the right to read it")
            }
        }
    }
}
