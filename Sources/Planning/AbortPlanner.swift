package import Model

/// Makes the plan that backs out of a run: upgraded nodes go back to their previous slot, in the
/// reverse of the order in which they were upgraded, and the commit is undone by another commit.
package struct AbortPlanner: Sendable {
    private let snapshot: Snapshot
    private let run: Plan
    private let touched: [NodeName: InstallTrace]
    private let id: RunID
    private let now: Double

    /// - Parameters:
    ///   - run: the plan of the run to back out of.
    ///   - touched: nodes on which the run has begun to install, and how far it got.
    package init(
        snapshot: Snapshot, run: Plan, touched: [NodeName: InstallTrace], id: RunID, now: Double
    ) {
        self.snapshot = snapshot
        self.run = run
        self.touched = touched
        self.id = id
        self.now = now
    }

    package func plan() -> Plan {
        let back = run.nodes.reversed().compactMap { change in
            way(of: change).map { (change: change, way: $0) }
        }
        var stages = [frame.prepare]
        // Pods that leave one node need the others: all but the first to go are uncordoned.
        let freed = run.nodes.filter { change in
            isCordonedByRun(change.node.name) && change != back.first?.change
        }
        if !freed.isEmpty {
            stages.append(Stage(title: "uncordon", lanes: freed.map { [release($0.node)] }))
        }
        for (index, (change, way)) in back.enumerated() {
            let lane = lane(
                change, way, isCordoned: index == 0 && isCordonedByRun(change.node.name))
            stages.append(Stage(title: "roll back", lanes: [lane]))
        }
        stages.append(frame.finish)
        return Plan(
            id: id, target: .abort(run.id), options: options,
            clusterName: run.clusterName, madeAt: now, basis: snapshot.signature,
            controlPlanes: run.controlPlanes,
            nodes: back.map { change, way in
                NodeChange(
                    node: change.node, from: change.to, to: change.from, image: change.image,
                    method: change.method, note: way.note)
            }, edit: frame.edit, stages: stages, findings: findings())
    }

    /// A way back has no way back of its own.
    private var options: PlanOptions {
        var options = run.options
        options.onFailure = .stop
        return options
    }

    /// How a node gets back.
    private enum Way: Equatable {
        /// It runs the new version: boot the previous slot.
        case rollBack
        /// It runs the old version in the boot in which the new one was installed. A rollback makes
        /// the running slot the default again.
        case unprime(bootID: String)
        /// It runs the old version, and whether the new one was installed is not known: boot it,
        /// and roll back when that brings the new version.
        case findOut

        var note: String {
            switch self {
            case .rollBack: "previous slot"
            case .unprime: "installed and not booted"
            case .findOut: "was being installed, the boot tells"
            }
        }
    }

    /// Nil when nothing is to be done about the node: it was not touched, or is back by itself.
    private func way(of change: NodeChange) -> Way? {
        guard let trace = touched[change.node.name] else { return nil }
        guard let facts = snapshot.node(change.node.name), let machine = facts.machine.value else {
            return .rollBack
        }
        if runsNew(machine, change) { return .rollBack }
        // What the older way installs it boots at once, and so does a rollback: such a node is back.
        guard change.method == .lifecycle, !run.target.goesBack, machine.version == change.from
        else { return nil }
        guard let boot = facts.bootID, let before = trace.bootID else { return .findOut }
        guard boot == before else { return nil }
        return trace.isComplete ? .unprime(bootID: boot) : .findOut
    }

    /// A roll at the same version is told by the schematic.
    private func runsNew(_ machine: MachineFacts, _ change: NodeChange) -> Bool {
        guard machine.version == change.to else { return false }
        guard change.from == change.to, let promise = previousExpectation(of: change.node.name)
        else { return true }
        return machine.schematic == promise.schematic
    }

    private func findings() -> [Finding] {
        frame.findings(snapshot.declaration)
            + run.nodes.flatMap { change -> [Finding] in
                let name = change.node.name
                var found: [Finding] = []
                if touched[name] != nil { found += machineFindings(change) }
                if let reason = snapshot.node(name)?.kubernetes.reason {
                    found.append(
                        Finding(
                            .error, "node.not-in-kubernetes",
                            "Kubernetes does not tell of \(name), nor whether the run cordoned it: "
                                + reason, at: name.text,
                            fix:
                                "bring the API server back first; talosctl -n \(change.node.address) "
                                + "services tells what is missing"))
                }
                return found
            }
    }

    private func machineFindings(_ change: NodeChange) -> [Finding] {
        let name = change.node.name
        guard let facts = snapshot.node(name), let machine = facts.machine.value else {
            let reason = snapshot.node(name)?.machine.reason ?? "it is not among the nodes any more"
            return [
                Finding(
                    .error, "node.unreachable", "\(name) does not answer: \(reason)",
                    at: name.text, fix: "bring the machine back first; its console tells more")
            ]
        }
        if machine.version != change.to, machine.version != change.from {
            return [
                Finding(
                    .warning, "node.other-version",
                    "\(name) runs \(machine.version), neither \(change.to) nor \(change.from): it "
                        + "is left alone.", at: name.text)
            ]
        }
        if [.upgrading, .installing, .rebooting].contains(machine.stage) {
            return [
                Finding(
                    .error, "node.not-ready", "\(name) is \(machine.stage.rawValue).",
                    at: name.text, fix: "wait until it is back, then: bump abort")
            ]
        }
        return []
    }

    private var frame: AbortFrame {
        AbortFrame(run: run, id: id, directory: snapshot.declaration.directory)
    }

    private func lane(_ change: NodeChange, _ way: Way, isCordoned: Bool) -> [Step] {
        let node = change.node
        let isPlane = node.role == .controlPlane
        let etcd: [Gate] = isPlane ? [.etcdAllowsTakingDown(node.name)] : []
        let standsAlone = snapshot.nodes.count == 1
        let wasCordoned =
            (snapshot.node(node.name)?.kubernetes.value?.isCordoned ?? false)
            && !isCordonedByRun(node.name)
        var steps: [Step] = []
        if !standsAlone {
            if !wasCordoned, !isCordoned {
                steps.append(
                    step(node, "cordon", "cordon \(node.name)", .cordon(node)))
            }
            steps.append(
                Step(
                    id: "\(node.name)/drain", title: "drain \(node.name)", node: node.name,
                    action: .drain(node), limit: run.options.limits.drain))
        }
        steps += goBack(change, way, gates: etcd)
        steps.append(
            Step(
                id: "\(node.name)/prove", title: "prove \(node.name)", node: node.name,
                action: .prove(node, expectation(change)), limit: run.options.limits.boot))
        if !standsAlone, !wasCordoned { steps.append(uncordon(node)) }
        steps[0].gates = [.nodesReady(except: [node.name])] + etcd + steps[0].gates
        return steps
    }

    /// What brings the old version up, whatever the node's disk holds.
    private func goBack(_ change: NodeChange, _ way: Way, gates: [Gate]) -> [Step] {
        let node = change.node
        let limits = run.options.limits
        var rollback = Step(
            id: "\(node.name)/rollback", title: "roll \(node.name) back to \(change.from)",
            node: node.name, gates: gates, action: .perform(.rollback(node)),
            limit: .seconds(120))
        guard change.method == .lifecycle else { return [rollback] }
        let wait = Step(
            id: "\(node.name)/await-installer", title: "let an installer on \(node.name) end",
            node: node.name, action: .perform(.awaitInstaller(node)), limit: limits.install)
        switch way {
        case .rollBack: return [rollback]
        case .unprime(let bootID):
            rollback.gates.append(.stillInBoot(node, bootID: bootID))
            return [wait, rollback]
        case .findOut:
            // Until the node is back, and then for the call.
            rollback.limit += limits.boot
            rollback.title += ", unless it boots that"
            let reboot = Step(
                id: "\(node.name)/reboot", title: "reboot \(node.name)", node: node.name,
                gates: gates, action: .perform(.reboot(node)), limit: .seconds(60))
            return [wait, reboot, rollback]
        }
    }

    /// Ahead of the way back, so that its own step can uncordon it once more.
    private func release(_ node: NodeIdentity) -> Step {
        step(node, "release", "uncordon \(node.name)", .uncordon(node))
    }

    private func uncordon(_ node: NodeIdentity) -> Step {
        step(node, "uncordon", "uncordon \(node.name)", .uncordon(node))
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
}
