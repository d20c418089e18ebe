package import Model

/// (Snapshot, Kubernetes version) to Plan: the control plane's components node by node, then
/// kube-proxy, the kubelets and the bootstrap manifests. No node is drained or rebooted.
package struct KubernetesPlanner: Sendable {
    private let snapshot: Snapshot
    private let options: PlanOptions
    private let id: RunID
    private let now: Double

    /// - Parameters:
    ///   - snapshot: with its `components`; without them there is nothing to plan from, and the
    ///     plan says so.
    ///   - id: names the run that will execute the plan.
    ///   - now: seconds since 1970, noted in the plan.
    package init(snapshot: Snapshot, options: PlanOptions, id: RunID, now: Double) {
        self.snapshot = snapshot
        // An apply before it would send all nodes their new images at once.
        var ordered = options
        if options.apply == .before { ordered.apply = .after }
        self.options = ordered
        self.id = id
        self.now = now
    }

    /// The plan to bring Kubernetes one hop further: to another patch of its minor or to the next
    /// minor. A plan with error findings must not be executed.
    package func plan(to version: Version) -> Plan {
        plan(to: version, target: .kubernetes(version))
    }

    /// The plan to go back: within the minor, or to the one before.
    package func plan(backTo version: Version) -> Plan {
        plan(to: version, target: .kubernetesRollback(version))
    }

    private func plan(to version: Version, target: Target) -> Plan {
        let rules = KubernetesRules(
            snapshot: snapshot, target: version, isRollback: target == .kubernetesRollback(version))
        let work = ComponentWork(snapshot: snapshot, version: version)
        let edit = edit(to: version)
        if work.isEmpty, edit == nil, !rules.isBlind {
            return assemble(target, work: work, edit: nil, stages: [], findings: [])
        }
        var findings = rules.findings()
        findings += ClusterRules(snapshot: snapshot, options: options).findings(for: .kubernetes)
        if case .kubernetes = target {
            findings += HealthRules(snapshot: snapshot, options: options, nodes: []).errors()
        }
        if let edit {
            findings += RepositoryRules(
                snapshot: snapshot, options: options, file: edit.place.file
            ).findings()
        }
        let stages = KubernetesStages(
            snapshot: snapshot, options: options, id: id, work: work, edit: edit,
            commit: edit.map { request($0, target: target) }
        ).stages()
        return assemble(
            target, work: work, edit: edit, stages: stages,
            findings: findings.sorted { $0.severity > $1.severity })
    }

    private func edit(to version: Version) -> ValueEdit? {
        guard let declared = snapshot.declaration.kubernetes.value, declared.version != version
        else { return nil }
        return ValueEdit(
            place: declared.place, old: declared.text, new: declared.spelling(of: version))
    }

    private func request(_ edit: ValueEdit, target: Target) -> CommitRequest {
        CommitRequest(
            edit,
            message: """
                kubernetes: \(isBack(target) ? "back from" : "upgrade") \(edit.old) to \(edit.new)

                Kubernetes of cluster \(snapshot.clusterName) goes from \(edit.old) to \
                \(edit.new),
                asked for with `bump \(target.title)`.

                Bump-Run: \(id)

                """)
    }

    private func isBack(_ target: Target) -> Bool {
        if case .kubernetesRollback = target { return true }
        return false
    }

    private func assemble(
        _ target: Target, work: ComponentWork, edit: ValueEdit?, stages: [Stage],
        findings: [Finding]
    ) -> Plan {
        Plan(
            id: id, target: target, options: options, clusterName: snapshot.clusterName,
            madeAt: now, basis: snapshot.signature,
            controlPlanes: snapshot.nodes.filter { $0.role == .controlPlane }.map(\.identity),
            nodes: stages.isEmpty ? [] : work.changes, edit: edit, stages: stages,
            findings: findings)
    }
}
