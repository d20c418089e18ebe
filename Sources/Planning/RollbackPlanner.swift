package import Model

/// Makes the plan of `bump rollback`: nodes boot their previous slot, one after another, with the
/// gates, the drain and the proof of a roll. When every node ends on one version, the file is set
/// back to it, so that HEAD goes on saying what the cluster is.
package struct RollbackPlanner: Sendable {
    private let snapshot: Snapshot
    private let options: PlanOptions
    private let named: [NodeName]
    private let slots: [NodeName: PreviousSlot]
    private let id: RunID
    private let now: Double

    /// - Parameters:
    ///   - named: the nodes that were asked for; when none was, the ones that the last upgrade
    ///     brought to what they run.
    ///   - slots: what the history of runs knows of each node's other slot.
    package init(
        snapshot: Snapshot, options: PlanOptions, named: [NodeName],
        slots: [NodeName: PreviousSlot], id: RunID, now: Double
    ) {
        self.snapshot = snapshot
        var options = options
        // Rolling back what was rolled back would boot the version that one wants to leave.
        options.onFailure = .stop
        self.options = options
        self.named = named
        self.slots = slots
        self.id = id
        self.now = now
    }

    /// The plan. One with error findings must not be executed; it has no stages then when there is
    /// nothing to go back to.
    package func plan() -> Plan {
        let chosen = self.chosen
        let rules = RollbackRules(
            snapshot: snapshot, named: named, chosen: chosen, slots: slots)
        let order = NodeOrder(chosen, snapshot: snapshot)
        let changes = (order.workers + order.controlPlanes).compactMap { node -> NodeChange? in
            guard let slot = slots[node.name] else { return nil }
            return NodeChange(
                node: node.identity, from: slot.running, to: slot.previous, image: "",
                method: .legacy, note: order.note(on: node) ?? "previous slot")
        }
        let edit = edit(after: changes)
        var findings = rules.findings(changes: changes, edit: edit)
        if edit != nil, options.commit {
            findings += snapshot.repository.obstacles.map {
                Finding(.error, "repository.obstacle", $0.summary, at: $0.location, fix: $0.fix)
            }
            findings += RepositoryRules(snapshot: snapshot, options: options).pushing()
        } else if edit != nil {
            findings.append(
                Finding(
                    .warning, "repository.no-commit",
                    "The edited file will not be committed: HEAD does not say what the cluster is.")
            )
        }
        let stages =
            changes.isEmpty
            ? []
            : RollbackStages(
                snapshot: snapshot, options: options, slots: slots, changes: changes, edit: edit,
                commit: edit.map(commitRequest)
            ).stages()
        return Plan(
            id: id, target: .rollback(nodes: named), options: options,
            clusterName: snapshot.clusterName, madeAt: now, basis: snapshot.signature,
            controlPlanes: snapshot.nodes.filter { $0.role == .controlPlane }.map(\.identity),
            nodes: changes, edit: edit, stages: stages,
            findings: findings.sorted { $0.severity > $1.severity })
    }

    /// The nodes to go back whose other slot is known to hold what they ran before.
    private var chosen: [NodeFacts] {
        let able = snapshot.nodes.filter { node in
            guard let slot = slots[node.name], let machine = node.machine.value else {
                return false
            }
            return slot.origin == .upgraded && slot.running == machine.version
        }
        if !named.isEmpty { return able.filter { named.contains($0.name) } }
        // Some may have been brought there by an earlier or a later run than the others.
        guard let latest = able.compactMap({ slots[$0.name] }).max(by: { $0.run < $1.run }) else {
            return []
        }
        return able.filter {
            slots[$0.name]?.previous == latest.previous
                && slots[$0.name]?.running == latest.running
        }
    }

    /// Only when all nodes agree afterwards: a file cannot say that half of them run another one.
    private func edit(after changes: [NodeChange]) -> ValueEdit? {
        let back = Dictionary(
            changes.map { ($0.node.name, $0.to) }, uniquingKeysWith: { first, _ in first })
        let versions = Set(snapshot.nodes.map { back[$0.name] ?? $0.machine.value?.version })
        guard versions.count == 1, let version = versions.first ?? nil,
            let declared = snapshot.declaration.talos.value, declared.version != version
        else { return nil }
        return ValueEdit(
            place: declared.place, old: declared.text, new: declared.spelling(of: version))
    }

    private func commitRequest(_ edit: ValueEdit) -> CommitRequest {
        CommitRequest(
            edit,
            message: """
                talos: back from \(edit.old) to \(edit.new)

                The nodes of cluster \(snapshot.clusterName) boot their previous slot again, asked \
                for with
                `bump \(Target.rollback(nodes: named).title)`.

                Bump-Run: \(id)

                """)
    }
}
