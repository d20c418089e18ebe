package import Model

/// The cordons of a dead run whose lock is taken over: they are taken back first, so that the pods
/// of the node that goes first have a place to go.
package struct CordonRelease {
    private let run: RunID
    private let nodes: [NodeIdentity]

    package init(of run: RunID, in snapshot: Snapshot) {
        self.run = run
        nodes = snapshot.nodes.filter { $0.kubernetes.value?.cordonedBy == run.text }
            .map(\.identity)
    }

    /// The cluster as it will be then.
    package func foreseen(_ snapshot: Snapshot) -> Snapshot {
        let names = Set(nodes.map(\.name))
        var snapshot = snapshot
        for index in snapshot.nodes.indices where names.contains(snapshot.nodes[index].name) {
            guard var facts = snapshot.nodes[index].kubernetes.value else { continue }
            facts.isCordoned = false
            facts.cordonedBy = nil
            snapshot.nodes[index].kubernetes = .known(facts)
        }
        if let rooms = snapshot.health?.rooms.value {
            snapshot.health?.rooms = .known(
                rooms.map { room in
                    var room = room
                    if names.contains(room.name) { room.isCordoned = false }
                    return room
                })
        }
        return snapshot
    }

    /// The plan with the release right behind its locks.
    package func ahead(of plan: Plan) -> Plan {
        guard !plan.isEmpty, !nodes.isEmpty else { return plan }
        let lanes = nodes.map { node in
            [
                Step(
                    id: "\(node.name)/release", title: "uncordon \(node.name)", node: node.name,
                    action: .perform(.uncordon(node)), limit: Limit.short)
            ]
        }
        var plan = plan
        plan.stages.insert(Stage(title: "uncordon", lanes: lanes), at: 1)
        plan.findings.append(
            Finding(
                .note, "node.cordoned",
                "\(nodes.map(\.name.text).joined(separator: ", ")) was left cordoned by run \(run), "
                    + "whose lock is taken over: that is taken back first."))
        return plan
    }
}
