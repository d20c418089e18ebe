import Execution
import Model
import Simulation

/// The world a rehearsed run acts on: an emulated cluster, a tfvars file and a commit log, without
/// clocks or sockets. Effects go in, signals come out in the order of virtual time.
struct SimulatedWorld: Sendable {
    var cluster: EmulatedCluster
    var repository: SimulatedRepository
    /// The run that cordons; changes when the run is backed out of.
    var run: RunID
    /// Whether the Lease is held.
    var isLocked = false
    /// What is still to happen, the next one first.
    var disturbances: [(at: Duration, what: Disturbance)] = []
    /// Somebody pressed Ctrl-C, and the run was not told yet.
    var isInterrupted = false
    /// Until when the Kubernetes API does not answer us.
    var kubernetesAwayUntil = Duration.zero
    /// The image of kube-proxy, which the emulated cluster does not run by itself.
    var proxyImage = "registry.k8s.io/kube-proxy:v1.32.0"
    /// How many calls or answers still get lost.
    var losses: Int
    var terraform: Draw.Terraform
    var wallOffset = 0.0
    var rebuilding = Rebuilding()
    private let draw: Draw
    var generator: SeededGenerator
    /// What the last answer showed; nil when it was not one to a look.
    private(set) var lastLook: Look?
    private var pending: [Pending] = []
    private var asked = 0

    init(cluster: EmulatedCluster, draw: Draw, run: RunID) {
        self.cluster = cluster
        self.run = run
        repository = SimulatedRepository(declared: draw.talos.tag)
        losses = draw.losses
        terraform = draw.terraform
        self.draw = draw
        generator = SeededGenerator(seed: draw.seed &+ 0x51ed)
        disturbances = draw.disturbances.map { (cluster.now + $0.after, $0) }
    }

    /// What was looked at last.
    enum Look: Sendable {
        case node(NodeName)
        case cluster
        case other
    }

    /// Something that is under way and answers at a time.
    private struct Pending: Sendable {
        var due: Duration
        /// Keeps answers of the same moment in the order they were asked for.
        var order: Int
        var answer: Answer

        func precedes(_ other: Pending) -> Bool {
            due == other.due ? order < other.order : due < other.due
        }
    }

    private enum Answer: Sendable {
        case signal(Signal)
        case look(lane: Int, Subject)
        /// Of an installer, as long as the node stays in this boot.
        case install(lane: Int, NodeName, bootID: String?, Result<OperationResult, Problem>)
    }

    var now: Duration { cluster.now }

    /// What Terraform makes.
    var machines: [MachineSpec] { draw.machines(at: draw.talos) }

    var moment: Moment {
        let parts = now.components
        let wall = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        return Moment(elapsed: now, wall: wall + wallOffset)
    }

    /// Begins what an effect asks for. Records, events and the end are the caller's.
    mutating func begin(_ effect: Effect) {
        switch effect {
        case .record, .emit, .finish:
            break
        case .observe(let lane, let subject):
            // A half-open connection tells nothing until its time is over.
            let isLost = losses > 0 && generator.next() % (draw.isDeaf ? 12 : 256) == 0
            if isLost { losses -= 1 }
            answer(
                after: isLost ? .seconds(10) : Self.latency,
                isLost
                    ? .signal(.observed(lane: lane, nothing(of: subject)))
                    : .look(lane: lane, subject))
        case .wait(let lane, let duration):
            answer(after: stretched(duration), .signal(.waited(lane: lane)))
        case .evict(let lane, let pods):
            let answers = pods.map { evict($0) }
            answer(after: Self.latency, .signal(.evicted(lane: lane, answers)))
        case .perform(let lane, let operation, let limit, _):
            perform(operation, limit: limit, lane: lane)
        }
    }

    /// Moves time to the next answer and gives it; nil when nothing is under way.
    mutating func next() -> Signal? {
        guard let index = pending.indices.min(by: { pending[$0].precedes(pending[$1]) }) else {
            return nil
        }
        let item = pending.remove(at: index)
        cluster.advance(to: item.due)
        lastLook = nil
        switch item.answer {
        case .signal(let signal):
            return signal
        case .install(let lane, let node, let bootID, let result):
            let machine = cluster.machines[node]
            guard let machine, machine.apiIsUp, machine.bootID == bootID else {
                let problem = Problem(.unreachable, telling("The node went down meanwhile."))
                return .performed(lane: lane, .failure(problem))
            }
            // Somebody's reboot ended it.
            if case .success = result, !machine.isPrimed {
                let problem = Problem(.unreachable, telling("The stream broke."))
                return .performed(lane: lane, .failure(problem))
            }
            return .performed(lane: lane, result)
        case .look(let lane, let subject):
            // Only ahead of a look: what is decided by it is then decided on the truth.
            disturb()
            return .observed(lane: lane, look(at: subject))
        }
    }

