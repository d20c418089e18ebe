package import Model

/// Makes the plan that backs out of a Kubernetes run: every image that the run has set goes back
/// to what it was, in the reverse order, each proven; then the file.
package struct KubernetesAbortPlanner: Sendable {
    private let snapshot: Snapshot
    private let run: Plan
    private let begun: Set<String>
    private let id: RunID
    private let now: Double

    /// - Parameters:
    ///   - run: the plan of the run to back out of.
    ///   - begun: ids of its steps that were begun.
    package init(snapshot: Snapshot, run: Plan, begun: Set<String>, id: RunID, now: Double) {
        self.snapshot = snapshot
        self.run = run
        self.begun = begun
        self.id = id
        self.now = now
    }

    package func plan() -> Plan {
        let frame = AbortFrame(
            run: run, id: id, directory: snapshot.declaration.directory)
        return Plan(
            id: id, target: .abort(run.id), options: run.options, clusterName: run.clusterName,
            madeAt: now, basis: snapshot.signature, controlPlanes: run.controlPlanes,
            nodes: changes, edit: frame.edit, stages: [frame.prepare] + stages + [frame.finish],
            findings: frame.findings(snapshot.declaration) + findings)
    }

    private var findings: [Finding] {
        items.compactMap { item in
            guard let reason = snapshot.node(item.node.name)?.machine.reason else { return nil }
            return Finding(
                .error, "node.unreachable", "\(item.node.name) does not answer: \(reason)",
                at: item.node.name.text, fix: "bring the machine back first")
        }
    }

    private var stages: [Stage] {
        var stages: [Stage] = []
        var proxy: ComponentWork.Item?
        for item in items.reversed() {
            if item.component == .proxy { proxy = item }
            stages.append(
                Stage(
                    title: item.component == .kubelet ? "kubelets" : item.component.rawValue,
                    lanes: [lane(item)]))
        }
        if let proxy, begun.contains("manifests") {
            stages.append(
                Stage(
                    title: "manifests",
                    lanes: [
                        [
                            Step(
                                id: "manifests",
                                title: "bring the bootstrap manifests into the cluster",
                                action: .perform(
                                    .applyManifests(
                                        proxy.node, proxy: proxy.image, inventory: false)),
                                limit: run.options.limits.component * 2),
                            Step(
                                id: "kube-proxy/prove", title: "prove kube-proxy",
                                action: .proveComponent(.proxy, image: proxy.image, proxy.node),
                                limit: run.options.limits.component),
                        ]
                    ]))
        }
        return stages
    }

    private var changes: [NodeChange] {
        run.nodes.filter { change in items.contains { $0.node == change.node } }.map {
            NodeChange(
                node: $0.node, from: $0.to, to: $0.from, image: $0.image, method: .inPlace)
        }
    }

    /// What the run has begun to set, as it was before.
    private var items: [ComponentWork.Item] {
        run.steps.compactMap { step in
            guard case .perform(.setImage(let component, let image, let node)) = step.action,
                begun.contains(step.id), let new = ComponentImage(image),
                let old = run.nodes.first(where: { $0.node == node })?.from
            else { return nil }
            return ComponentWork.Item(
                node: node, component: component, from: new.version,
                image: new.at(old).description)
        }
    }

    private func lane(_ item: ComponentWork.Item) -> [Step] {
        let name = item.component.rawValue
        let version = ComponentImage(item.image)?.version.number ?? item.image
        let set = Step(
            id: "\(item.node.name)/\(name)",
            title: "set \(name) of \(item.node.name) back to \(version)", node: item.node.name,
            action: .perform(.setImage(item.component, image: item.image, item.node)),
            limit: Limit.short)
        if item.component == .proxy { return [set] }
        return [
            set,
            Step(
                id: "\(item.node.name)/\(name)/prove",
                title: "prove \(name) of \(item.node.name)", node: item.node.name,
                action: .proveComponent(item.component, image: item.image, item.node),
                limit: run.options.limits.component),
        ]
    }
}
