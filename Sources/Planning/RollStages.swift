import Model

/// Lays out the stages of a node roll (design §5).
struct RollStages {
    let snapshot: Snapshot
    let options: PlanOptions
    let id: RunID
    let changes: [NodeChange]
    let edit: ValueEdit?
    let commit: CommitRequest?
    /// What the nodes are to have afterwards; nil when they keep what they have.
    let extensions: [String]?
    /// What Terraform must make of the edited file.
    let promise: SchematicPromise?
    /// What proves the applied configuration, before any node is touched.
    let verification: Step?
    private let facts: [NodeName: NodeFacts]

    init(
        snapshot: Snapshot, options: PlanOptions, id: RunID, changes: [NodeChange],
        edit: ValueEdit?, commit: CommitRequest?, extensions: [String]? = nil,
        promise: SchematicPromise? = nil, verification: Step? = nil
    ) {
        self.snapshot = snapshot
        self.options = options
        self.id = id
        self.changes = changes
        self.edit = edit
        self.commit = commit
        self.extensions = extensions
        self.promise = promise
        self.verification = verification
        facts = Dictionary(
            snapshot.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func stages() -> [Stage] {
        // What can fail without a trace comes first: an image that does not exist, or a backup that
        // cannot be made, then leaves neither a commit nor a disturbed node behind.
        var stages = [frame.prepare]
        if !changes.isEmpty {
            stages.append(Stage(title: "prefetch", lanes: changes.map { [pull($0)] }))
        }
        if !changes.isEmpty, let backup = frame.backup { stages.append(backup) }
        if var declare = frame.declare {
            if let verification { declare.lanes[0].append(verification) }
            stages.append(declare)
        }
        stages += workers + controlPlanes
        stages.append(frame.finish)
        return stages
    }

    /// Whether there is no other node that pods of this one could move to.
    func standsAlone(_ node: NodeIdentity) -> Bool {
        !snapshot.nodes.contains {
            $0.name != node.name && $0.kubernetes.value.map { !$0.isCordoned } ?? true
        }
    }

    private var limits: Limits { options.limits }

    private var frame: RunFrame {
        RunFrame(
            snapshot: snapshot, options: options, id: id, edit: edit, commit: commit,
            promise: promise)
    }

    private func pull(_ change: NodeChange) -> Step {
        Step(
            id: "\(change.node.name)/pull", title: "pull the installer to \(change.node.name)",
            node: change.node.name, action: .perform(.pull(change.node, image: change.image)),
            limit: limits.prefetch)
    }

    private var workers: [Stage] {
        let nodes = changes.filter { $0.node.role == .worker }
        let size = snapshot.workersAtOnce(options)
        return stride(from: 0, to: nodes.count, by: size).map { start in
            let batch = nodes[start..<min(start + size, nodes.count)]
            let names = batch.map(\.node.name)
            return Stage(
                title: "workers", lanes: batch.map { lane($0, alongside: names) })
        }
    }

    private var controlPlanes: [Stage] {
        let nodes = changes.filter { $0.node.role == .controlPlane }
        return nodes.enumerated().map { index, change in
            var steps = lane(change, alongside: [change.node.name])
            if index == 0 { steps.insert(snapshotStep(of: change.node), at: 0) }
            return Stage(title: "control planes", lanes: [steps])
        }
    }

    private func snapshotStep(of node: NodeIdentity) -> Step {
        Step(
            id: "etcd-snapshot", title: "save an etcd snapshot of \(node.name)", node: node.name,
            action: .perform(.snapshotEtcd(node)), limit: limits.prefetch)
    }

    /// One node, from its gates to its uncordon. The gates are asked on the first step, and what
    /// can have changed during the drain once more before the node goes down.
    private func lane(_ change: NodeChange, alongside batch: [NodeName]) -> [Step] {
        let node = change.node
        let isPlane = node.role == .controlPlane
        let etcd: [Gate] = isPlane ? [.etcdAllowsTakingDown(node.name)] : []
        let gates: [Gate] = [.nodesReady(except: batch), .machineReady(node)] + etcd
        var steps: [Step] = []
        let isCordoned = facts[node.name]?.kubernetes.value?.isCordoned ?? false
        let drains = !standsAlone(node)
        if drains {
            if !isCordoned {
                steps.append(
                    step(node, "cordon", "cordon \(node.name)", .cordon(node), Limit.short))
            }
            steps.append(
                Step(
                    id: "\(node.name)/drain", title: "drain \(node.name)", node: node.name,
                    action: .drain(node), limit: limits.drain))
        }
        if isPlane, memberCount > 1 {
            steps.append(
                step(
                    node, "forfeit", "move etcd leadership off \(node.name)",
                    .forfeitLeadership(node), Limit.short))
        }
        steps += install(change)
        if drains, !isCordoned {
            steps.append(
                step(node, "uncordon", "uncordon \(node.name)", .uncordon(node), Limit.short))
        }
        if options.soak > .zero {
            steps.append(
                Step(
                    id: "\(node.name)/soak", title: "watch for a while", node: node.name,
                    gates: [.nodesReady(except: [])], action: .soak(options.soak),
                    limit: options.soak + limits.gate))
        }
        if !steps.isEmpty { steps[0].gates = gates + steps[0].gates }
        return steps
    }

    private func install(_ change: NodeChange) -> [Step] {
        let node = change.node
        let etcd: [Gate] =
            node.role == .controlPlane ? [.etcdAllowsTakingDown(node.name)] : []
        var steps: [Step] = []
        switch change.method {
        case .legacy:
            steps.append(
                Step(
                    id: "\(node.name)/upgrade", title: "upgrade \(node.name) to \(change.to)",
                    node: node.name, gates: etcd,
                    action: .perform(.upgrade(node, image: change.image)), limit: limits.install))
        case .inPlace: return []
        case .lifecycle:
            steps.append(
                Step(
                    id: "\(node.name)/install", title: "install \(change.to) on \(node.name)",
                    node: node.name, gates: etcd,
                    action: .perform(.install(node, image: change.image)), limit: limits.install))
            steps.append(
                Step(
                    id: "\(node.name)/reboot", title: "reboot \(node.name)", node: node.name,
                    gates: etcd, action: .perform(.reboot(node)), limit: Limit.short))
        }
        steps.append(
            Step(
                id: "\(node.name)/prove", title: "prove \(node.name)", node: node.name,
                action: .prove(node, expectation(of: change)),
                limit: limits.boot + (change.method == .legacy ? limits.install : .zero)))
        return steps
    }

    private func expectation(of change: NodeChange) -> Expectation {
        let machine = facts[change.node.name]?.machine.value
        return Expectation(
            version: change.to, schematic: InstallerImage(change.image)?.schematic,
            extensions: extensions ?? machine?.extensions ?? [], role: change.node.role,
            previous: change.from,
            previousSchematic: machine?.schematic, onFailure: options.onFailure)
    }

    private func step(
        _ node: NodeIdentity, _ name: String, _ title: String, _ operation: Operation,
        _ limit: Duration
    ) -> Step {
        Step(
            id: "\(node.name)/\(name)", title: title, node: node.name,
            action: .perform(operation), limit: limit)
    }

    private var memberCount: Int { snapshot.etcd.value?.members.count ?? 1 }
}
