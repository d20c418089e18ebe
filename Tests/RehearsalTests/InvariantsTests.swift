import Execution
import Model
import Planning
import Simulation
import Testing

@testable import Rehearsal

@Suite struct `The invariants` {
    private let worker = NodeName("w-1")

    /// Of a healthy cluster with one control plane and two workers, all to be upgraded.
    private func healthy() -> (Invariants, EmulatedCluster) {
        let draw = Draw.quiet(controlPlanes: 1, workers: 2, .legacy)
        let cluster = draw.cluster()
        let plan = Planner(
            snapshot: draw.snapshot(of: cluster, SimulatedRepository(declared: draw.talos.tag)),
            options: draw.options, id: RunID("test"), now: 0
        ).talosPlan(to: draw.target)
        return (Invariants(plan: plan, cordoned: [worker], isEtcdDisturbed: false), cluster)
    }

    private func event(_ kind: LabEvent.Kind) -> LabEvent {
        LabEvent(time: .zero, kind: kind, node: worker, by: "bump", detail: "")
    }

    @Test func `find a second install without a boot between`() {
        let (fresh, cluster) = healthy()
        var invariants = fresh
        #expect(invariants.judge(event(.installed), in: cluster) == nil)
        #expect(invariants.judge(event(.installed), in: cluster)?.hasPrefix("I4") == true)
    }

    @Test func `find an install on a node that was rolled back`() {
        let (fresh, cluster) = healthy()
        var invariants = fresh
        #expect(invariants.judge(event(.rolledBack), in: cluster) == nil)
        #expect(invariants.judge(event(.installed), in: cluster)?.hasPrefix("I4") == true)
    }

    @Test func `find an install on a node that fell back, and excuse one that nobody knew of`() {
        let (fresh, cluster) = healthy()
        for isKnown in [true, false] {
            var invariants = fresh
            #expect(invariants.judge(event(.installed), in: cluster) == nil)
            if isKnown { #expect(invariants.judge(.outcome(step: "w-1/upgrade", .done)) == nil) }
            #expect(invariants.judge(event(.cameUp), in: cluster) == nil)
            let again = invariants.judge(event(.installed), in: cluster)
            #expect((again?.hasPrefix("I4") == true) == isKnown)
        }
    }

    @Test func `find that somebody else's cordon is taken back`() {
        let (fresh, cluster) = healthy()
        var invariants = fresh
        #expect(invariants.judge(event(.uncordoned), in: cluster)?.hasPrefix("I6") == true)
    }

    @Test func `find machines destroyed before the backup is proven and all is saved`() {
        let draw = Draw.quietRebuild(controlPlanes: 1, workers: 1)
        var (invariants, cluster) = healthy()
        draw.strike(&cluster)
        var world = SimulatedWorld(cluster: cluster, draw: draw, run: RunID("test"))
        func judge(_ operation: Operation) -> String? {
            invariants.judge(operation, step: "test", Memory(), world)
        }
        let destroy = Operation.destroyInfrastructure(directory: ".")
        #expect(judge(destroy) == "I8: machines are destroyed, and the backup is not proven")
        #expect(judge(.proveBackup(name: Draw.backup)) == nil)
        #expect(
            judge(destroy) == "I8: machines are destroyed, and what is needed after is not saved")
        world.rebuilding.isRescued = true
        #expect(judge(destroy) == nil)
    }

    @Test func `let a control plane go only while etcd can do without it`() {
        var cluster = Draw.quiet(.legacy).cluster()
        #expect(Health(of: cluster).allowsTakingDown(NodeName("cp-1")))
        cluster.inject(.staleEtcdMember, on: nil)
        #expect(!Health(of: cluster).allowsTakingDown(NodeName("cp-1")))
    }
}
