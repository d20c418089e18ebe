import Model

/// Velero's node-agent copies the files of volumes: without it a backup is "Completed" without
/// them, or waits for ever.
struct BackupAgentRules {
    let health: HealthFacts
    let wantsBackup: Bool

    func findings() -> [Finding] {
        guard wantsBackup else { return [] }
        switch health.backupAgent {
        case .unknown(let reason):
            guard reason != "not asked" else { return [] }
            return [
                Finding(
                    .warning, "backup.agent-unseen", "Velero's node-agent was not seen: \(reason)")
            ]
        case .known(nil):
            return [
                Finding(
                    .error, "backup.no-agent",
                    "Velero has no node-agent: the files of volumes would not be in the backup.",
                    fix: "install Velero with --use-node-agent, or go without: --no-backup")
            ]
        case .known(let agent?):
            guard agent.ready < agent.desired else { return [] }
            return [
                Finding(
                    .error, "backup.agent-not-ready",
                    "Velero's node-agent is ready on \(agent.ready) of \(agent.desired) nodes.",
                    fix: "kubectl -n velero get pods -l name=node-agent -o wide")
            ]
        }
    }
}
