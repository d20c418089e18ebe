import Model

/// Judges whether the edited file can be committed.
struct RepositoryRules {
    let snapshot: Snapshot
    let options: PlanOptions

    func findings() -> [Finding] {
        guard options.commit else {
            return [
                Finding(
                    .warning, "repository.no-commit",
                    "The edited file will not be committed: HEAD does not say what the cluster is.")
            ]
        }
        return snapshot.repository.obstacles.map {
            Finding(.error, "repository.obstacle", $0.summary, at: $0.location, fix: $0.fix)
        }
    }
}
