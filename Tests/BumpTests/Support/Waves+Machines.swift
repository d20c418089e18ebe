/// Breakages of machines, etcd and versions, on three control planes and three workers.
extension Wave {
    static let machines = [
        Wave(
            title: "machines that complain",
            breakages: [
                .fault(
                    "diagnostic", worker1, "node.diagnostic",
                    "\(worker1) warns: kubelet server certificate rotation"),
                .fault("ephemeral-low", worker1, "disk.low", "3 GiB left of 30 GiB", "warning"),
                .fault("ephemeral-full", worker2, "disk.full", "800 MiB left of 30 GiB on /var"),
                .fault("state-full", "demo-cp-2", "disk.full", "on /system/state"),
                .fault("clock-off", worker3, "time.not-in-sync", worker3),
                .fault(
                    "install-pending", "demo-cp-3", "node.primed",
                    "demo-cp-3 has an installed version that never booted", "warning"),
                Breakage(
                    "node.pressure", "error", "demo-cp-1 reports DiskPressure",
                    by: [pressure("True")], mends: [pressure("False")]),
                Breakage(
                    "node.cordoned", "warning", "\(worker3) was cordoned before",
                    by: [.kubectl("cordon \(worker3)")], mends: [.kubectl("uncordon \(worker3)")]),
            ]),
        Wave(
            title: "machines that are not ready",
            breakages: [
                .fault(
                    "service-unhealthy", worker1, "node.not-ready",
                    "\(worker1) is running and not ready: services: service \"cri\" not healthy"),
                .fault(
                    "kubelet-down", worker2, "node.not-ready",
                    "Kubernetes calls \(worker2) NotReady: Kubelet stopped posting node status"),
                .fault(
                    "node-not-ready", worker3, "node.not-ready",
                    "NotReady: container runtime network not ready"),
            ], also: ["backup.agent-not-ready"]),
    ]

    static let etcd = [
        Wave(
            title: "etcd that complains",
            breakages: [
                .fault("etcd-no-space", "demo-cp-1", "etcd.alarm", "NOSPACE on demo-cp-1"),
                .fault("etcd-corrupt", "demo-cp-2", "etcd.alarm", "CORRUPT on demo-cp-2"),
                .fault("etcd-large", "demo-cp-3", "etcd.large", "demo-cp-3 has 1.7 GiB", "warning"),
                .fault("stale-etcd-member", nil, "etcd.member-stale", "control-plane-gone"),
            ]),
        Wave(
            title: "a member that never started",
            breakages: [
                .fault("nameless-etcd-member", nil, "etcd.member-stale", "no control plane")
            ]),
        Wave(
            title: "a learner",
            breakages: [.fault("etcd-learner", "demo-cp-2", "etcd.learner", "demo-cp-2")],
            also: ["etcd.two-members"]),
        Wave(
            title: "a member that is missing",
            breakages: [
                .fault(
                    "etcd-member-lost", "demo-cp-3", "etcd.member-missing",
                    "demo-cp-3 is not a member of etcd")
            ], also: ["node.not-ready", "etcd.two-members", "pod.not-ready"]),
        Wave(
            title: "a member that is not healthy",
            breakages: [
                .fault("etcd-unhealthy", "demo-cp-1", "etcd.unhealthy", "etcd on demo-cp-1"),
                Breakage("etcd.no-margin", "error", "2 of 3 etcd members are healthy", by: []),
            ], also: ["node.not-ready", "pod.not-ready"]),
        Wave(
            title: "no quorum",
            breakages: [
                .fault("etcd-unhealthy", "demo-cp-1", "etcd.unhealthy", "etcd on demo-cp-1"),
                .fault("etcd-unhealthy", "demo-cp-2", "etcd.no-leader", "etcd has no leader"),
                Breakage(
                    "kubernetes.unreachable", "error", "Kubernetes does not answer", by: []),
            ], also: ["node.not-ready", "etcd.no-margin"]),
    ]

    static let versions = [
        Wave(
            title: "kubelets that are too new and too old",
            breakages: [
                kubelet(worker1, "v1.33.1", "version.kubelet-newer", "error", "(v1.33.1)"),
                kubelet(worker2, "v1.28.4", "version.kubelet-old", "error", "(v1.28.4)"),
            ]),
        Wave(
            title: "kubelets of two versions",
            breakages: [
                kubelet(
                    worker3, "v1.31.9", "version.kubelets-mixed", "warning", "v1.31.9, v1.32.0")
            ]),
    ]

    static let runTitle = "a run that stopped half-way"

    /// The second worker falls back, so the first runs another version than the rest.
    static let runs = [
        Wave(
            title: runTitle,
            breakages: [
                Breakage(
                    "run.open", "error", "A run is open: talos v1.9.4",
                    by: [
                        .fault("boots-old", worker2),
                        .bumpStopped(["talos", "v1.9.4", "--yes", "--no-backup"]),
                    ], mends: [.bump(["abort", "--yes"])]),
                Breakage("version.mixed", "warning", "v1.9.4, but", by: []),
                Breakage(
                    "declaration.drift", "warning", "Talos v1.9.4 is declared, and v1.9.2, v1.9.4",
                    by: []),
            ], also: ["node.cordoned", "terraform.pending"])
    ]

    private static let worker1 = "demo-worker-1"
    private static let worker2 = "demo-worker-2"
    private static let worker3 = "demo-worker-3"

    private static func pressure(_ status: String) -> Breakage.Act {
        .kubectl(
            "patch node demo-cp-1 --subresource status --type strategic --patch "
                + #"{"status":{"conditions":[{"type":"DiskPressure","status":"\#(status)"}]}}"#)
    }

    private static func kubelet(
        _ node: String, _ version: String, _ code: String, _ severity: String, _ word: String
    ) -> Breakage {
        func says(_ version: String) -> Breakage.Act {
            .status(
                of: "node/\(node)", #"{"status":{"nodeInfo":{"kubeletVersion":"\#(version)"}}}"#)
        }
        return Breakage(code, severity, word, by: [says(version)], mends: [says("v1.32.0")])
    }
}
