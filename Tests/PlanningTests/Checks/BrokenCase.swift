import Model

/// One thing broken, and the one finding it has to give.
struct BrokenCase: Sendable, CustomStringConvertible {
    var code: String
    var severity: Finding.Severity
    /// Part of the sentence or place, so that the culprit is named.
    var names: String
    var breaking: @Sendable (Snapshot) -> Snapshot

    init(_ code: String, _ names: String, _ breaking: @escaping @Sendable (Snapshot) -> Snapshot) {
        self.init(code, .error, names, breaking)
    }

    init(
        _ code: String, _ severity: Finding.Severity, _ names: String,
        _ breaking: @escaping @Sendable (Snapshot) -> Snapshot
    ) {
        self.code = code
        self.severity = severity
        self.names = names
        self.breaking = breaking
    }

    var description: String { "\(code) (\(names))" }

    static let all = nodes + etcd + versions + pods + drains + systems + ours

    private static let nodes: [BrokenCase] = [
        BrokenCase("node.unreachable", "w-2 does not answer") {
            $0.changing("w-2") { $0.machine = .unknown("connection refused") }
        },
        BrokenCase("node.not-ready", "w-1 is rebooting") {
            $0.changingMachine("w-1") { $0.stage = .rebooting }
        },
        BrokenCase("node.not-ready", "staticPods: not running") {
            $0.changingMachine("cp-1") {
                $0.isReady = false
                $0.unmetConditions = ["staticPods: not running"]
            }
        },
        BrokenCase("node.not-ready", "calls w-3 NotReady") {
            $0.changingKubernetes("w-3") { $0.isReady = false }
        },
        BrokenCase("node.not-in-kubernetes", "w-3") {
            $0.changing("w-3") { $0.kubernetes = .unknown("no node with that address") }
        },
        BrokenCase("node.cordoned", .warning, "w-1") {
            $0.changingKubernetes("w-1") { $0.isCordoned = true }
        },
        BrokenCase("node.diagnostic", "cp-1 warns: kubelet CSR is not approved") {
            $0.ailing(machine: "cp-1") { $0.diagnostics = ["kubelet CSR is not approved"] }
        },
        BrokenCase("disk.full", "w-1 has 800 MiB left of 30 GiB on /var") {
            $0.ailing(machine: "w-1") { $0.volumes[1].available = 800 << 20 }
        },
        BrokenCase("disk.low", .warning, "w-1 has 3 GiB") {
            $0.ailing(machine: "w-1") { $0.volumes[1].available = 3 << 30 }
        },
        BrokenCase("disk.full", "on /system/state") {
            $0.ailing(machine: "cp-2") { $0.volumes[0].available = 1 << 20 }
        },
        BrokenCase("time.not-in-sync", "w-2") {
            $0.ailing(machine: "w-2") { $0.clock = .notInSync }
        },
        BrokenCase("node.primed", .warning, "cp-3") {
            $0.ailing(machine: "cp-3") { $0.hasPendingInstall = true }
        },
        BrokenCase("node.unseen", .warning, "w-1") {
            $0.ailing { $0.machines["w-1"] = .unknown("needs the role os:reader") }
        },
        BrokenCase("node.pressure", "w-2 reports DiskPressure") {
            $0.ailing(\.rooms) { $0[4].pressures = ["DiskPressure: low on disk"] }
        },
        BrokenCase("endpoint.single", .note, "cp-2 itself") {
            $0.with { $0.endpoint = "127.0.0.11" }
        },
    ]

    private static let etcd: [BrokenCase] = [
        BrokenCase("etcd.unknown", "nobody answers") {
            $0.with { $0.etcd = .unknown("nobody answers") }
        },
        BrokenCase("etcd.alarm", "NOSPACE on cp-1") {
            $0.changingEtcd { $0.alarms = ["NOSPACE on cp-1"] }
        },
        BrokenCase("etcd.member-stale", "gone") {
            $0.changingEtcd {
                $0.members.append(.init(id: 9, name: "gone"))
                $0.members.append(.init(id: 10, name: "cp-1"))
            }
        },
        BrokenCase("etcd.member-stale", "000000000000000a") {
            $0.changingEtcd {
                $0.members.append(.init(id: 10, name: "", trouble: "it never started"))
                $0.members.append(.init(id: 11, name: "cp-1"))
            }
        },
        BrokenCase("etcd.no-leader", "no leader") {
            $0.changingEtcd {
                for index in $0.members.indices { $0.members[index].isLeader = false }
            }
        },
        BrokenCase("etcd.large", .warning, "cp-2 has 1.7 GiB") {
            $0.changingEtcd { $0.members[1].databaseSize = 1_750 << 20 }
        },
        BrokenCase("etcd.even", .warning, "4 members") {
            $0.changingEtcd { $0.members.append(.init(id: 9, name: "cp-3")) }
        },
    ]

