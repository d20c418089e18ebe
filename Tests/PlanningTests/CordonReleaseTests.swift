import Model
import Planning
import Testing

struct CordonReleaseTests {
    private let dead = RunID("20260101-000000-aaaa")

    private func snapshot(cordonedBy run: String?) -> Snapshot {
        var snapshot = Samples.snapshot().changing("w-1") { node in
            guard var facts = node.kubernetes.value else { return }
            facts.isCordoned = true
            facts.cordonedBy = run
            node.kubernetes = .known(facts)
        }
        snapshot.health = HealthFacts()
        snapshot.health?.rooms = .known([
            NodeRoom(name: "w-1", isCordoned: true), NodeRoom(name: "w-2"),
        ])
        return snapshot
    }

    private func plan(_ snapshot: Snapshot) -> Plan {
        Planner(snapshot: snapshot, options: PlanOptions(), id: RunID("r"), now: 0)
            .talosPlan(to: Version(1, 9, 4))
    }

    @Test func `a dead run's cordon is taken back first, and its node takes its turn as any other`()
    {
        let snapshot = snapshot(cordonedBy: dead.text)
        let release = CordonRelease(of: dead, in: snapshot)
        let foreseen = release.foreseen(snapshot)
        #expect(foreseen.health?.rooms.value?.allSatisfy { !$0.isCordoned } == true)
        let plan = release.ahead(of: plan(foreseen))
        let ids = plan.steps.map(\.id)
        #expect(Array(ids.prefix(3)) == ["locks", "preflight", "w-1/release"])
        #expect(ids.contains("w-1/cordon") && ids.contains("w-1/uncordon"))
        let word = "w-1 was left cordoned by run \(dead)"
        #expect(plan.findings.contains { $0.summary.contains(word) })
        #expect(Checker(plan).findings().isEmpty)
    }

    @Test(arguments: [nil, "20260101-000000-bbbb"])
    func `the cordon of somebody else stays`(run: String?) {
        let snapshot = snapshot(cordonedBy: run)
        let release = CordonRelease(of: dead, in: snapshot)
        #expect(release.foreseen(snapshot) == snapshot)
        #expect(release.ahead(of: plan(snapshot)) == plan(snapshot))
    }

    @Test func `a plan with nothing to do stays empty`() {
        let snapshot = snapshot(cordonedBy: dead.text)
        let empty = Planner(snapshot: snapshot, options: PlanOptions(), id: RunID("r"), now: 0)
            .talosPlan(to: Version(1, 9, 2))
        #expect(CordonRelease(of: dead, in: snapshot).ahead(of: empty) == empty)
    }
}
