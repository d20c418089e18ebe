import Model
import Testing

@testable import Planning

@Suite struct `A rebuild plan` {
    private let now = 1_000_000.0

    private func input(
        _ phase: String = "Completed", age: Double = 600,
        change: (inout RebuildInput) -> Void = { _ in }
    ) -> RebuildInput {
        var input = RebuildInput(
            talos: Version(1, 9, 2), reason: "as asked for", backup: "kept",
            facts: .known(BackupFacts(name: "kept", phase: phase, completedAt: now - age)),
            volumes: .known([
                VolumeCopy(namespace: "db", pod: "pg-0", volume: "data", phase: "Completed")
            ]),
            claims: .known([
                ClaimFacts(namespace: "db", name: "data-pg-0", mounts: ["pg-0 data"])
            ]), isInHistory: false, hooks: [])
        change(&input)
        return input
    }

    private func plan(_ snapshot: Snapshot, _ input: RebuildInput) -> Plan {
        RebuildPlanner(
            snapshot: snapshot, input: input, options: PlanOptions(), id: RunID("r"), now: now
        ).plan()
    }

    private func codes(_ plan: Plan, _ severity: Finding.Severity = .error) -> [String] {
        plan.findings.filter { $0.severity == severity }.map(\.code)
    }

    @Test func `saves before it destroys, and proves before it saves`() {
        let plan = plan(Samples.snapshot(controlPlanes: 3, workers: 3), input())
        #expect(
            plan.findings.map(\.summary) == [
                "The backup kept holds its objects and the files of 1 volume: that is what comes back."
            ])
        let steps = plan.steps.map(\.id)
        let order = [
            "locks", "prove-backup", "rescue", "etcd-snapshot", "machines/destroy", "apply",
            "reconnect", "cp-1/prove", "relock", "await-backup", "suspend-flux", "read-only",
            "restore", "compare", "writable", "resume-flux", "prove-cluster", "unlock",
        ]
        #expect(steps.filter(order.contains) == order)
        #expect(Checker(plan).findings().isEmpty)
    }

    @Test(arguments: [
        ("PartiallyFailed", "backup.partial"), ("InProgress", "backup.unfinished"),
        ("Failed", "backup.unfinished"), ("", "backup.unfinished"),
    ])
    func `refuses a backup that is not whole`(_ phase: String, _ code: String) {
        #expect(codes(plan(Samples.snapshot(), input(phase))) == [code])
    }

    @Test func `refuses a backup that is not there, and one with a volume missing`() {
        let gone = input { $0.facts = .unknown("Velero has no backup of that name") }
        #expect(codes(plan(Samples.snapshot(), gone)) == ["backup.not-found"])
        let broken = input {
            $0.volumes = .known([
                VolumeCopy(namespace: "db", pod: "pg-0", volume: "data", phase: "Failed")
            ])
        }
        #expect(codes(plan(Samples.snapshot(), broken)) == ["backup.volume"])
    }

    @Test func `says aloud which claim the backup does not hold, and how old it is`() {
        let more = input(age: 90_000) {
            $0.claims = .known([ClaimFacts(namespace: "web", name: "cache", mounts: [])])
        }
        let plan = plan(Samples.snapshot(), more)
        #expect(Set(codes(plan, .warning)) == ["backup.claim", "backup.age"])
        #expect(plan.findings.contains { $0.summary.contains("web/cache: no running pod") })
    }

    @Test func `goes without a cluster only by a backup that the history vouches for`() {
        let dead = Samples.snapshot().with {
            $0.kubernetesVersion = .unknown("connection refused")
            $0.backupLocations = .unknown("connection refused")
        }
        let unknown = input {
            $0.facts = .unknown("connection refused")
            $0.isInHistory = true
        }
        let plan = plan(dead, unknown)
        #expect(codes(plan).isEmpty)
        #expect(codes(plan, .warning) == ["backup.unseen"])
        #expect(!plan.steps.contains { $0.id == "locks" || $0.id == "prove-backup" })
        let stranger = input { $0.facts = .unknown("connection refused") }
        #expect(codes(self.plan(dead, stranger)) == ["backup.not-found"])
    }

    @Test func `makes everything anew with an empty state only where nothing answers`() {
        let empty = input { $0.hasState = false }
        let alive = plan(Samples.snapshot(), empty)
        #expect(codes(alive) == ["terraform.other-state"])
        #expect(alive.findings.contains { $0.summary.contains("cp-1, w-1, w-2 answer") })
        let dead = Samples.snapshot().with { snapshot in
            for index in snapshot.nodes.indices {
                snapshot.nodes[index].machine = .unknown("connection refused")
            }
        }
        #expect(codes(plan(dead, empty)).isEmpty)
        #expect(codes(plan(dead, empty), .warning) == ["terraform.empty-state"])
    }

    @Test func `refuses while no storage location is available`() {
        let snapshot = Samples.snapshot().with {
            $0.backupLocations = .known([
                BackupLocationFacts(
                    name: "default", isAvailable: false, isReadOnly: false, isDefault: true)
            ])
        }
        #expect(codes(plan(snapshot, input())) == ["backup.location"])
    }

    @Test func `goes back to the known-good version in the file, and runs the hooks between`() {
        let hooks = input {
            $0.hooks = [RebuildHook(name: "velero", command: "helm install velero")]
        }
        let plan = plan(Samples.snapshot(talos: Version(1, 9, 4)), hooks)
        #expect(plan.edit?.new == "v1.9.2")
        let steps = plan.steps.map(\.id)
        let hook = steps.firstIndex(of: "hook/1") ?? 0
        #expect(hook > steps.firstIndex(of: "w-2/prove") ?? .max)
        #expect(hook < steps.firstIndex(of: "await-backup") ?? 0)
    }
}
