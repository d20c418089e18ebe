package import Execution
package import Model
package import Simulation

/// The world a rehearsed run acts on: an emulated cluster, a tfvars file and a commit log, without
/// clocks or sockets. Effects go in, signals come out in the order of virtual time.
package struct SimulatedWorld: Sendable {
    package var cluster: EmulatedCluster
    package private(set) var repository: SimulatedRepository
    private let run: RunID
    private var pending: [Pending] = []
    private var asked = 0

    package init(cluster: EmulatedCluster, declared: String, run: RunID) {
        self.cluster = cluster
        repository = SimulatedRepository(declared: declared)
        self.run = run
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
    }

    package var now: Duration { cluster.now }

    package var moment: Moment {
        let parts = now.components
        return Moment(
            elapsed: now, wall: Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }

    /// Begins what an effect asks for. Records, events and the end are the caller's.
    package mutating func begin(_ effect: Effect) {
        switch effect {
        case .record, .emit, .finish:
            break
        case .observe(let lane, let subject):
            wait(Self.latency, .look(lane: lane, subject))
        case .wait(let lane, let duration):
            wait(duration, .signal(.waited(lane: lane)))
        case .evict(let lane, let pods):
            let answers = pods.map { evict($0) }
            wait(Self.latency, .signal(.evicted(lane: lane, answers)))
        case .perform(let lane, let operation, _, _):
            perform(operation, lane: lane)
        }
    }

    /// Moves time to the next answer and gives it; nil when nothing is under way.
    package mutating func next() -> Signal? {
        guard let index = pending.indices.min(by: { pending[$0].precedes(pending[$1]) }) else {
            return nil
        }
        let item = pending.remove(at: index)
        cluster.advance(to: item.due)
        switch item.answer {
        case .signal(let signal): return signal
        case .look(let lane, let subject): return .observed(lane: lane, look(at: subject))
        }
    }

    /// The process is gone: what was under way in the cluster goes on, nobody hears of it.
    package mutating func crash() { pending.removeAll() }

    // MARK: Looking

    private func look(at subject: Subject) -> Observation {
        switch subject {
        case .node(let identity): .node(cluster.facts(of: identity))
        case .cluster: .cluster(cluster.clusterFacts)
        case .pods(let node): .pods(cluster.podFacts(on: node))
        }
    }

    // MARK: Acting

    private mutating func perform(_ operation: Operation, lane: Int) {
        do {
            let (due, result) = try act(operation)
            wait(max(.zero, due - now) + Self.latency, .signal(.performed(lane: lane, result)))
        } catch let refusal as CallRefusal {
            let problem = Problem(.stopped, refusal.message)
            wait(Self.latency, .signal(.performed(lane: lane, .failure(problem))))
        } catch {
            wait(Self.latency, .signal(.performed(lane: lane, .failure(Problem(error)))))
        }
    }

    private mutating func act(
        _ operation: Operation
    ) throws -> (Duration, Result<OperationResult, Problem>) {
        switch operation {
        case .takeLocks, .releaseLocks, .reviewInfrastructure, .applyInfrastructure, .push:
            return (now, .success(.done(nil)))
        case .edit(let edit):
            try repository.edit(from: edit.old, to: edit.new)
            return (now, .success(.done(nil)))
        case .undoEdit(let edit):
            try repository.edit(from: edit.new, to: edit.old)
            return (now, .success(.done(nil)))
        case .commit(let request):
            return (now, .success(.done(repository.commit(request.message))))
        case .backUp(let name):
            return try backUp(name)
        case .cordon(let node):
            let holder = run.text
            return try changeNode(node) {
                $0.setCordon(node, true, by: Self.caller)
                $0.editNode(node, by: Self.caller) { facts in
                    facts.annotations["bump.dev/cordoned-by"] = holder
                }
            }
        case .uncordon(let node):
            return try changeNode(node) {
                $0.setCordon(node, false, by: Self.caller)
                $0.editNode(node, by: Self.caller) { facts in
                    facts.annotations["bump.dev/cordoned-by"] = nil
                }
            }
        case .evict(let pod):
            return (now, .success(.evicted(evict(pod))))
        case .snapshotEtcd(let node):
            _ = try cluster.etcdStatus(on: node.name)
            return (now, .success(.done(nil)))
        case .pull, .upgrade, .install, .reboot, .rollback, .forfeitLeadership:
            return try change(operation)
        }
    }

    private mutating func change(
        _ operation: Operation
    ) throws -> (Duration, Result<OperationResult, Problem>) {
        var due = now
        switch operation {
        case .pull(let node, let image):
            due = try cluster.pullImage(image, on: node.name, by: Self.caller)
        case .upgrade(let node, let image):
            _ = try cluster.upgrade(image, on: node.name, by: Self.caller)
        case .install(let node, let image):
            let ticket = try cluster.lifecycleUpgrade(image, on: node.name, by: Self.caller)
            return (ticket.endsAt, Self.installResult(ticket.exitCode))
        case .reboot(let node):
            _ = try cluster.reboot(node.name, by: Self.caller)
        case .rollback(let node):
            try cluster.rollback(node.name, by: Self.caller)
        case .forfeitLeadership(let node):
            _ = try cluster.forfeitLeadership(on: node.name, by: Self.caller)
        default:
            break
        }
        return (due, .success(.done(nil)))
    }

    private static func installResult(_ exitCode: Int32?) -> Result<OperationResult, Problem> {
        switch exitCode {
        case 0: .success(.done(nil))
        case nil: .success(.done("the installer's result was lost; the boot will tell"))
        case let code?: .failure(Problem(.stopped, "The installer ended with exit code \(code)."))
        }
    }

    private mutating func changeNode(
        _ node: NodeName, _ change: (inout EmulatedCluster) -> Void
    ) throws -> (Duration, Result<OperationResult, Problem>) {
        guard cluster.apiIsAvailable else { throw Self.noKubernetes }
        change(&cluster)
        return (now, .success(.done(nil)))
    }

    private mutating func backUp(
        _ name: String
    ) throws -> (Duration, Result<OperationResult, Problem>) {
        guard cluster.apiIsAvailable else { throw Self.noKubernetes }
        if cluster.backups[name] == nil {
            cluster.createBackup(BackupRequest(name: name), by: Self.caller)
        }
        var due = now
        for _ in 0..<10_000 {
            if cluster.backups[name]?.phase.isFinal ?? true { break }
            due += .milliseconds(100)
            cluster.advance(to: due)
        }
        guard let backup = cluster.backups[name], backup.phase.rawValue == "Completed" else {
            let phase = cluster.backups[name]?.phase.rawValue ?? "unknown"
            throw Problem(.refused, "The backup \(name) ended as \(phase).")
        }
        return (now, .success(.done(nil)))
    }

    private mutating func evict(_ pod: PodReference) -> EvictionAnswer {
        guard cluster.apiIsAvailable else { return .tryAgain(Self.noKubernetes.summary) }
        return switch cluster.evict(uid: ObjectUID(pod.uid), by: Self.caller) {
        case .evicted, .notFound: .accepted
        case .refused(_, let message): .refused(message)
        case .ambiguous: .refused("more than one budget selects \(pod)")
        }
    }

    private mutating func wait(_ duration: Duration, _ answer: Answer) {
        asked += 1
        pending.append(Pending(due: now + duration, order: asked, answer: answer))
    }

    private static let latency = Duration.milliseconds(5)
    static let caller = "bump"
    private static let noKubernetes = Problem(
        .unreachable, "The Kubernetes API does not answer.")
}