    private static let versions: [BrokenCase] = [
        BrokenCase("version.kubelet-newer", "w-1 (v1.33.0)") {
            $0.changingKubernetes("w-1") { $0.kubeletVersion = Version(1, 33, 0) }
        },
        BrokenCase("version.kubelet-old", "w-2 (v1.28.4)") {
            $0.changingKubernetes("w-2") { $0.kubeletVersion = Version(1, 28, 4) }
        },
        BrokenCase("version.kubelets-mixed", .warning, "v1.31.9, v1.32.0") {
            $0.changingKubernetes("w-2") { $0.kubeletVersion = Version(1, 31, 9) }
        },
        BrokenCase("version.unsupported", .warning, "Talos 1.9 supports Kubernetes 1.27 to 1.32") {
            $0.with { snapshot in
                snapshot.kubernetesVersion = .known(Version(1, 33, 1))
                snapshot.declaration.kubernetes = .unknown("not declared")
            }
        },
        BrokenCase("declaration.drift", .warning, "Kubernetes 1.32.0 is declared, and 1.32.4 runs")
        {
            $0.with { $0.kubernetesVersion = .known(Version(1, 32, 4)) }
        },
        BrokenCase("declaration.drift", .warning, "Talos v1.9.2 is declared, and v1.9.1 runs") {
            $0.with { snapshot in
                for node in snapshot.nodes.map(\.name) {
                    snapshot = snapshot.changingMachine(node) { $0.version = Version(1, 9, 1) }
                }
            }
        },
        BrokenCase("schematic.own", .warning, "w-2") {
            $0.changingMachine("w-2") {
                $0.schematic = SchematicID(String(repeating: "a", count: 64))
            }
        },
    ]

    private static let pods: [BrokenCase] = [
        pod("pod.crash-loop", "demo/sick is CrashLoopBackOff: back-off 5m") {
            $0.status = "CrashLoopBackOff"
            $0.message = "back-off 5m"
        },
        pod("pod.unwell", "demo/sick is ImagePullBackOff") { $0.status = "ImagePullBackOff" },
        pod("pod.unwell", "demo/sick is Init:ErrImagePull") {
            $0.status = "Init:ErrImagePull"
            $0.age = 10
        },
        pod("pod.unwell", "demo/sick is CreateContainerConfigError") {
            $0.status = "CreateContainerConfigError"
        },
        pod("pod.unwell", "demo/sick is ContainerCreating") { $0.status = "ContainerCreating" },
        pod("pod.unschedulable", "No node takes pod demo/sick: 0/6 nodes") {
            $0.status = "Pending"
            $0.pod.phase = "Pending"
            $0.pod.node = nil
            $0.isUnschedulable = true
            $0.message = "0/6 nodes are available"
            $0.age = 5
        },
        pod("pod.not-ready", .warning, "demo/sick runs, but is not ready") { _ in },
        pod("pod.not-ready", "kube-system/sick") { $0.pod.namespace = "kube-system" },
        pod("pod.terminating", "demo/sick should have been gone 300 s ago") {
            $0.status = "Terminating"
            $0.pod.isTerminating = true
            $0.overdue = 300
        },
        pod("pod.node-gone", "node w-9, which is gone") {
            $0.status = "Terminating"
            $0.pod.isTerminating = true
            $0.overdue = 300
            $0.pod.node = "w-9"
        },
    ]

    private static func pod(
        _ code: String, _ names: String, _ change: @escaping @Sendable (inout PodHealth) -> Void
    ) -> BrokenCase { pod(code, .error, names, change) }

    private static func pod(
        _ code: String, _ severity: Finding.Severity, _ names: String,
        _ change: @escaping @Sendable (inout PodHealth) -> Void
    ) -> BrokenCase {
        BrokenCase(code, severity, names) { snapshot in
            snapshot.ailing(\.pods) { pods in
                var pod = HealthSamples.pod("sick", on: "w-1", isReady: false)
                pod.persists = true
                change(&pod)
                pods.append(pod)
            }
        }
    }
}
