import Model
import Simulation

/// What must always be true (design §6), judged from the cluster's own ground truth: at each of
/// its events, at each act of the run, and at the end.
struct Invariants: Sendable {
    let plan: Plan
    /// What each node of the plan is to become; of an abort plan, what it was.
    let promises: [NodeName: Expectation]
    /// The stage in which a node's turn is.
    let turns: [NodeName: Int]
    /// Nodes that the plan drains.
    let drained: Set<NodeName>
    let roles: [NodeName: Role]
    let steps: Set<String>
    /// Nodes that kept their promise at some moment since the run touched them.
    var good: Set<NodeName> = []
    /// Nodes that the run took down, not seen back.
    var takenDown: Set<NodeName> = []
    /// Installed at any time in the run.
    var everInstalled: Set<NodeName> = []
    /// Installed since the last boot.
    var primed: Set<NodeName> = []
    /// Came back on what they had, by themselves or rolled back: never to be installed again.
    var fellBack: Set<NodeName> = []
    /// Those of them that were rolled back.
    var rolledBack: Set<NodeName> = []
    /// Nodes of which the run knows that an install ended well, since their last boot.
    var known: Set<NodeName> = []
    /// How often they came back on what they had while the run could not know that they had been
    /// installed, or found that they had not.
    var excused: [NodeName: Int] = [:]
    /// Asked to be uncordoned.
    var asked: Set<NodeName> = []
    /// Installers were running on them when an abort began.
    var installing: Set<NodeName> = []
    /// The run looked at the backup that it rebuilds from when that was whole.
    var backupIsProven = false
    /// Cordoned by somebody else.
    var foreign: Set<NodeName>
    /// Somebody else did something to a control plane or to etcd.
    var isEtcdDisturbed: Bool
    /// A control plane whose etcd member needs long to catch up after each boot.
    let lagging: NodeName?
    var lastLook: (at: Duration, health: Health)?

    init(
        plan: Plan, cordoned: Set<NodeName>, isEtcdDisturbed: Bool, lagging: NodeName? = nil
    ) {
        self.plan = plan
        foreign = cordoned
        self.lagging = lagging
        self.isEtcdDisturbed = isEtcdDisturbed
        var promises: [NodeName: Expectation] = [:]
        var turns: [NodeName: Int] = [:]
        var drained: Set<NodeName> = []
        var steps: Set<String> = []
        for (index, stage) in plan.stages.enumerated() {
            for step in stage.lanes.lazy.joined() {
                steps.insert(step.id)
                switch step.action {
                case .prove(let node, let expectation):
                    promises[node.name] = expectation
                    turns[node.name] = index
                case .drain(let node): drained.insert(node.name)
                default: break
                }
            }
        }
        self.steps = steps
        self.promises = promises
        self.turns = turns
        self.drained = drained
        roles = Dictionary(
            (plan.nodes.map(\.node) + plan.controlPlanes).map { ($0.name, $0.role) },
            uniquingKeysWith: { first, _ in first })
    }

    var isAbort: Bool {
        if case .abort = plan.target { return true }
        return false
    }

    /// Broken invariant and how, when this event breaks one.
    mutating func judge(_ event: LabEvent, in cluster: EmulatedCluster) -> String? {
        let isOurs = event.by == SimulatedWorld.caller
        guard let node = event.node else {
            return event.kind == .etcdQuorumLost ? quorumLost() : nil
        }
        switch event.kind {
        case .etcdQuorumLost: return quorumLost()
        case .pdbBroken where isOurs:
            // A node that stands alone is not drained: its pods stop with it, budget or not.
            return drained.contains(node) ? "I5: a budget was broken: \(event.detail)" : nil
        case .installed: return installed(node)
        case .rolledBack:
            fellBack.insert(node)
            rolledBack.insert(node)
        case .cordoned where event.by == Disturbance.somebody: foreign.insert(node)
        case .uncordoned where event.by == Disturbance.somebody: foreign.remove(node)
        case .uncordoned:
            if foreign.contains(node), isOurs {
                return "I6: \(node) is uncordoned, which somebody else cordoned"
            }
        case .cameUp: cameUp(node, in: cluster)
        case .machineDestroyed:
            foreign.remove(node)
            good.remove(node)
        // What somebody did to the Node that the machine of this name left behind is over.
        case .machineCreated: foreign.remove(node)
        default: break
        }
        return nil
    }

    private func quorumLost() -> String? {
        // With a single control plane only a fault, a stale member, can take the quorum.
        plan.controlPlanes.count > 1 && !isEtcdDisturbed ? "I1: etcd lost its quorum" : nil
    }

    private mutating func installed(_ node: NodeName) -> String? {
        // The installer may be one that the run left behind.
        if isAbort, installing.remove(node) == nil {
            return "I4: \(node) was installed by an abort"
        }
        everInstalled.insert(node)
        if fellBack.contains(node) { return "I4: \(node) was installed again after it fell back" }
        if !primed.insert(node).inserted { return "I4: \(node) was installed twice without a boot" }
        return nil
    }

    /// A run may be killed again each time it installs once more.
    private static let mostExcuses = 3

    private mutating func cameUp(_ node: NodeName, in cluster: EmulatedCluster) {
        let isKnown = known.remove(node) != nil
        guard primed.remove(node) != nil, let machine = cluster.machines[node],
            let promise = promises[node], promise.previous != promise.version,
            machine.version == promise.previous
        else { return }
        excused[node, default: 0] += 1
        if isKnown || excused[node, default: 0] > Self.mostExcuses { fellBack.insert(node) }
    }

    /// Tells of a look that was answered: what it could show is what the run may rely on.
    mutating func saw(_ look: SimulatedWorld.Look?, in cluster: EmulatedCluster) {
        switch look {
        case .node(let name): note(name, in: cluster)
        case .cluster:
            lastLook = (cluster.now, Health(of: cluster))
            for name in promises.keys where !good.contains(name) { note(name, in: cluster) }
        case .other, nil: break
        }
    }

    /// Takes note of a node that keeps its promise at this moment.
    mutating func note(_ name: NodeName, in cluster: EmulatedCluster) {
        if !good.contains(name), keepsPromise(name, in: cluster) { good.insert(name) }
    }

    /// Rule 3 of the design, on the ground truth.
    func keepsPromise(_ name: NodeName, in cluster: EmulatedCluster) -> Bool {
        let machines = cluster.machines
        guard let promise = promises[name], let at = machines.position(of: name),
            machines.values[at].apiIsUp, machines.values[at].stage == .running,
            machines.values[at].isReady, machines.values[at].version == promise.version,
            promise.schematic == nil || machines.values[at].schematic == promise.schematic,
            machines.values[at].slots.active == machines.values[at].slots.running,
            cluster.nodes[name, \.readiness] == .ready
        else { return false }
        let lost = !ExtensionRename.missing(
            promise.extensions, in: machines.values[at].extensions.map(\.name)
        ).isEmpty
        if lost || (name == lagging && SimulatedWorld.lags(name, in: cluster)) { return false }
        return promise.role == .worker
            || cluster.etcdMembers().contains { $0.node == name && $0.isHealthy }
    }
}
