package import Model

/// (Snapshot, Target) to Plan. Pure: the same input gives the same plan.
package struct Planner: Sendable {
    private let snapshot: Snapshot
    private let options: PlanOptions
    private let id: RunID
    private let now: Double

    /// - Parameters:
    ///   - id: names the run that will execute the plan.
    ///   - now: seconds since 1970, noted in the plan.
    package init(snapshot: Snapshot, options: PlanOptions, id: RunID, now: Double) {
        self.snapshot = snapshot
        self.options = options
        self.id = id
        self.now = now
    }

    /// The plan to bring every node to a Talos version, with what the planner has to say about it.
    /// A plan with error findings must not be executed.
    package func talosPlan(to version: Version) -> Plan {
        let pending = snapshot.nodes.filter { needsRoll($0, to: version) }
        let edit = edit(to: version)
        if pending.isEmpty && edit == nil && snapshot.nodes.allSatisfy({ $0.machine.value != nil })
        {
            return assemble(version, changes: [], edit: nil, stages: [], findings: [])
        }
        let versions = VersionRules(snapshot: snapshot, target: version).findings()
        var findings = versions + ClusterRules(snapshot: snapshot, options: options).findings()
        findings += HealthRules(
            snapshot: snapshot, options: options, nodes: Set(pending.map(\.name))
        ).errors()
        if let edit {
            findings += RepositoryRules(
                snapshot: snapshot, options: options, file: edit.place.file
            ).findings()
        }
        let order = NodeOrder(pending, snapshot: snapshot)
        let changes = (order.workers + order.controlPlanes).compactMap { node in
            change(of: node, to: version, note: order.note(on: node))
        }
        let roll = RollStages(
            snapshot: snapshot, options: options, id: id, changes: changes, edit: edit,
            commit: edit.map { commitRequest($0, to: version, changes: changes) })
        if changes.contains(where: { roll.standsAlone($0.node) }) {
            findings.append(
                Finding(
                    .note, "drain.nowhere-to-go",
                    "There is no other node for the pods to move to: they stop with the node."))
        }
        return assemble(
            version, changes: changes, edit: edit, stages: roll.stages(),
            findings: findings.sorted { $0.severity > $1.severity })
    }

    private func needsRoll(_ node: NodeFacts, to version: Version) -> Bool {
        guard let machine = node.machine.value else { return false }
        return machine.version != version
    }

    private func change(of node: NodeFacts, to version: Version, note: String?) -> NodeChange? {
        guard let machine = node.machine.value else { return nil }
        let image = InstallerChoice.image(
            for: machine, version: version, schematic: machine.schematic)
        return NodeChange(
            node: node.identity, from: machine.version, to: version, image: image.description,
            method: machine.servesLifecycle ? .lifecycle : .legacy, note: note)
    }

    private func edit(to version: Version) -> ValueEdit? {
        guard let declared = snapshot.declaration.talos.value, declared.version != version else {
            return nil
        }
        return ValueEdit(
            place: declared.place, old: declared.text, new: declared.spelling(of: version))
    }

    private func commitRequest(
        _ edit: ValueEdit, to version: Version, changes: [NodeChange]
    ) -> CommitRequest {
        let workers = changes.filter { $0.node.role == .worker }.count
        let planes = changes.count - workers
        let nodes = [count(planes, "control plane"), count(workers, "worker")]
            .compactMap(\.self).joined(separator: " and ")
        let message = """
            talos: upgrade \(edit.old) to \(edit.new)

            Talos Linux of cluster \(snapshot.clusterName) goes from \(edit.old) to \(edit.new)\
            \(nodes.isEmpty ? "" : "\non \(nodes)"), asked for with `bump talos \(version)`.

            Bump-Run: \(id)

            """
        return CommitRequest(edit, message: message)
    }

    private func count(_ number: Int, _ noun: String) -> String? {
        number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private func assemble(
        _ version: Version, changes: [NodeChange], edit: ValueEdit?, stages: [Stage],
        findings: [Finding]
    ) -> Plan {
        Plan(
            id: id, target: .talos(version), options: options, clusterName: snapshot.clusterName,
            madeAt: now, basis: snapshot.signature,
            controlPlanes: snapshot.nodes.filter { $0.role == .controlPlane }.map(\.identity),
            nodes: changes, edit: edit, stages: stages, findings: findings)
    }
}
