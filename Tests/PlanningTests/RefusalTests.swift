import Model
import Testing

@testable import Planning

@Suite struct `A plan is refused` {
    private func codes(
        _ snapshot: Snapshot, backup: Bool = true, push: Bool = false
    ) -> [String] {
        var options = PlanOptions()
        options.backup = backup
        options.push = push
        return Planner(snapshot: snapshot, options: options, id: RunID("r"), now: 0)
            .talosPlan(to: Version(1, 9, 4)).findings
            .filter { $0.severity == .error }.map(\.code)
    }

    @Test func `never, when all is well`() {
        #expect(codes(Samples.snapshot(controlPlanes: 3, workers: 3)).isEmpty)
    }

    @Test func `when a node does not answer`() {
        let snapshot = Samples.snapshot().changing("w-1") { $0.machine = .unknown("timeout") }
        #expect(codes(snapshot) == ["node.unreachable"])
    }

    @Test func `when a node is not Ready in Kubernetes`() {
        let snapshot = Samples.snapshot().changing("w-1") {
            $0.kubernetes = $0.kubernetes.map { seen in
                var copy = seen
                copy.isReady = false
                return copy
            }
        }
        #expect(codes(snapshot) == ["node.not-ready"])
    }

    @Test func `when Terraform names a schematic that no node runs`() {
        let other = SchematicID(String(repeating: "a", count: 64)) ?? .empty
        let snapshot = Samples.snapshot().with { $0.applied.schematic = .known(other) }
        #expect(Set(codes(snapshot)) == ["schematic.disagrees"])
    }

    @Test func `but not for one node with a schematic of its own, which it keeps`() {
        let own = SchematicID(String(repeating: "a", count: 64)) ?? .empty
        let snapshot = Samples.snapshot().changing("w-2") {
            $0.machine = $0.machine.map { machine in
                var copy = machine
                copy.schematic = own
                return copy
            }
        }
        #expect(codes(snapshot).isEmpty)
        let plan = Planner(
            snapshot: snapshot, options: PlanOptions(), id: RunID("r"), now: 0
        ).talosPlan(to: Version(1, 9, 4))
        #expect(plan.nodes.first { $0.node.name == "w-2" }?.image.contains(own.text) == true)
    }

    @Test func `when etcd has a stale, sick or missing member`() {
        let base = Samples.snapshot(controlPlanes: 3)
        func etcd(_ change: (inout EtcdFacts) -> Void) -> Snapshot {
            base.with {
                $0.etcd = $0.etcd.map { facts in
                    var copy = facts
                    change(&copy)
                    return copy
                }
            }
        }
        #expect(
            codes(etcd { $0.members.append(.init(id: 9, name: "gone")) }) == ["etcd.member-stale"])
        #expect(codes(etcd { $0.members[1].trouble = "no leader" }) == ["etcd.unhealthy"])
        #expect(codes(etcd { $0.members.removeLast() }).contains("etcd.member-missing"))
        #expect(codes(etcd { $0.alarms = ["NOSPACE on cp-1"] }) == ["etcd.alarm"])
    }

    @Test func `when no backup can be made, unless none is wanted`() {
        let snapshot = Samples.snapshot().with {
            $0.backupLocations = .unknown("Velero is not installed")
        }
        #expect(codes(snapshot) == ["backup.unavailable"])
        #expect(codes(snapshot, backup: false).isEmpty)
    }

    @Test func `when the file cannot be committed`() {
        let snapshot = Samples.snapshot().with {
            $0.repository.obstacles = [Problem(.refused, "terraform.tfvars is ignored by git.")]
        }
        #expect(codes(snapshot) == ["repository.obstacle"])
    }

    @Test func `when the commit is to be pushed and cannot be`() {
        let snapshot = Samples.snapshot().with {
            $0.repository.pushObstacle = Problem(.refused, "main has no upstream.")
        }
        #expect(codes(snapshot, push: true) == ["repository.push"])
        #expect(codes(snapshot).isEmpty)
    }

    @Test func `when nothing is declared`() {
        let snapshot = Samples.snapshot().with { $0.declaration.talos = .unknown("nowhere") }
        #expect(codes(snapshot) == ["declaration.none"])
    }
}

@Suite struct `The checker` {
    private var plan: Plan {
        Planner(
            snapshot: Samples.snapshot(controlPlanes: 3, workers: 2), options: PlanOptions(),
            id: RunID("r"), now: 0
        ).talosPlan(to: Version(1, 9, 4))
    }

    private func codes(_ change: (inout Plan) -> Void) -> Set<String> {
        var copy = plan
        change(&copy)
        return Set(Checker(copy).findings().map(\.code))
    }

    @Test func `finds a control plane before a worker`() {
        #expect(codes { $0.stages.reverse() }.contains("plan.order"))
    }

    @Test func `finds two workers at once`() {
        let found = codes { plan in
            let workers = plan.stages.filter { $0.title == "workers" }
            plan.stages.removeAll { $0.title == "workers" }
            plan.stages.insert(
                Stage(title: "workers", lanes: workers.flatMap(\.lanes)), at: 3)
        }
        #expect(found == ["plan.too-many-down"])
    }

    @Test(arguments: ["prove", "uncordon"])
    func `finds a missing step`(name: String) {
        let found = codes { plan in
            for stage in plan.stages.indices {
                for lane in plan.stages[stage].lanes.indices {
                    plan.stages[stage].lanes[lane].removeAll { $0.id.hasSuffix("/" + name) }
                }
            }
        }
        #expect(found == [name == "prove" ? "plan.no-proof" : "plan.stays-cordoned"])
    }

    @Test func `finds a missing etcd gate, backup and a wrong image`() {
        let gates = codes { plan in
            for stage in plan.stages.indices {
                for lane in plan.stages[stage].lanes.indices {
                    for step in plan.stages[stage].lanes[lane].indices {
                        plan.stages[stage].lanes[lane][step].gates = []
                    }
                }
            }
        }
        #expect(gates == ["plan.no-etcd-gate"])
        #expect(
            codes { $0.stages.removeAll { $0.title == "back up" } } == ["plan.no-backup"])
        #expect(codes { $0.nodes[0].to = Version(1, 9, 5) } == ["plan.image"])
    }

    @Test func `refuses a plan of another format`() {
        #expect(codes { $0.version = 99 } == ["plan.version"])
    }
}
