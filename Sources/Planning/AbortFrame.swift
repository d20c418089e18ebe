import Model

/// What every way back has around its work: the locks first, the file and its commit last.
struct AbortFrame {
    let run: Plan
    let id: RunID
    /// The Terraform directory.
    let directory: String

    /// What the run has edited, backwards.
    var edit: ValueEdit? {
        run.edit.map { ValueEdit(place: $0.place, old: $0.new, new: $0.old) }
    }

    var prepare: Stage {
        Stage(
            title: "prepare",
            lanes: [
                [
                    Step(
                        id: "locks", title: "take the locks", action: .perform(.takeLocks),
                        limit: Limit.short)
                ]
            ])
    }

    var finish: Stage {
        var lane: [Step] = []
        if let edit {
            lane.append(
                Step(
                    id: "edit", title: "set \(edit.place.path) back to \(edit.new)",
                    action: .perform(.edit(edit)), limit: Limit.short))
            if run.options.commit {
                lane.append(
                    Step(
                        id: "commit", title: "commit \(edit.place.file)",
                        action: .perform(.commit(commit(edit))), limit: Limit.short))
            }
        }
        if edit != nil, run.options.apply == .before {
            lane.append(
                Step(
                    id: "apply", title: "apply with Terraform",
                    action: .perform(.applyInfrastructure(directory: directory)),
                    limit: run.options.limits.terraform))
        }
        lane.append(
            Step(
                id: "unlock", title: "release the locks", action: .perform(.releaseLocks),
                limit: Limit.short))
        return Stage(title: "finish", lanes: [lane])
    }

    private func commit(_ edit: ValueEdit) -> CommitRequest {
        CommitRequest(
            edit,
            message: """
                \(run.target.noun): back from \(edit.old) to \(edit.new)

                Run \(run.id) was backed out of with `bump abort`: the cluster is as \(edit.new) \
                says again.

                Bump-Run: \(id)

                """)
    }
}
