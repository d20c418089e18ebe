import Model

/// The stages that every upgrade has around its work: locks and pre-flight, backup, the edited and
/// committed file, the end.
struct RunFrame {
    let snapshot: Snapshot
    let options: PlanOptions
    let id: RunID
    let edit: ValueEdit?
    let commit: CommitRequest?
    /// The schematic that Terraform must make of the edited file; nil when that is no matter.
    var promise: SchematicPromise?

    private var limits: Limits { options.limits }

    var prepare: Stage {
        Stage(
            title: "prepare",
            lanes: [
                [
                    Step(
                        id: "locks", title: "take the locks", action: .perform(.takeLocks),
                        limit: Limit.short),
                    Step(
                        id: "preflight", title: "check the cluster",
                        gates: [.nodesReady(except: [])], action: .check, limit: limits.gate),
                ]
            ])
    }

    /// Nil when none is wanted.
    var backup: Stage? {
        guard options.backup else { return nil }
        let step = Step(
            id: "backup", title: "back up with Velero",
            action: .perform(.backUp(name: "bump-\(id)")), limit: limits.backup)
        return Stage(title: "back up", lanes: [[step]])
    }

    /// Nil when nothing is edited.
    var declare: Stage? {
        guard let edit else { return nil }
        let directory = snapshot.declaration.directory
        var lane = [
            Step(
                id: "edit",
                title: "set \(edit.place.path) to \(ValueEdit.shown(edit.new)) in "
                    + edit.place.file,
                action: .perform(.edit(edit)), limit: Limit.short),
            Step(
                id: "review", title: "review what Terraform would do",
                action: .perform(
                    .reviewInfrastructure(
                        directory: directory, strict: options.apply != .never,
                        schematic: promise)),
                limit: limits.terraform),
        ]
        if options.commit, let commit {
            lane.append(
                Step(
                    id: "commit", title: "commit \(edit.place.file)",
                    action: .perform(.commit(commit)), limit: Limit.commit))
        }
        if options.apply == .before {
            lane.append(apply)
        }
        return Stage(title: "declare", lanes: [lane])
    }

    var finish: Stage {
        var lane = [
            Step(
                id: "prove-cluster", title: "prove the whole cluster",
                gates: [.nodesReady(except: [])], action: .check, limit: limits.gate)
        ]
        if edit != nil, options.apply == .after {
            lane.append(apply)
        }
        if options.push, edit != nil, options.commit {
            lane.append(
                Step(
                    id: "push", title: "push the commit", action: .perform(.push), limit: Limit.long
                ))
        }
        lane.append(
            Step(
                id: "unlock", title: "release the locks", action: .perform(.releaseLocks),
                limit: Limit.short))
        return Stage(title: "finish", lanes: [lane])
    }

    private var apply: Step {
        Step(
            id: "apply", title: "apply with Terraform",
            action: .perform(.applyInfrastructure(directory: snapshot.declaration.directory)),
            limit: limits.terraform)
    }
}

/// Bounds of steps that are quick, or whose time nobody would want to set.
enum Limit {
    static let short = Duration.seconds(60)
    static let rollback = Duration.seconds(120)
    static let long = Duration.seconds(300)
    /// Hooks and the program that signs are bounded each by themselves.
    static let commit = Duration.seconds(1800)
}
