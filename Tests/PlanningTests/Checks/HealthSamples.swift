import Model

/// A healthy, busy cluster; tests break one thing at a time.
enum HealthSamples {
    static let now = 1_795_348_800.0
    static let year = 365.0 * 86_400

    /// Three control planes, three workers, a Deployment of three with a budget, a StatefulSet,
    /// daemons, Velero, Flux, storage systems, a Job, an evicted pod of long ago.
    static func snapshot() -> Snapshot {
        var snapshot = Samples.snapshot(controlPlanes: 3, workers: 3, leader: 3)
        snapshot.takenAt = now
        snapshot.endpoint = "10.0.0.5"
        snapshot.declaration.kubernetes = .known(
            DeclaredValue(
                text: "1.32.0", version: Version(1, 32, 0),
                place: Place(
                    file: "terraform/terraform.tfvars", path: "kubernetes_version", line: 3,
                    column: 22)))
        snapshot.declaration.extensions = .known(["siderolabs/qemu-guest-agent"])
        if var etcd = snapshot.etcd.value {
            for index in etcd.members.indices { etcd.members[index].databaseSize = 80 << 20 }
            snapshot.etcd = .known(etcd)
        }
        snapshot.health = health(of: snapshot)
        return snapshot
    }

    private static func health(of snapshot: Snapshot) -> HealthFacts {
        var health = HealthFacts(
            machines: Dictionary(
                uniqueKeysWithValues: snapshot.nodes.map { ($0.name, .known(machine($0))) }),
            pods: .known(pods), budgets: .known([budget("web", wants: 2, of: 3)]),
            rooms: .known(snapshot.nodes.map(room)))
        health.reconciliations = .known([
            ReconciliationFacts(kind: "Kustomization", namespace: "flux-system", name: "apps"),
            ReconciliationFacts(kind: "HelmRelease", namespace: "demo", name: "web"),
        ])
        health.backupAgent = .known(BackupAgentFacts(desired: 3, ready: 3))
        health.storage = .known([
            StorageFacts(
                system: "Longhorn", object: "volume longhorn-system/pvc-1", verdict: .fine)
        ])
        health.certificates = [
            CertificateFacts(.talosconfig, source: "output talosconfig", expires: now + year),
            CertificateFacts(.kubeconfig, source: "output kubeconfig", expires: now + year),
            CertificateFacts(.apiServer, source: "https://10.0.0.5:6443", expires: now + year),
        ]
        health.infrastructure = .known(nil)
        return health
    }

    private static func machine(_ node: NodeFacts) -> MachineHealth {
        let vip = node.name == "cp-2" ? ["10.0.0.5"] : []
        return MachineHealth(
            volumes: [
                .init(mountPoint: "/system/state", size: 92 << 20, available: 85 << 20),
                .init(mountPoint: "/var", size: 30 << 30, available: 18 << 30),
            ], addresses: [node.address.text] + vip)
    }

