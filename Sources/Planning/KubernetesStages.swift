import Model

/// Lays out the stages of a Kubernetes upgrade. Source of the order: siderolabs/talos
/// `pkg/cluster/kubernetes/talos_managed.go` (`talosctl upgrade-k8s`).
struct KubernetesStages {
    let snapshot: Snapshot
    let options: PlanOptions
    let id: RunID
    let work: ComponentWork
    let edit: ValueEdit?
    let commit: CommitRequest?

    func stages() -> [Stage] {
        let frame = RunFrame(
            snapshot: snapshot, options: options, id: id, edit: edit, commit: commit)
        var stages = [frame.prepare]
        if !prefetch.isEmpty { stages.append(Stage(title: "prefetch", lanes: prefetch)) }
        if !work.isEmpty {
            if let backup = frame.backup { stages.append(backup) }
            stages.append(snapshotStage)
        }
        if let declare = frame.declare { stages.append(declare) }
        for component in KubernetesComponent.allCases {
            stages += items(of: component).map { item in
                Stage(title: title(of: component), lanes: [lane(item)])
            }
        }
        if let manifests { stages.append(manifests) }
        stages.append(frame.finish)
        return stages
    }

    private func items(of component: KubernetesComponent) -> [ComponentWork.Item] {
        work.items.filter { $0.component == component }
    }

    private func title(of component: KubernetesComponent) -> String {
        component == .kubelet ? "kubelets" : component.rawValue
    }

    /// Each node pulls what it will run, one image after the other.
    private var prefetch: [[Step]] {
        snapshot.nodes.compactMap { node in
            let steps = work.items.filter { $0.node.name == node.name && $0.component != .proxy }
                .map { item in
                    Step(
                        id: "\(node.name)/\(item.component.rawValue)/pull",
                        title: "pull \(item.component.rawValue) to \(node.name)", node: node.name,
                        action: .perform(

                            .prefetch(item.component, image: item.image, item.node)),
                        limit: options.limits.prefetch)
                }
            return steps.isEmpty ? nil : steps
        }
    }

    private var snapshotStage: Stage {
        let lanes = work.manifestNode.map { node in
            [
                Step(
                    id: "etcd-snapshot", title: "save an etcd snapshot of \(node.name)",
                    node: node.name, action: .perform(.snapshotEtcd(node)),
                    limit: options.limits.prefetch)
            ]
        }
        return Stage(title: "save etcd", lanes: [lanes].compactMap(\.self))
    }

    /// One component on one node: set, then proven before anything else is touched.
    private func lane(_ item: ComponentWork.Item) -> [Step] {
        let name = item.component.rawValue
        let set = Step(
            id: "\(item.node.name)/\(name)",
            title: "set \(name) of \(item.node.name) to "
                + work.version.number, node: item.node.name,
            gates: gates(for: item),
            action: .perform(.setImage(item.component, image: item.image, item.node)),
            limit: .seconds(60))
        if item.component == .proxy { return [set] }
        let prove = Step(
            id: "\(item.node.name)/\(name)/prove", title: "prove \(name) of \(item.node.name)",
            node: item.node.name,
            action: .proveComponent(item.component, image: item.image, item.node),
            limit: options.limits.component)
        return [set, prove]
    }

    /// The node itself may be the one whose kubelet is being mended.
    private func gates(for item: ComponentWork.Item) -> [Gate] {
        [.nodesReady(except: item.component == .kubelet ? [item.node.name] : [])]
    }

    /// The manifests carry kube-proxy's DaemonSet: they are brought in once every control plane
    /// renders them at the new version.
    private var manifests: Stage? {
        guard let node = work.manifestNode, !work.isEmpty else { return nil }
        var lane = [
            Step(
                id: "manifests", title: "bring the bootstrap manifests into the cluster",
                action: .perform(
                    .applyManifests(
                        node, proxy: items(of: .proxy).first?.image, inventory: knowsInventory)),
                limit: options.limits.component * 2)
        ]
        if let item = items(of: .proxy).first {
            lane.append(
                Step(
                    id: "kube-proxy/prove", title: "prove kube-proxy",
                    action: .proveComponent(.proxy, image: item.image, item.node),
                    limit: options.limits.component))
        }
        return Stage(title: "manifests", lanes: [lane])
    }

    /// Talos 1.13 and later on every node: objects that are no longer among the manifests are
    /// pruned by the inventory.
    private var knowsInventory: Bool {
        snapshot.nodes.allSatisfy { node in
            node.machine.value.map { $0.version >= Version(1, 13, 0) } ?? false
        }
    }
}
