import Model

/// What stands in the way on this side: the repository, Terraform, and a run that is open.
struct SurroundingsRules {
    let snapshot: Snapshot
    let options: PlanOptions

    func findings() -> [Finding] { run() + obstacles() + infrastructure() }

    private func run() -> [Finding] {
        guard let run = snapshot.openRun else { return [] }
        return [
            Finding(
                .error, "run.open",
                run.isAlive
                    ? "A run is going on: \(run.title), run \(run.id)."
                    : "A run is open: \(run.title), run \(run.id).",
                fix: run.isAlive ? "wait for it" : "bump resume, or bump abort")
        ]
    }

    private func obstacles() -> [Finding] {
        guard options.commit else { return [] }
        return snapshot.repository.obstacles.map {
            Finding(
                .error, "repository.obstacle", $0.summary, at: $0.location,
                fix: $0.fix ?? "git status")
        }
    }

    private func infrastructure() -> [Finding] {
        switch snapshot.health?.infrastructure {
        case .known(let changes?):
            return [
                Finding(
                    .warning, "terraform.pending",
                    "Terraform would change something already now: \(changes).",
                    at: snapshot.declaration.directory,
                    fix: "look at it and apply it first: terraform "
                        + "-chdir=\(snapshot.declaration.directory) plan")
            ]
        case .unknown(let reason) where reason != "not asked":
            return [
                Finding(
                    .error, "terraform.no-plan", "Terraform cannot plan: \(reason)",
                    at: snapshot.declaration.directory,
                    fix: "terraform -chdir=\(snapshot.declaration.directory) plan")
            ]
        default: return []
        }
    }
}
