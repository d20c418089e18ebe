package import Model

/// Makes the plan that backs out of a run: upgraded nodes go back to their previous slot, in the
/// reverse of the order in which they were upgraded, and the commit is undone by another commit.
package struct AbortPlanner: Sendable {
    private let snapshot: Snapshot
    private let run: Plan
    private let touched: Set<NodeName>
    private let id: RunID
    private let now: Double

    /// - Parameters:
    ///   - run: the plan of the run to back out of.
    ///   - touched: nodes on which the run has begun to install.
    package init(
        snapshot: Snapshot, run: Plan, touched: Set<NodeName>, id: RunID, now: Double
    ) {
        self.snapshot = snapshot
        self.run = run
        self.touched = touched
        self.id = id
        self.now = now
    }

    package func plan() -> Plan {
        let back = run.nodes.reversed().filter(goesBack)
        var stages = [prepare]
        let freed = run.nodes.filter { change in
            !back.contains(change) && isCordonedByRun(change.node.name)
        }
        if !freed.isEmpty {
            stages.append(Stage(title: "uncordon", lanes: freed.map { [uncordon($0.node)] }))
        }
        stages += back.map { change in
            Stage(title: "roll back", lanes: [lane(change)])
        }
        stages.append(finish)
        return Plan(
            id: id, target: .abort(run.id), options: run.options,
            clusterName: run.clusterName, madeAt: now, basis: snapshot.signature,
            controlPlanes: run.controlPlanes,
            nodes: back.map {
                NodeChange(
                    node: $0.node, from: $0.to, to: $0.from, image: $0.image, method: $0.method,
                    note: "previous slot")
            }, edit: edit, stages: stages, findings: findings(back))
    }

    /// Touched, and not back on the old version by itself. A node that was installed but never
    /// rebooted runs the old version still, yet its next boot would not.
    private func goesBack(_ change: NodeChange) -> Bool {
        guard touched.contains(change.node.name) else { return false }
        guard let machine = snapshot.node(change.node.name)?.machine.value else { return true }
        return machine.version == change.to
    }

    private func findings(_ back: [NodeChange]) -> [Finding] {
        back.compactMap { change in
            guard let reason = snapshot.node(change.node.name)?.machine.reason else { return nil }
            return Finding(
                .error, "node.unreachable", "\(change.node.name) does not answer: \(reason)",
                at: change.node.name.text,
                fix: "bring the machine back first; its console tells more")
        }
    }

    private var edit: ValueEdit? {
        run.edit.map { ValueEdit(place: $0.place, old: $0.new, new: $0.old) }
    }

    private var prepare: Stage {
        Stage(
            title: "prepare",
            lanes: [
                [
                    Step(
                        id: "locks", title: "take the locks", action: .perform(.takeLocks),
                        limit: .seconds(60))
                ]
            ])
    }

    private func lane(_ change: NodeChange) -> [Step] {
        let node = change.node
        let isPlane = node.role == .controlPlane
        let etcd: [Gate] = isPlane ? [.etcdAllowsTakingDown(node.name)] : []
        let standsAlone = snapshot.nodes.count == 1
        let wasCordoned =
            (snapshot.node(node.name)?.kubernetes.value?.isCordoned ?? false)
            && !isCordonedByRun(node.name)
        var steps: [Step] = []
        if !standsAlone {
            if !wasCordoned, !isCordonedByRun(node.name) {
                steps.append(
                    step(node, "cordon", "cordon \(node.name)", .cordon(node.name)))
            }
            steps.append(
                Step(
                    id: "\(node.name)/drain", title: "drain \(node.name)", node: node.name,
                    action: .drain(node), limit: run.options.limits.drain))
        }
        steps.append(
            Step(
                id: "\(node.name)/rollback", title: "roll \(node.name) back to \(change.from)",
                node: node.name, gates: etcd, action: .perform(.rollback(node)),
                limit: .seconds(120)))
        steps.append(
            Step(
                id: "\(node.name)/prove", title: "prove \(node.name)", node: node.name,
                action: .prove(node, expectation(change)), limit: run.options.limits.boot))
        if !standsAlone, !wasCordoned { steps.append(uncordon(node)) }
        steps[0].gates = [.nodesReady(except: [node.name])] + etcd + steps[0].gates
        return steps
    }

    private func uncordon(_ node: NodeIdentity) -> Step {
        step(node, "uncordon", "uncordon \(node.name)", .uncordon(node.name))
    }

    private func step(
        _ node: NodeIdentity, _ name: String, _ title: String, _ operation: Operation
    ) -> Step {
        Step(
            id: "\(node.name)/\(name)", title: title, node: node.name,
            action: .perform(operation), limit: .seconds(60))
    }

    private func expectation(_ change: NodeChange) -> Expectation {
        let old = previousExpectation(of: change.node.name)
        return Expectation(
            version: change.from, schematic: old?.previousSchematic, extensions: [],
            role: change.node.role, previous: change.to, previousSchematic: old?.schematic,
            onFailure: .stop)
    }

    private func previousExpectation(of name: NodeName) -> Expectation? {
        for step in run.steps {
            if case .prove(let node, let expectation) = step.action, node.name == name {
                return expectation
            }
        }
        return nil
    }

    private func isCordonedByRun(_ name: NodeName) -> Bool {
        snapshot.node(name)?.kubernetes.value?.cordonedBy == run.id.text
    }

    private var finish: Stage {
        var lane: [Step] = []
        if let edit {
            lane.append(
                Step(
                    id: "edit", title: "set \(edit.place.path) back to \(edit.new)",
                    action: .perform(.edit(edit)), limit: .seconds(60)))
            if run.options.commit {
                lane.append(
                    Step(
                        id: "commit", title: "commit \(edit.place.file)",
                        action: .perform(.commit(commit(edit))), limit: .seconds(60)))
            }
        }
        lane.append(
            Step(
                id: "unlock", title: "release the locks", action: .perform(.releaseLocks),
                limit: .seconds(60)))
        return Stage(title: "finish", lanes: [lane])
    }

    private func commit(_ edit: ValueEdit) -> CommitRequest {
        CommitRequest(
            paths: [edit.place.file],
            message: """
                talos: back from \(edit.old) to \(edit.new)

                Run \(run.id) was backed out of with `bump abort`; its nodes run \(edit.new) again.

                Bump-Run: \(id)

                """)
    }
}
