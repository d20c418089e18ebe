import Model
import Testing

@testable import Execution

/// One step on one worker, with every look and call answered in the same way.
@Suite struct `A step on a worker` {
    private let node = NodeIdentity(
        name: "w-1", address: NodeAddress("127.0.0.11"), role: .worker)

    private func plan(_ action: Step.Action) -> Plan {
        let step = Step(
            id: "w-1/step", title: "step", node: "w-1", action: action, limit: .seconds(10))
        return Plan(
            id: RunID("r"), target: .talos(Version(1, 9, 4)), options: PlanOptions(),
            clusterName: "demo", madeAt: 0, basis: [], controlPlanes: [], nodes: [], edit: nil,
            stages: [Stage(title: "workers", lanes: [[step]])], findings: [])
    }

    private struct World {
        var facts: NodeFacts?
        var pods: [PodFacts] = []
        var eviction = EvictionAnswer.accepted
        /// What comes of each call.
        var result: Result<OperationResult, Problem> = .success(.done(nil))
    }

    /// What was performed, what was said while waiting, and how it ended.
    private func run(
        _ action: Step.Action, in world: World
    ) -> (operations: [Operation], said: [String], problem: Problem?) {
        var executor = Executor(plan: plan(action), records: [.begun(at: 0)])
        var operations: [Operation] = []
        var said: [String] = []
        var time = Duration.zero
        var signals: [Signal] = [.begin]
        while let signal = signals.popLast(), time < .seconds(3600) {
            time += .seconds(1)
            for effect in executor.handle(signal, at: Moment(elapsed: time, wall: 0)) {
                switch effect {
                case .observe(let lane, .pods):
                    signals.append(.observed(lane: lane, .pods(.known(world.pods))))
                case .observe(let lane, _):
                    if let facts = world.facts {
                        signals.append(.observed(lane: lane, .node(facts)))
                    }
                case .wait(let lane, _): signals.append(.waited(lane: lane))
                case .perform(let lane, let operation, _, _):
                    operations.append(operation)
                    signals.append(.performed(lane: lane, world.result))
                case .evict(let lane, let pods):
                    signals.append(.evicted(lane: lane, pods.map { _ in world.eviction }))
                case .emit(let event) where event.kind == .progress: said.append(event.message)
                case .finish(_, let problem): return (operations, said, problem)
                case .record, .emit: break
                }
            }
        }
        return (operations, said, nil)
    }

    private func facts(isCordoned: Bool, by run: String?) -> NodeFacts {
        NodeFacts(
            name: node.name, address: node.address, role: .worker, machine: .unknown("not asked"),
            kubernetes: .known(
                KubernetesNodeFacts(
                    name: node.name, role: .worker, address: node.address, isReady: true,
                    isCordoned: isCordoned, cordonedBy: run)))
    }

    /// A mark that stays would make the next cordon of somebody else look like ours.
    @Test(
        arguments: [
            (true, "r", true), (false, "r", true), (true, nil, false), (false, nil, false),
        ] as [(Bool, String?, Bool)])
    func `takes the mark of the run off the node, also when somebody has uncordoned it`(
        isCordoned: Bool, by run: String?, acts: Bool
    ) {
        let world = World(facts: facts(isCordoned: isCordoned, by: run))
        let end = self.run(.perform(.uncordon(node)), in: world)
        #expect(end.operations == (acts ? [.uncordon(node)] : []))
        #expect(end.problem == nil)
    }

    @Test func `names the pods that may not go, and why`() {
        let pods = ["web-1", "web-2"].map {
            PodFacts(
                namespace: "shop", name: $0, uid: $0, node: node.name, phase: "Running",
                isReady: true, ownerKind: "ReplicaSet")
        }
        let world = World(pods: pods, eviction: .refused("the budget web has no room"))
        let end = run(.drain(node), in: world)
        #expect(end.said == ["a pod may not go yet: the budget web has no room"])
        let problem = end.problem
        #expect(
            problem?.summary
                == "w-1 could not be drained in time: shop/web-1 may not go: the budget web has no room"
        )
        #expect(problem?.details == ["shop/web-2 may not go: the budget web has no room"])
    }

    /// A call knows nothing of runs, and by then the same command is refused.
    @Test(
        arguments: [
            (nil, "bump resume"), ("bump status", "bump status; then: bump resume"),
            ("Look at dmesg.", "Look at dmesg; then: bump resume"),
            ("Put it right, then run the same command again.", "Put it right, then bump resume."),
            ("make room, then: bump abort", "make room, then: bump abort"),
        ] as [(String?, String)])
    func `that stops a run says how it goes on`(fix: String?, told: String) {
        let problem = Problem(.refused, "It was refused.", fix: fix)
        let world = World(
            facts: facts(isCordoned: true, by: "r"), result: .failure(problem))
        let end = run(.perform(.uncordon(node)), in: world)
        #expect(end.problem?.kind == .stopped)
        #expect(end.problem?.fix == told)
    }
}
