import Model
import Testing

@testable import Planning

@Suite struct `A Talos plan` {
    private func plan(
        _ snapshot: Snapshot, to version: Version = Version(1, 9, 4),
        _ options: PlanOptions = PlanOptions()
    ) -> Plan {
        Planner(snapshot: snapshot, options: options, id: RunID("20260101-000000-aaaa"), now: 0)
            .talosPlan(to: version)
    }

    @Test func `goes through its stages in this order`() {
        let steps = plan(Samples.snapshot(controlPlanes: 1, workers: 1)).steps.map(\.id)
        #expect(
            steps == [
                "locks", "preflight", "w-1/pull", "cp-1/pull", "backup", "edit", "review", "commit",
                "w-1/cordon", "w-1/drain", "w-1/upgrade", "w-1/prove", "w-1/uncordon",
                "etcd-snapshot", "cp-1/cordon", "cp-1/drain", "cp-1/upgrade", "cp-1/prove",
                "cp-1/uncordon", "prove-cluster", "apply", "unlock",
            ])
    }

    @Test(arguments: [
        (8, 9, "i915-ucode", "extension.renamed", Finding.Severity.note),
        (7, 8, "nvidia-fabricmanager", "extension.gone", .error),
        (8, 9, "of-my-own", "", .note), (8, 9, "zfs", "", .note),
    ])
    func `tells which extensions the new Talos calls otherwise or has not`(
        _ from: Int, _ to: Int, _ name: String, _ code: String, _ severity: Finding.Severity
    ) {
        let snapshot = Samples.snapshot(
            talos: Version(1, from, 4), kubernetes: Version(1, 30, 4)
        ).changing("w-1") {
            $0.machine = $0.machine.map { machine in
                var copy = machine
                copy.extensions = [name]
                return copy
            }
        }
        let found = plan(snapshot, to: Version(1, to, 2)).findings.first {
            $0.code.hasPrefix("extension.")
        }
        #expect(found?.code ?? "" == code)
        #expect(found == nil || found?.severity == severity)
    }

    @Test(arguments: [(1, 2), (3, 4), (1, 0), (3, 0), (5, 1), (3, 12)])
    func `passes the checker for every topology`(controlPlanes: Int, workers: Int) {
        let plan = plan(Samples.snapshot(controlPlanes: controlPlanes, workers: workers))
        #expect(!plan.hasErrors)
        #expect(Checker(plan).findings().isEmpty)
        #expect(plan.nodes.count == controlPlanes + workers)
    }

    @Test(arguments: [(2, 2, 1), (3, 3, 2), (3, 2, 2), (5, 9, 4), (1, 3, 1), (4, 1, 1)])
    func `keeps one worker up for the pods of the others`(workers: Int, most: Int, goes: Int) {
        let plan = plan(
            Samples.snapshot(controlPlanes: 3, workers: workers), to: Version(1, 9, 4),
            PlanOptions(maxUnavailable: most))
        #expect(plan.stages.filter { $0.title == "workers" }.map(\.lanes.count).max() == goes)
        let isTold = plan.findings.contains { $0.code == "workers.one-stays" }
        #expect(isTold == (workers > 1 && most >= workers))
        #expect(!plan.hasErrors && Checker(plan).findings().isEmpty)
    }

    @Test func `puts workers first and the etcd leader last`() {
        let plan = plan(Samples.snapshot(controlPlanes: 3, workers: 2, leader: 2))
        #expect(plan.nodes.map(\.node.name) == ["w-1", "w-2", "cp-3", "cp-1", "cp-2"])
        #expect(plan.nodes.last?.note == "etcd leader, last")
    }

    @Test func `takes at most so many workers at once`() {
        var options = PlanOptions()
        options.maxUnavailable = 2
        let plan = plan(
            Samples.snapshot(controlPlanes: 1, workers: 5), to: Version(1, 9, 4), options)
        let sizes = plan.stages.filter { $0.title == "workers" }.map(\.lanes.count)
        #expect(sizes == [2, 2, 1])
        #expect(Checker(plan).findings().isEmpty)
    }

    @Test func `is empty when everything is at the target`() {
        #expect(plan(Samples.snapshot(), to: Version(1, 9, 2)).isEmpty)
    }

    @Test func `only touches the nodes that are behind`() {
        let snapshot = Samples.snapshot(workers: 2).changing("w-1") {
            $0.machine = $0.machine.map { machine in
                var copy = machine
                copy.version = Version(1, 9, 4)
                return copy
            }
        }
        #expect(plan(snapshot).nodes.map(\.node.name) == ["w-2", "cp-1"])
    }

    @Test func `keeps the manner in which the version is written`() {
        let snapshot = Samples.snapshot().with {
            $0.declaration.talos = $0.declaration.talos.map {
                DeclaredValue(text: "1.9.2", version: $0.version, place: $0.place)
            }
        }
        #expect(plan(snapshot).edit?.new == "1.9.4")
    }

    @Test func `leaves a node cordoned that was cordoned before`() {
        let snapshot = Samples.snapshot().changing("w-1") {
            $0.kubernetes = $0.kubernetes.map { seen in
                var copy = seen
                copy.isCordoned = true
                return copy
            }
        }
        let steps = plan(snapshot).steps.filter { $0.node == "w-1" }.map(\.id)
        #expect(steps == ["w-1/pull", "w-1/drain", "w-1/upgrade", "w-1/prove"])
    }

    @Test func `installs through LifecycleService where the node serves it`() {
        var snapshot = Samples.snapshot(
            talos: Version(1, 13, 0), kubernetes: Version(1, 35, 4))
        for index in snapshot.nodes.indices {
            snapshot.nodes[index].machine = snapshot.nodes[index].machine.map {
                var copy = $0
                copy.servesLifecycle = true
                return copy
            }
        }
        let plan = plan(snapshot, to: Version(1, 13, 9))
        let worker = plan.steps.filter { $0.node == "w-1" }.map(\.id)
        #expect(
            worker == [
                "w-1/pull", "w-1/cordon", "w-1/drain", "w-1/install", "w-1/reboot", "w-1/prove",
                "w-1/uncordon",
            ])
        #expect(Checker(plan).findings().isEmpty)
    }

    @Test func `names its run in the commit and commits one file`() throws {
        let plan = plan(Samples.snapshot())
        let request = try #require(
            plan.steps.lazy.compactMap { step -> CommitRequest? in
                if case .perform(.commit(let request)) = step.action { return request }
                return nil
            }.first)
        #expect(request.paths == ["terraform/terraform.tfvars"])
        #expect(request.message.hasPrefix("talos: upgrade v1.9.2 to v1.9.4\n\n"))
        #expect(request.message.contains("\n\nBump-Run: 20260101-000000-aaaa\n"))
    }

    @Test(arguments: [
        (Version(1, 9, 1), "version.downgrade"), (Version(1, 7, 0), "version.downgrade"),
        (Version(1, 11, 0), "version.skips-minor"), (Version(1, 99, 0), "version.unknown-series"),
    ])
    func `refuses a version that cannot be reached`(version: Version, code: String) {
        let plan = plan(Samples.snapshot(), to: version)
        #expect(plan.findings.filter { $0.severity == .error }.map(\.code).contains(code))
    }

    @Test func `refuses a withdrawn release and names the next`() {
        let snapshot = Samples.snapshot(talos: Version(1, 13, 0), kubernetes: Version(1, 35, 0))
        let finding = plan(snapshot, to: Version(1, 13, 1)).findings.first
        #expect(finding?.code == "version.withdrawn")
        #expect(finding?.fix == "bump talos v1.13.2")
    }

    @Test func `refuses a Talos that does not run the present Kubernetes`() {
        let snapshot = Samples.snapshot(talos: Version(1, 9, 6), kubernetes: Version(1, 27, 0))
        let codes = plan(snapshot, to: Version(1, 10, 9)).findings.map(\.code)
        #expect(codes.contains("version.kubernetes-range"))
    }

    @Test func `goes through 1.10.9 before 1.11`() {
        let snapshot = Samples.snapshot(talos: Version(1, 10, 3), kubernetes: Version(1, 33, 0))
        let codes = plan(snapshot, to: Version(1, 11, 6)).findings.map(\.code)
        #expect(codes.contains("hop.etcd-3.6"))
    }
}
