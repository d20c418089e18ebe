import Model
import Testing

@testable import Execution

/// A control plane that runs the new version unhealthily, at the end of its time.
@Suite struct `A node that is not healthy` {
    private let node = NodeIdentity(
        name: "cp-1", address: NodeAddress("127.0.0.10"), role: .controlPlane)

    private func plan(controlPlanes: Int) -> Plan {
        let expectation = Expectation(
            version: Version(1, 9, 4), schematic: nil, extensions: [], role: .controlPlane,
            previous: Version(1, 9, 2), previousSchematic: nil, onFailure: .rollback)
        let prove = Step(
            id: "cp-1/prove", title: "prove cp-1", node: "cp-1",
            action: .prove(node, expectation), limit: .seconds(10))
        let planes = (1...controlPlanes).map {
            NodeIdentity(
                name: NodeName("cp-\($0)"), address: NodeAddress("127.0.0.1\($0)"),
                role: .controlPlane)
        }
        return Plan(
            id: RunID("r"), target: .talos(Version(1, 9, 4)), options: PlanOptions(),
            clusterName: "demo", madeAt: 0, basis: [], controlPlanes: planes, nodes: [], edit: nil,
            stages: [Stage(title: "prove", lanes: [[prove]])], findings: [])
    }

    private var sick: NodeFacts {
        NodeFacts(
            name: node.name, address: node.address, role: .controlPlane,
            machine: .known(
                MachineFacts(
                    name: node.name, role: .controlPlane, version: Version(1, 9, 4),
                    stage: .running, isReady: false, bootID: .known("after"), schematic: nil,
                    extensions: [], platform: "metal")), kubernetes: .unknown("no answer"))
    }

    /// Answers each look in the same way until the run is over; the operations it asked for.
    private func operations(_ plan: Plan, etcd: Observed<EtcdFacts>) -> [Operation] {
        var executor = Executor(
            plan: plan,
            records: [
                .begun(at: 0), .intent(step: "cp-1/upgrade", bootID: "before"),
                .outcome(step: "cp-1/upgrade", .done),
            ])
        var asked: [Operation] = []
        var time = Duration.zero
        var signals: [Signal] = [.begin]
        while let signal = signals.popLast(), asked.isEmpty, time < .seconds(3600) {
            time += .seconds(1)
            let moment = Moment(elapsed: time, wall: 0)
            for effect in executor.handle(signal, at: moment) {
                switch effect {
                case .observe(let lane, .cluster):
                    signals.append(
                        .observed(
                            lane: lane,
                            .cluster(ClusterFacts(nodes: .unknown("no answer"), etcd: etcd))))
                case .observe(let lane, _):
                    signals.append(.observed(lane: lane, .node(sick)))
                case .wait(let lane, _): signals.append(.waited(lane: lane))
                case .perform(_, let operation, _, _): asked.append(operation)
                case .record, .emit, .evict, .finish: break
                }
            }
        }
        return asked
    }

    @Test func `is not rolled back while nobody knows how etcd is`() {
        #expect(operations(plan(controlPlanes: 3), etcd: .unknown("no answer")).isEmpty)
    }

    @Test func `is rolled back when it is the only control plane, whatever etcd says`() {
        #expect(
            operations(plan(controlPlanes: 1), etcd: .unknown("no answer")) == [.rollback(node)])
    }

    /// The member of a machine that is gone counts as long as it is listed.
    @Test func `is not rolled back while etcd lists a member that is gone`() {
        let members = [
            EtcdFacts.Member(id: 1, name: "cp-1", trouble: "no leader"),
            EtcdFacts.Member(id: 2, name: "gone", trouble: "no answer"),
        ]
        #expect(
            operations(plan(controlPlanes: 1), etcd: .known(EtcdFacts(members: members))).isEmpty)
    }

    @Test func `is rolled back when etcd can do without it`() {
        let members = (1...3).map {
            EtcdFacts.Member(id: UInt64($0), name: "cp-\($0)", isLeader: $0 == 2)
        }
        #expect(
            operations(plan(controlPlanes: 3), etcd: .known(EtcdFacts(members: members)))
                == [.rollback(node)])
    }
}

/// A commit that the repository does not take.
@Suite struct `A commit that is refused` {
    @Test(arguments: [
        ("Repair the hook.", "Repair the hook; then: bump resume"),
        ("Look (git log), then run the same command again.", "Look (git log), then bump resume."),
    ])
    func `leaves a run open, and says how to go on`(_ fix: String, _ expected: String) {
        let commit = Step(
            id: "commit", title: "commit f",
            action: .perform(.commit(CommitRequest(paths: ["f"], message: "m"))),
            limit: .seconds(10))
        var executor = Executor(
            plan: Plan(
                id: RunID("r"), target: .talos(Version(1, 9, 4)), options: PlanOptions(),
                clusterName: "demo", madeAt: 0, basis: [], controlPlanes: [], nodes: [], edit: nil,
                stages: [Stage(title: "declare", lanes: [[commit]])], findings: []),
            records: [.begun(at: 0)])
        let moment = Moment(elapsed: .zero, wall: 0)
        _ = executor.handle(.begin, at: moment)
        let refusal = Problem(.refused, "The hook says no.", fix: fix)
        let effects = executor.handle(.performed(lane: 0, .failure(refusal)), at: moment)
        let ends = effects.compactMap { effect -> Problem? in
            guard case .finish(.stopped, let problem) = effect else { return nil }
            return problem
        }
        #expect(ends.map(\.fix) == [expected])
        #expect(ends.map(\.kind) == [.stopped])
    }
}
