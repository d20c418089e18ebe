import Model

/// Lays out the stages of a rollback by hand.
struct RollbackStages {
    let snapshot: Snapshot
    let options: PlanOptions
    let slots: [NodeName: PreviousSlot]
    /// In the order in which they go: workers, then control planes.
    let changes: [NodeChange]
    let edit: ValueEdit?
    let commit: CommitRequest?

    func stages() -> [Stage] {
        var stages = [prepare]
        if let declare { stages.append(declare) }
        let workers = changes.filter { $0.node.role == .worker }
        let planes = changes.filter { $0.node.role == .controlPlane }
        let size = snapshot.workersAtOnce(options)
        stages += stride(from: 0, to: workers.count, by: size).map { start in
            let batch = workers[start..<min(start + size, workers.count)]
            // Those behind may be why one goes back: they need not be Ready yet.
            let rest = workers[start...].map(\.node.name) + planes.map(\.node.name)
            return Stage(title: "workers", lanes: batch.map { lane($0, except: rest) })
        }
        stages += planes.enumerated().map { index, change in
            var steps = lane(change, except: planes[index...].map(\.node.name))
            if index == 0 { steps.insert(etcdSnapshot(of: change.node), at: 0) }
            return Stage(title: "control planes", lanes: [steps])
        }
        stages.append(finish)
        return stages
    }

    private var prepare: Stage {
        Stage(
            title: "prepare",
            lanes: [
                [
                    Step(
                        id: "locks", title: "take the locks", action: .perform(.takeLocks),
                        limit: Limit.short),
                    Step(
                        id: "preflight", title: "check the cluster",
                        gates: [.nodesReady(except: changes.map(\.node.name))], action: .check,
                        limit: options.limits.gate),
                ]
            ])
    }

    private var declare: Stage? {
        guard let edit else { return nil }
        var lane = [
            Step(
                id: "edit",
                title: "set \(edit.place.path) back to \(edit.new) in "
                    + edit.place.file,
                action: .perform(.edit(edit)), limit: Limit.short),
            Step(
                id: "review", title: "review what Terraform would do",
                action: .perform(
                    .reviewInfrastructure(
                        directory: snapshot.declaration.directory,
                        strict: options.apply != .never)),
                limit: options.limits.terraform),
        ]
        if options.commit, let commit {
            lane.append(
                Step(
                    id: "commit", title: "commit \(edit.place.file)",
                    action: .perform(.commit(commit)), limit: Limit.commit))
        }
        return Stage(title: "declare", lanes: [lane])
    }

    private func etcdSnapshot(of node: NodeIdentity) -> Step {
        Step(
            id: "etcd-snapshot", title: "save an etcd snapshot of \(node.name)", node: node.name,
            action: .perform(.snapshotEtcd(node)), limit: options.limits.prefetch)
    }

    private func lane(_ change: NodeChange, except rest: [NodeName]) -> [Step] {
        let node = change.node
        let isPlane = node.role == .controlPlane
        let etcd: [Gate] = isPlane ? [.etcdAllowsTakingDown(node.name)] : []
        let seen = snapshot.node(node.name)?.kubernetes.value
        let cordons = !standsAlone(node) && !(seen?.isCordoned ?? false)
        var steps: [Step] = []
        if cordons {
            steps.append(step(node, "cordon", "cordon \(node.name)", .cordon(node)))
        }
        if !standsAlone(node), seen?.isReady ?? true {
            steps.append(
                Step(
                    id: "\(node.name)/drain", title: "drain \(node.name)", node: node.name,
                    action: .drain(node), limit: options.limits.drain))
        }
        if isPlane, (snapshot.etcd.value?.members.count ?? 1) > 1 {
            steps.append(
                step(
                    node, "forfeit", "move etcd leadership off \(node.name)",
                    .forfeitLeadership(node)))
        }
        steps.append(
            Step(
                id: "\(node.name)/rollback", title: "roll \(node.name) back to \(change.to)",
                node: node.name, gates: etcd, action: .perform(.rollback(node)),
                limit: Limit.rollback))
        steps.append(
            Step(
                id: "\(node.name)/prove", title: "prove \(node.name)", node: node.name,
                action: .prove(node, expectation(change)), limit: options.limits.boot))
        if cordons {
            steps.append(step(node, "uncordon", "uncordon \(node.name)", .uncordon(node)))
        }
        if options.soak > .zero {
            steps.append(
                Step(
                    id: "\(node.name)/soak", title: "watch for a while", node: node.name,
                    gates: [.nodesReady(except: rest.filter { $0 != node.name })],
                    action: .soak(options.soak), limit: options.soak + options.limits.gate))
        }
        steps[0].gates =
            [.nodesReady(except: rest)] + etcd
            + steps[0].gates.filter {
                !etcd.contains($0)
            }
        return steps
    }

    /// Its extensions are those of the old image: the schematic stands for them.
    private func expectation(_ change: NodeChange) -> Expectation {
        let slot = slots[change.node.name]
        return Expectation(
            version: change.to, schematic: slot?.previousSchematic, extensions: [],
            role: change.node.role, previous: change.from,
            previousSchematic: slot?.runningSchematic, onFailure: .stop)
    }

    /// Whether there is no other node that pods of this one could move to.
    private func standsAlone(_ node: NodeIdentity) -> Bool {
        !snapshot.nodes.contains {
            $0.name != node.name && $0.kubernetes.value.map { !$0.isCordoned } ?? true
        }
    }

    private var finish: Stage {
        var lane = [
            Step(
                id: "prove-cluster", title: "prove the whole cluster",
                gates: [.nodesReady(except: [])], action: .check, limit: options.limits.gate)
        ]
        if edit != nil, options.apply != .never {
            lane.append(
                Step(
                    id: "apply", title: "apply with Terraform",
                    action: .perform(
                        .applyInfrastructure(directory: snapshot.declaration.directory)),
                    limit: options.limits.terraform))
        }
        if options.push, edit != nil, options.commit {
            lane.append(
                Step(
                    id: "push", title: "push the commit", action: .perform(.push),
                    limit: Limit.long))
        }
        lane.append(
            Step(
                id: "unlock", title: "release the locks", action: .perform(.releaseLocks),
                limit: Limit.short))
        return Stage(title: "finish", lanes: [lane])
    }

    private func step(
        _ node: NodeIdentity, _ name: String, _ title: String, _ operation: Operation
    ) -> Step {
        Step(
            id: "\(node.name)/\(name)", title: title, node: node.name,
            action: .perform(operation), limit: Limit.short)
    }
}
