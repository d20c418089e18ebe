package import Model

/// Makes the plan of `bump backup`: a Velero backup and an etcd snapshot, each verified, and beside
/// them what a rebuild needs when the cluster and Terraform's state of it are gone.
package struct BackupPlanner: Sendable {
    private let snapshot: Snapshot
    private let options: PlanOptions
    private let id: RunID
    private let now: Double

    package init(snapshot: Snapshot, options: PlanOptions, id: RunID, now: Double) {
        self.snapshot = snapshot
        self.options = options
        self.id = id
        self.now = now
    }

    package func plan(named name: String) -> Plan {
        var options = options
        options.backup = true
        let rules = ClusterRules(snapshot: snapshot, options: options)
        var lane = [
            Step(
                id: "backup", title: "back up with Velero as \(name)",
                action: .perform(.backUp(name: name)), limit: options.limits.backup)
        ]
        lane.append(
            Step(
                id: "rescue", title: "save credentials, outputs, state and the backup's object",
                action: .perform(.rescue(backup: name)), limit: options.limits.terraform))
        if let node = snapshot.nodes.first(where: {
            $0.role == .controlPlane && $0.machine.value != nil
        }) {
            lane.append(
                Step(
                    id: "etcd-snapshot", title: "save an etcd snapshot of \(node.name)",
                    node: node.name, action: .perform(.snapshotEtcd(node.identity)),
                    limit: options.limits.prefetch))
        }
        return Plan(
            id: id, target: .backup(name), options: options, clusterName: snapshot.clusterName,
            madeAt: now, basis: snapshot.signature, controlPlanes: [], nodes: [], edit: nil,
            stages: [Stage(title: "back up", lanes: [lane])],
            findings: rules.findings(for: .backup))
    }
}
