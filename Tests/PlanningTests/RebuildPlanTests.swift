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
            facts: .known(
                BackupFacts(
                    name: "kept", phase: phase, completedAt: now - age, location: "default")),
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
            plan.findings.map(\.summary).contains(
                "The backup kept holds its objects and the files of 1 volume: that is what comes back."
            ))
        let steps = plan.steps.map(\.id)
        let order = [
            "locks", "prove-backup", "rescue", "etcd-snapshot", "machines/destroy", "apply",
            "reconnect", "cp-1/prove", "relock", "await-velero", "suspend-flux", "read-only",
            "await-backup", "restore", "compare", "writable", "resume-flux", "prove-cluster",
            "unlock",
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
        // Nodes are not Ready before a hook has brought their CNI.
        let order = ["reconnect", "await-api", "hook/1", "w-2/prove", "await-velero"]
        #expect(steps.filter(order.contains) == order)
        #expect(!codes(plan, .note).contains("rebuild.no-hooks"))
    }

    @Test(arguments: [
        (-1.0, "backup.expired", Finding.Severity.error), (3600, "backup.expires", .warning),
    ])
    func `a backup that Velero may delete meanwhile is told, or refused`(
        left: Double, code: String, severity: Finding.Severity
    ) {
        let short = input { $0.facts = $0.facts.map { facts in facts.expiring(at: now + left) } }
        #expect(codes(plan(Samples.snapshot(), short), severity).contains(code))
        let long = input { $0.facts = $0.facts.map { facts in facts.expiring(at: now + 1e6) } }
        #expect(!codes(plan(Samples.snapshot(), long), severity).contains(code))
    }

    @Test func `a backup that holds a part of the cluster is called that`() {
        let narrow = input {
            $0.facts = .known(
                BackupFacts(
                    name: "kept", phase: "Completed", location: "default",
                    filters: ["the namespaces demo"]))
        }
        let told = plan(Samples.snapshot(), narrow).findings
        #expect(told.contains { $0.summary.contains("holds only the namespaces demo") })
        let loose = input {
            $0.facts = .known(
                BackupFacts(
                    name: "kept", phase: "Completed", location: "default",
                    holdsClusterScoped: false))
        }
        #expect(codes(plan(Samples.snapshot(), loose), .warning) == ["backup.cluster-scoped"])
    }

    @Test func `the location that holds the backup is the one that counts`() {
        let snapshot = Samples.snapshot().with {
            $0.backupLocations = .known([
                BackupLocationFacts(
                    name: "default", isAvailable: false, isReadOnly: false, isDefault: true),
                BackupLocationFacts(
                    name: "other", isAvailable: true, isReadOnly: false, isDefault: false),
            ])
        }
        #expect(codes(plan(snapshot, input())) == ["backup.location"])
        let elsewhere = input {
            $0.facts = .known(
                BackupFacts(name: "kept", phase: "Completed", location: "other"))
        }
        #expect(codes(plan(snapshot, elsewhere)).isEmpty)
    }

    @Test func `refuses a backup that would die with the cluster, unless that is allowed`() {
        let snapshot = Samples.snapshot().with {
            $0.backupLocations = .known([
                BackupLocationFacts(
                    name: "default", isAvailable: true, isReadOnly: false, isDefault: true,
                    isInCluster: true)
            ])
        }
        #expect(codes(plan(snapshot, input())) == ["backup.in-cluster"])
        let allowed = input { $0.allowed = ["backup.in-cluster"] }
        #expect(codes(plan(snapshot, allowed)).isEmpty)
        let bucket = input {
            $0.destroyed = [
                "terraform_data.machine[\"cp-1\"]", "module.s3.aws_s3_bucket.velero[0]",
            ]
        }
        let told = plan(Samples.snapshot(), bucket)
        #expect(codes(told) == ["backup.store-destroyed"])
        #expect(told.findings.contains { $0.summary.contains("module.s3.aws_s3_bucket.velero[0]") })
    }

    @Test func `refuses to destroy the cluster that Terraform keeps its state in`() {
        let inside = input { $0.stateBackend = "kubernetes" }
        #expect(codes(plan(Samples.snapshot(), inside)) == ["terraform.state-in-cluster"])
        let other = input {
            $0.stateBackend = "kubernetes"
            $0.allowed = ["terraform.state-in-cluster"]
        }
        #expect(codes(plan(Samples.snapshot(), other)).isEmpty)
    }

    @Test(arguments: [
        (Version(1, 5, 0), "version.unknown-series"), (Version(1, 13, 1), "version.withdrawn"),
        (Version(1, 6, 7), "version.kubernetes-range"),
    ])
    func `refuses a Talos that cannot run what is declared`(_ talos: Version, _ code: String) {
        let snapshot = Samples.snapshot().with {
            let place = Place(file: "t.tfvars", path: "kubernetes_version", line: 1, column: 1)
            $0.declaration.kubernetes = .known(
                DeclaredValue(text: "1.32.0", version: Version(1, 32, 0), place: place))
        }
        #expect(codes(plan(snapshot, input { $0.talos = talos })) == [code])
        #expect(codes(plan(snapshot, input())).isEmpty)
    }

    @Test func `the checker refuses a plan that destroys what it has not saved`() {
        var plan = plan(Samples.snapshot(), input())
        let without = { (name: String, plan: inout Plan) in
            for stage in plan.stages.indices {
                for lane in plan.stages[stage].lanes.indices {
                    plan.stages[stage].lanes[lane].removeAll { $0.id == name }
                }
            }
        }
        for (name, code) in [
            ("rescue", "plan.no-rescue"), ("prove-backup", "plan.unproven-backup"),
            ("restore", "plan.no-restore"),
        ] {
            without(name, &plan)
            #expect(Checker(plan).findings().contains { $0.code == code })
        }
    }
}

extension BackupFacts {
    fileprivate func expiring(at time: Double) -> BackupFacts {
        var copy = self
        copy.expiresAt = time
        return copy
    }
}
