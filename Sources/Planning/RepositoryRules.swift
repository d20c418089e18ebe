import Model

/// Judges whether the edited file can be committed.
struct RepositoryRules {
    let snapshot: Snapshot
    let options: PlanOptions
    /// The file that is to be committed; nil when it is the one with the Talos version.
    var file: String?

    func findings() -> [Finding] {
        guard options.commit else {
            return [
                Finding(
                    .warning, "repository.no-commit",
                    "The edited file will not be committed: HEAD does not say what the cluster is.")
            ]
        }
        // What is wrong with another of the declared files is no matter of this commit.
        let committed = file ?? snapshot.declaration.talos.value?.place.file
        let others = Set(snapshot.declaration.files).subtracting([committed].compactMap(\.self))
        return snapshot.repository.obstacles.filter { obstacle in
            obstacle.location.map { !others.contains($0) } ?? true
        }.map {
            Finding(.error, "repository.obstacle", $0.summary, at: $0.location, fix: $0.fix)
        } + pushing()
    }

    /// What would be noticed only when the cluster is done.
    func pushing() -> [Finding] {
        guard options.push, let obstacle = snapshot.repository.pushObstacle else { return [] }
        return [
            Finding(
                .error, "repository.push", obstacle.summary, at: obstacle.location,
                fix: obstacle.fix)
        ]
    }
}