    static func room(_ node: NodeFacts) -> NodeRoom {
        NodeRoom(
            name: node.name, labels: ["kubernetes.io/hostname": node.name.text],
            taints: node.role == .controlPlane
                ? [.init(key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule")] : [],
            allocatable: .init(cpu: 4000, memory: 8 << 30), mostPods: 110)
    }

    static func budget(
        _ app: String, wants: Int, of expected: Int, healthy: Int? = nil
    ) -> BudgetFacts {
        let healthy = healthy ?? expected
        return BudgetFacts(
            namespace: "demo", name: app, selector: LabelQuery(["app": app]),
            demand: .minAvailable(.count(wants)), disruptionsAllowed: max(0, healthy - wants),
            currentHealthy: healthy, desiredHealthy: wants, expectedPods: expected)
    }

    // MARK: Pods

    static func pod(
        _ name: String, on node: NodeName?, app: String? = nil, kind: String? = "ReplicaSet",
        namespace: String = "demo", status: String = "Running", phase: String = "Running",
        isReady: Bool = true
    ) -> PodHealth {
        let owner = kind.map {
            PodHealth.Owner(kind: $0, name: "\(app ?? name)-5d9c", uid: "owner-\(app ?? name)")
        }
        return PodHealth(
            pod: PodFacts(
                namespace: namespace, name: name, uid: "uid-\(name)", node: node, phase: phase,
                isReady: isReady, ownerKind: kind), status: status, owner: owner,
            labels: app.map { ["app": $0] } ?? [:])
    }

    private static var pods: [PodHealth] {
        var evicted = pod("web-old", on: "w-1", app: "web", status: "Evicted", phase: "Failed")
        evicted.pod.isReady = false
        var restarting = pod(
            "api-1", on: "w-2", app: "api", status: "CrashLoopBackOff", isReady: false)
        // It was well when it was looked at before: a restart, no more.
        restarting.persists = false
        var young = pod(
            "api-2", on: "w-3", app: "api", status: "ContainerCreating", phase: "Pending",
            isReady: false)
        young.age = 4
        young.persists = true
        var job = pod(
            "nightly-1", on: "w-1", kind: "Job", status: "Error", phase: "Failed", isReady: false)
        job.persists = true
        var retried = pod(
            "nightly-2", on: "w-1", kind: "Job", status: "CrashLoopBackOff", isReady: false)
        retried.persists = true
        var leaving = pod("web-9", on: "w-3", app: "web", status: "Terminating")
        leaving.pod.isTerminating = true
        leaving.overdue = -20
        leaving.persists = true
        var held = pod(
            "queue-1", on: nil, status: "SchedulingGated", phase: "Pending", isReady: false)
        held.persists = true
        return [
            pod("web-1", on: "w-1", app: "web"), pod("web-2", on: "w-2", app: "web"),
            pod("web-3", on: "w-3", app: "web"),
            pod("db-0", on: "w-1", app: "db", kind: "StatefulSet"),
            pod("db-1", on: "w-2", app: "db", kind: "StatefulSet"),
            pod("done", on: "w-1", status: "Completed", phase: "Succeeded", isReady: false),
            evicted, restarting, young, job, retried, leaving, held,
        ]
            + ["cp-1", "cp-2", "cp-3", "w-1", "w-2", "w-3"].map {
                pod(
                    "proxy-\($0)", on: NodeName($0), app: "proxy", kind: "DaemonSet",
                    namespace: "kube-system")
            }
    }
}

extension Snapshot {
    /// The same with the health changed.
    func ailing(_ change: (inout HealthFacts) -> Void) -> Snapshot {
        with { snapshot in
            guard var health = snapshot.health else { return }
            change(&health)
            snapshot.health = health
        }
    }

    /// The same with a known part of the health changed.
    func ailing<Part>(
        _ part: WritableKeyPath<HealthFacts, Observed<Part>>, _ change: (inout Part) -> Void
    ) -> Snapshot {
        ailing { health in
            guard var value = health[keyPath: part].value else { return }
            change(&value)
            health[keyPath: part] = .known(value)
        }
    }

    func ailing(machine name: NodeName, _ change: (inout MachineHealth) -> Void) -> Snapshot {
        ailing { health in
            guard var machine = health.machines[name]?.value else { return }
            change(&machine)
            health.machines[name] = .known(machine)
        }
    }

    func changingEtcd(_ change: (inout EtcdFacts) -> Void) -> Snapshot {
        with { snapshot in
            guard var etcd = snapshot.etcd.value else { return }
            change(&etcd)
            snapshot.etcd = .known(etcd)
        }
    }

    func changingMachine(_ name: NodeName, _ change: (inout MachineFacts) -> Void) -> Snapshot {
        changing(name) { node in
            guard var machine = node.machine.value else { return }
            change(&machine)
            node.machine = .known(machine)
        }
    }

    func changingKubernetes(
        _ name: NodeName, _ change: (inout KubernetesNodeFacts) -> Void
    ) -> Snapshot {
        changing(name) { node in
            guard var seen = node.kubernetes.value else { return }
            change(&seen)
            node.kubernetes = .known(seen)
        }
    }
}
