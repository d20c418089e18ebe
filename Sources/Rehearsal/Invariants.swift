import Model
import Simulation

/// What must always be true (design §6), judged from the cluster's own ground truth.
struct Invariants: Sendable {
    private let plan: Plan
    private let roles: [NodeName: Role]
    private var down: Set<NodeName> = []
    /// Nodes installed since their last boot.
    private var primed: Set<NodeName> = []
    private var fellBack: Set<NodeName> = []
    private var planeWentDown = false
    private var proven: Set<NodeName> = []

    init(plan: Plan) {
        self.plan = plan
        roles = Dictionary(
            (plan.nodes.map(\.node) + plan.controlPlanes).map { ($0.name, $0.role) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Broken invariant and how, for the first event that breaks one.
    mutating func judge(_ event: LabEvent, in cluster: EmulatedCluster) -> String? {
        switch event.kind {
        case .etcdQuorumLost:
            // With a single control plane only a fault, a stale member, can take the quorum.
            return plan.controlPlanes.count > 1 ? "I1: etcd lost its quorum" : nil
        case .pdbBroken:
            // A node that stands alone is not drained: its pods stop with it, budget or not.
            return event.by == SimulatedWorld.caller && cluster.nodes.count > 1
                ? "I5: a budget was broken: \(event.detail)" : nil
        case .installed:
            return installed(event.node)
        case .wentDown:
            return wentDown(event.node)
        case .cameUp:
            cameUp(event.node, in: cluster)
            return nil
        default:
            return nil
        }
    }

    private mutating func installed(_ node: NodeName?) -> String? {
        guard let node else { return nil }
        if fellBack.contains(node) { return "I4: \(node) was installed again after it fell back" }
        if !primed.insert(node).inserted { return "I4: \(node) was installed twice without a boot" }
        return nil
    }

    private mutating func wentDown(_ node: NodeName?) -> String? {
        guard let node, let role = roles[node] else { return nil }
        down.insert(node)
        let planes = down.filter { roles[$0] == .controlPlane }
        let workers = down.count - planes.count
        if !planes.isEmpty && workers > 0 { return "I2: a worker and a control plane are down" }
        if planes.count > 1 { return "I1: two control planes are down" }
        if workers > plan.options.maxUnavailable { return "I2: \(workers) workers are down" }
        if role == .controlPlane { planeWentDown = true }
        let isRecovery = proven.contains(node) || !primed.contains(node)
        if role == .worker, planeWentDown, !isRecovery {
            return "I3: worker \(node) goes down after a control plane"
        }
        return nil
    }

    private mutating func cameUp(_ node: NodeName?, in cluster: EmulatedCluster) {
        guard let node else { return }
        down.remove(node)
        guard primed.remove(node) != nil, let machine = cluster.machines[node],
            let change = plan.nodes.first(where: { $0.node.name == node })
        else { return }
        if machine.version == change.from && change.from != change.to { fellBack.insert(node) }
    }

    /// What must hold once the run has ended, healed and come to rest.
    func judgeEnd(
        _ result: RunResult, _ world: SimulatedWorld, cordonedBefore: Set<NodeName>
    ) -> String? {
        let cordoned = Set(world.cluster.nodes.values.filter(\.isCordoned).map(\.name))
        if result == .done {
            if let left = cordoned.subtracting(cordonedBefore).min() {
                return "I6: \(left) is left cordoned"
            }
            if let freed = cordonedBefore.subtracting(cordoned).min() {
                return "I6: \(freed) was cordoned before and is not any more"
            }
            for change in plan.nodes
            where world.cluster.machines[change.node.name]?.version
                != change.to
            {
                return "I3: done, but \(change.node.name) does not run \(change.to)"
            }
            if let edit = plan.edit, world.repository.committed != edit.new {
                return "I7: done, but HEAD says \(world.repository.committed)"
            }
        }
        if result == .refused, let edit = plan.edit, world.repository.declared != edit.old {
            return "I7: refused, but the file says \(world.repository.declared)"
        }
        if world.repository.commits.count > 1 { return "I9: more than one commit" }
        return nil
    }
}