    /// The process is gone: what was under way in the cluster goes on, nobody hears of it.
    mutating func crash() { pending.removeAll() }

    /// Lets time pass while no run is going on.
    mutating func rest(_ duration: Duration) {
        cluster.advance(to: now + duration)
        disturb()
        isInterrupted = false
    }

    // MARK: Looking

    private mutating func look(at subject: Subject) -> Observation {
        let hidesKubernetes = now < kubernetesAwayUntil
        switch subject {
        case .node(let identity):
            lastLook = .node(identity.name)
            var facts = cluster.facts(of: identity)
            if hidesKubernetes { facts.kubernetes = .unknown(Self.noKubernetes.summary) }
            return .node(facts)
        case .cluster:
            lastLook = .cluster
            var facts = cluster.clusterFacts
            if hidesKubernetes { facts.nodes = .unknown(Self.noKubernetes.summary) }
            if let lagging = draw.lagging, Self.lags(lagging, in: cluster),
                var etcd = facts.etcd.value,
                let index = etcd.members.firstIndex(where: { $0.name == lagging.text })
            {
                etcd.members[index].trouble = etcd.members[index].trouble ?? "it lags behind"
                facts.etcd = .known(etcd)
            }
            return .cluster(facts)
        case .pods(let node):
            lastLook = .other
            return .pods(
                hidesKubernetes ? .unknown(Self.noKubernetes.summary) : cluster.podFacts(on: node))
        case .component(let component, let node):
            lastLook = .other
            return .component(look(component, node))
        }
    }

    /// What is seen of a subject that does not answer.
    private func nothing(of subject: Subject) -> Observation {
        let reason = telling("no answer in time")
        return switch subject {
        case .node(let identity):
            .node(
                NodeFacts(
                    name: identity.name, address: identity.address, role: identity.role,
                    machine: .unknown(reason), kubernetes: .unknown(reason)))
        case .cluster: .cluster(ClusterFacts(nodes: .unknown(reason), etcd: .unknown(reason)))
        case .pods: .pods(.unknown(reason))
        case .component(let component, let node):
            .component(
                ComponentFacts(
                    component: component, node: node, setting: .unknown(reason),
                    pods: .unknown(reason), kubernetes: .unknown(reason),
                    isKubeletHealthy: .unknown(reason)))
        }
    }

    /// What a failure says.
    func telling(_ text: String) -> String {
        draw.leaks ? SimulatedSecret.telling(text, asked) : text
    }

    /// A pause between two looks. Nothing new can be seen before something happens, so a pause in
    /// which nothing would happen lasts until something does, and a little: a quiet wait costs few
    /// looks, and the looks fall anywhere between two happenings.
    private mutating func stretched(_ pause: Duration) -> Duration {
        guard pause <= Self.longestPause else { return pause }
        var change = now + Self.longestQuiet
        if let happening = cluster.nextHappening { change = min(change, happening) }
        if let first = disturbances.first { change = min(change, first.at) }
        if kubernetesAwayUntil > now { change = min(change, kubernetesAwayUntil) }
        guard change > now + pause else { return pause }
        return change - now + pause * Int(generator.next() % 100) / 100
    }

    /// Whether the etcd member of a node that needs long for it catches up still.
    static func lags(_ name: NodeName, in cluster: EmulatedCluster) -> Bool {
        guard let boots = cluster.machines[name, \.bootCount], boots > 1,
            let bootedAt = cluster.machines[name, \.bootedAt]
        else { return false }
        return cluster.now < bootedAt + .seconds(14)
    }

    // MARK: Answering

    mutating func answer(after duration: Duration, _ signal: Signal) {
        answer(after: duration, .signal(signal))
    }

    /// What an installer says at its end is heard only by who is still connected.
    mutating func answerInstall(
        on node: NodeName, after duration: Duration, lane: Int,
        _ result: Result<OperationResult, Problem>
    ) {
        let boot = cluster.machines[node, \.bootID]
        answer(after: duration, .install(lane: lane, node, bootID: boot, result))
    }

    private mutating func answer(after duration: Duration, _ answer: Answer) {
        asked += 1
        pending.append(Pending(due: now + duration, order: asked, answer: answer))
    }

    static let latency = Duration.milliseconds(5)
    static let caller = "bump"
    static let noKubernetes = Problem(.unreachable, "The Kubernetes API does not answer.")
    /// What a lane waits between two looks at most.
    private static let longestPause = Duration.seconds(2)
    private static let longestQuiet = Duration.seconds(6)
}
