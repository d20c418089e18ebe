import Model
import Simulation
import Testing

@Suite struct WorkloadTests {
    @Test func `a budget refuses an eviction until the replacement is ready`() throws {
        var cluster = makeCluster()
        let web = cluster.livePods(of: "web")
        #expect(web.count == 3)
        #expect(cluster.budgets.values.map(\.disruptionsAllowed) == [1])
        #expect(cluster.evict(uid: web[0].uid, dryRun: true, by: "test") == .evicted)
        #expect(cluster.evict(uid: web[0].uid, by: "test") == .evicted)
        #expect(
            cluster.evict(uid: web[1].uid, by: "test")
                == .refused(budget: "web", message: EmulatedCluster.refusalMessage))
        #expect(
            cluster.budgets.values.first?.refusalCause
                == "The disruption budget web needs 2 healthy pods and has 2 currently")
        cluster.advance(by: .seconds(1))
        #expect(cluster.evict(uid: web[1].uid, by: "test") == .evicted)
        let kinds = cluster.takeEvents().map(\.kind)
        #expect(kinds == [.evicted, .evictionRefused, .evicted])
    }

    @Test func `finalizers keep a deleted pod until they are taken away`() throws {
        var cluster = makeCluster()
        cluster.createBarePod(
            PodSpec(namespace: "demo", name: "held", node: "w-1", graceSeconds: 1, isHeld: true),
            uid: "held", by: "test")
        cluster.advance(by: .seconds(5))
        cluster.deletePod(uid: "held", by: "test")
        cluster.advance(by: .seconds(60))
        let pod = try #require(cluster.pods["held"])
        #expect(pod.isTerminating && !pod.isReady)
        cluster.deletePod(uid: "held", graceSeconds: 0, by: "test")
        #expect(cluster.pods["held"] != nil)
        cluster.hold(pod: "held", false)
        #expect(cluster.pods["held"] == nil)
    }

    @Test(arguments: [
        (SchedulingRules(cpu: 3000), 2, "Insufficient cpu"),
        (SchedulingRules(memory: 5 << 30), 2, "Insufficient memory"),
        (
            SchedulingRules(repels: [LabelSelector(["app": "choosy"])]), 2,
            "node(s) didn't match pod anti-affinity rules"
        ),
        (
            SchedulingRules(nodeAffinity: [LabelSelector(["kubernetes.io/hostname": "nowhere"])]),
            0, "node(s) didn't match Pod's node affinity/selector"
        ),
        (
            SchedulingRules(spreads: [
                .init(
                    topologyKey: "kubernetes.io/hostname", maxSkew: 1,
                    selector: LabelSelector(["app": "choosy"]))
            ]), 2, "node(s) didn't match pod topology spread constraints"
        ),
    ])
    func `a choosy pod waits, and it is said why`(
        _ rules: SchedulingRules, _ placed: Int, _ why: String
    ) throws {
        var cluster = makeCluster()
        cluster.putWorkload(
            WorkloadSpec(
                kind: .deployment, namespace: "demo", name: "choosy", replicas: 3,
                selector: LabelSelector(["app": "choosy"]), templateLabels: ["app": "choosy"],
                rules: rules), uid: "choosy", by: "test")
        cluster.advance(by: .seconds(5))
        let pods = cluster.pods.values.filter { $0.workload == "choosy" }
        #expect(pods.filter { $0.node != nil }.count == placed)
        let waiting = try #require(pods.first { $0.node == nil })
        #expect(cluster.objections(toPlacing: waiting.uid)[why] != nil)
    }

    @Test func `two budgets on one pod are ambiguous`() {
        var cluster = makeCluster()
        cluster.putBudget(
            BudgetSpec(
                namespace: "demo", name: "all", demand: .minAvailable(.percent(10)),
                selector: LabelSelector()),
            uid: "all", by: "test")
        #expect(
            cluster.evict(uid: cluster.livePods(of: "web")[0].uid, by: "test") == .ambiguous)
        #expect(cluster.evict(uid: "nobody", by: "test") == .notFound)
    }

    @Test func `drained pods come up elsewhere, and daemons stay`() throws {
        var cluster = makeCluster()
        cluster.setCordon("w-1", true, by: "test")
        for _ in 0..<10 {
            for uid in cluster.pods.keys.sorted() {
                guard let pod = cluster.pods[uid], pod.node == "w-1", !pod.isDaemon else {
                    continue
                }
                _ = cluster.evict(uid: uid, by: "test")
            }
            cluster.advance(by: .seconds(1))
        }
        let left = cluster.pods.values.filter { $0.node == "w-1" }
        #expect(!left.isEmpty && left.allSatisfy { $0.isDaemon })
        #expect(cluster.livePods(of: "web").allSatisfy { $0.isReady && $0.node == "w-2" })
        #expect(!cluster.takeEvents().map(\.kind).contains(.pdbBroken))
    }

    @Test func `a pod that no other node takes waits, and starts after the uncordon`() {
        var cluster = makeCluster(workers: 0)
        cluster.setCordon("cp-1", true, by: "test")
        let uid = cluster.livePods(of: "web")[0].uid
        #expect(cluster.evict(uid: uid, by: "test") == .evicted)
        cluster.advance(by: .seconds(5))
        #expect(cluster.livePods(of: "web").filter { $0.phase == .pending }.count == 1)
        cluster.setCordon("cp-1", false, by: "test")
        cluster.advance(by: .seconds(1))
        #expect(cluster.livePods(of: "web").allSatisfy { $0.isReady })
    }

    @Test func `deleted daemon and mirror pods come back on their node, even a cordoned one`() {
        var cluster = makeCluster()
        cluster.setCordon("cp-1", true, by: "test")
        let doomed = cluster.pods.values.filter {
            $0.node == "cp-1" && ($0.isMirror || $0.isDaemon)
        }
        for pod in doomed { cluster.deletePod(uid: pod.uid, by: "test") }
        cluster.advance(by: .seconds(2))
        let back = cluster.pods.values.filter {
            $0.node == "cp-1" && ($0.isMirror || $0.isDaemon)
        }
        #expect(back.count == doomed.count && back.allSatisfy { $0.isReady })
        #expect(Set(back.map(\.uid)).isDisjoint(with: doomed.map(\.uid)))
    }

    @Test func `a reboot without a drain breaks the budget`() throws {
        var cluster = makeCluster()
        let node = try #require(cluster.livePods(of: "web").first?.node)
        let count = cluster.livePods(of: "web").filter { $0.node == node }.count
        let crowded = count == 2 ? node : node == "w-1" ? "w-2" : "w-1"
        _ = try cluster.reboot(crowded, by: "test")
        cluster.advance(by: .seconds(2))
        #expect(cluster.takeEvents().contains { $0.kind == .pdbBroken && $0.node == crowded })
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
        #expect(cluster.livePods(of: "web").contains { $0.restarts == 1 })
    }

    @Test func `a cordon of somebody else stays through an upgrade`() throws {
        var cluster = makeCluster()
        cluster.setCordon("w-1", true, by: "somebody")
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        #expect(cluster.nodes["w-1"]?.annotations["talos.dev/cordoned"] == nil)
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 4))
        #expect(cluster.nodes["w-1"]?.isCordoned == true)
        let kinds = cluster.kinds(on: "w-1")
        #expect(kinds.filter { $0 == .cordoned || $0 == .uncordoned } == [.cordoned])
    }

    @Test func `cordoning twice is one event`() {
        var cluster = makeCluster()
        for on in [true, true, false, false] { cluster.setCordon("w-1", on, by: "test") }
        #expect(cluster.kinds(on: "w-1") == [.cordoned, .uncordoned])
    }

    @Test(arguments: [WorkloadSpec.Kind.deployment, .statefulSet, .daemonSet])
    func `a workload is made, rolled to a new template, and deleted`(kind: WorkloadSpec.Kind) {
        var cluster = makeCluster()
        var spec = WorkloadSpec(
            kind: kind, namespace: "default", name: "one", replicas: 2,
            selector: LabelSelector(["a": "one"]), templateLabels: ["a": "one"])
        cluster.putWorkload(spec, uid: "one", by: "test")
        cluster.advance(by: .seconds(2))
        let first = cluster.livePods(of: "one")
        #expect(first.count == 2 && first.allSatisfy { $0.isReady })
        if kind == .statefulSet { #expect(first.map(\.name) == ["one-0", "one-1"]) }
        spec.templateHash = "new"
        cluster.putWorkload(spec, uid: "one", by: "test")
        cluster.advance(by: .seconds(8))
        let second = cluster.livePods(of: "one")
        #expect(second.count == 2 && second.allSatisfy { $0.templateHash == "new" })
        #expect(cluster.workloads["one"]?.readyPods == 2)
        cluster.deleteWorkload(uid: "one", by: "test")
        cluster.advance(by: .seconds(1))
        #expect(cluster.pods.values.allSatisfy { $0.namespace != "default" })
    }

    @Test func `a backup takes a second and twenty milliseconds an item`() {
        var cluster = makeCluster()
        cluster.createBackup(BackupRequest(name: "b", items: 100), by: "test")
        #expect(cluster.backups["b"]?.phase == .inProgress)
        cluster.advance(by: .milliseconds(2900))
        #expect(cluster.backups["b"]?.phase == .inProgress)
        #expect(cluster.backups["b"]?.itemsDone ?? 0 > 0)
        cluster.advance(by: .milliseconds(200))
        #expect(cluster.backups["b"]?.phase == .completed)
        #expect(cluster.takeEvents().map(\.detail) == ["b Completed"])
    }

    @Test(arguments: [
        (Fault.backupFails, EmulatedBackup.Phase.failed), (.backupPartial, .partiallyFailed),
    ])
    func `a faulty backup is the next one only`(fault: Fault, phase: EmulatedBackup.Phase) {
        var cluster = makeCluster()
        cluster.inject(fault, on: nil)
        for name in ["a", "b"] {
            cluster.createBackup(BackupRequest(name: name), by: "test")
            cluster.advance(by: .seconds(10))
        }
        #expect(cluster.backups["a"]?.phase == phase)
        #expect(cluster.backups["b"]?.phase == .completed)
    }
}
