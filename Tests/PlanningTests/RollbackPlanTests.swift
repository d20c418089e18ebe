import Model
import Testing

@testable import Planning

@Suite struct `A plan to roll back` {
    private let upgraded = Samples.snapshot(workers: 2, talos: Version(1, 9, 4))

    private func slot(
        _ running: Version = Version(1, 9, 4), _ previous: Version = Version(1, 9, 2),
        run: String = "r1", _ origin: PreviousSlot.Origin = .upgraded
    ) -> PreviousSlot {
        PreviousSlot(
            run: RunID(run), title: "talos \(running)", running: running,
            runningSchematic: Samples.schematic, previous: previous,
            previousSchematic: Samples.schematic, origin: origin)
    }

    private var all: [NodeName: PreviousSlot] {
        ["cp-1": slot(), "w-1": slot(), "w-2": slot()]
    }

    private func planned(
        _ named: [NodeName] = [], slots: [NodeName: PreviousSlot], of snapshot: Snapshot? = nil
    ) -> Plan {
        RollbackPlanner(
            snapshot: snapshot ?? upgraded, options: PlanOptions(), named: named, slots: slots,
            id: RunID("r2"), now: 0
        ).plan()
    }

    @Test func `brings all nodes back and says so in the file, workers first`() throws {
        let plan = planned(slots: all)
        #expect(!plan.hasErrors)
        #expect(plan.nodes.map(\.node.name) == ["w-1", "w-2", "cp-1"])
        #expect(plan.nodes.allSatisfy { $0.to == Version(1, 9, 2) })
        #expect(plan.edit?.new == "v1.9.2")
        #expect(Checker(plan).findings() == [])
        let ids = plan.steps.map(\.id)
        let first = try #require(ids.firstIndex(of: "w-1/cordon"))
        #expect(try #require(ids.firstIndex(of: "commit")) < first)
        #expect(
            ids[first...].prefix(5)
                == ["w-1/cordon", "w-1/drain", "w-1/rollback", "w-1/prove", "w-1/uncordon"])
        #expect(
            plan.steps.allSatisfy {
                if case .prove(_, let it) = $0.action { it.onFailure == .stop } else { true }
            })
    }

    @Test func `of one node leaves the file alone and warns of two versions`() {
        let plan = planned(["w-2"], slots: all)
        #expect(!plan.hasErrors && plan.edit == nil)
        #expect(plan.nodes.map(\.node.name) == ["w-2"])
        #expect(plan.findings.map(\.code) == ["rollback.mixed"])
        #expect(Checker(plan).findings() == [])
    }

    @Test func `takes the last nodes of an upgrade when the others went before`() {
        var snapshot = upgraded
        snapshot = snapshot.changing("w-1") { node in
            node = Samples.node("w-1", .worker, 100, Version(1, 9, 2), Version(1, 32, 0))
        }
        var slots = all
        slots["w-1"] = slot(Version(1, 9, 2), Version(1, 9, 4), run: "r2", .rolledBack)
        let plan = planned(slots: slots, of: snapshot)
        #expect(!plan.hasErrors)
        #expect(plan.nodes.map(\.node.name) == ["w-2", "cp-1"])
        #expect(plan.edit?.new == "v1.9.2")
    }

    @Test func `takes all that can go to the same version, whichever run brought them here`() {
        var slots = all
        slots["w-2"] = slot(run: "r1a")
        let plan = planned(slots: slots)
        #expect(!plan.hasErrors)
        #expect(plan.nodes.map(\.node.name) == ["w-1", "w-2", "cp-1"])
    }

    @Test func `refuses what the slots cannot give, and names another way`() {
        let cases: [(PreviousSlot?, String)] = [
            (nil, "rollback.unknown"), (slot(Version(1, 9, 3)), "rollback.moved"),
            (slot(Version(1, 9, 4), Version(1, 9, 5), run: "r1", .rolledBack), "rollback.used-up"),
            (slot(Version(1, 9, 4), Version(1, 9, 5), run: "r1", .fellBack), "rollback.used-up"),
        ]
        for (slot, code) in cases {
            let plan = planned(["w-1"], slots: slot.map { ["w-1": $0] } ?? [:])
            #expect(plan.findings.map(\.code) == [code])
            #expect(plan.hasErrors && plan.isEmpty)
            let finding = plan.findings[0]
            #expect(finding.summary.contains("only the immediately previous version"))
            #expect(finding.fix?.contains("talosctl -n") == true)
        }
        #expect(planned(slots: [:]).findings.map(\.code) == ["rollback.nothing"])
        #expect(planned(["x"], slots: all).findings.map(\.code) == ["rollback.no-such-node"])
    }

    @Test func `unasked, leaves no cluster of two versions behind`() {
        let plan = planned(slots: ["w-1": slot()])
        #expect(plan.findings.contains { $0.code == "rollback.mixed" && $0.severity == .error })
    }

    @Test func `goes back from a node that is not Ready, without draining it`() {
        let snapshot = upgraded.changing("w-1") { node in
            node.kubernetes = node.kubernetes.map { facts in
                var facts = facts
                facts.isReady = false
                return facts
            }
        }
        let plan = planned(["w-1"], slots: all, of: snapshot)
        #expect(!plan.hasErrors, "\(plan.findings)")
        #expect(!plan.steps.contains { $0.id == "w-1/drain" })
        #expect(plan.findings.contains { $0.code == "drain.impossible" })
    }

    @Test func `does not take every member back across a minor of etcd`() {
        let snapshot = Samples.snapshot(talos: Version(1, 11, 6))
        let old = slot(Version(1, 11, 6), Version(1, 10, 9))
        let plan = planned(
            ["cp-1"], slots: ["cp-1": old, "w-1": old, "w-2": old], of: snapshot)
        #expect(
            plan.findings.contains { $0.code == "rollback.etcd-minor" && $0.severity == .error })
    }

    @Test func `does not go back to a Talos that cannot run this Kubernetes`() {
        let old = slot(Version(1, 9, 4), Version(1, 8, 4))
        let plan = planned(["w-1"], slots: ["w-1": old])
        #expect(plan.findings.contains { $0.code == "version.kubernetes-range" })
    }
}
