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

    /// A value that is neither what the run set nor what was there before: the way back would end
    /// at the file, after the nodes.
    func findings(_ declaration: Declaration) -> [Finding] {
        guard let edit, let now = declared(at: edit.place, declaration), now != edit.old,
            now != edit.new
        else { return [] }
        let isList =
            edit.place.path == declaration.extensionsPlace?.path
            && declaration.extensionsForm != .schematicID
        let file = edit.place.file
        let setting =
            isList
            ? "put \(edit.new) back in \(file)"
            : "bump tfvars set \(file) '\(edit.place.path)' '\(edit.new)'"
        return [
            Finding(
                .error, "declaration.other-value",
                "\(edit.place.path) was changed since to \(now): that is neither \(edit.old), which "
                    + "the run set, nor \(edit.new), to which the way back leads.", at: file,
                fix: setting
                    + (run.options.commit
                        ? "\(isList ? ", then:" : " &&") git commit -m 'back to \(edit.new)' -- \(file)"
                        : "") + ", then: bump abort")
        ]
    }

    /// As the edit writes it; nil when it is not known, which the edit itself will tell.
    private func declared(at place: Place, _ declaration: Declaration) -> String? {
        func isThere(_ other: Place?) -> Bool {
            other?.file == place.file && other?.path == place.path
        }
        for value in [declaration.talos.value, declaration.kubernetes.value] {
            if let value, isThere(value.place) { return value.text }
        }
        guard isThere(declaration.extensionsPlace) else { return nil }
        if declaration.extensionsForm == .schematicID { return declaration.schematic?.text }
        return declaration.extensions.value?.joined(separator: ",")
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
                    id: "edit",
                    title: "set \(edit.place.path) back to \(ValueEdit.shown(edit.new))",
                    action: .perform(.edit(edit)), limit: Limit.short))
            if run.options.commit {
                lane.append(
                    Step(
                        id: "commit", title: "commit \(edit.place.file)",
                        action: .perform(.commit(commit(edit))), limit: Limit.commit))
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
                \(run.target.noun): back from \(ValueEdit.shown(edit.old)) to \(ValueEdit.shown(edit.new))

                Run \(run.id) was backed out of with `bump abort`: the cluster is as \
                \(ValueEdit.shown(edit.new)) says again.

                Bump-Run: \(id)

                """)
    }
}
