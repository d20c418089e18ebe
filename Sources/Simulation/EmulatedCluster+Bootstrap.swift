import Model

extension EmulatedCluster {
    /// What Talos, Velero's chart and the lab put into a new cluster.
    mutating func bootstrap() {
        isBootstrapped = true
        let everywhere = ["*"]
        put(
            .daemonSet, "kube-system", "kube-proxy", tolerations: everywhere, onHost: true,
            label: "k8s-app")
        put(
            .daemonSet, "kube-system", "kube-flannel", tolerations: everywhere, onHost: true,
            label: "k8s-app", value: "flannel")
        put(
            .deployment, "kube-system", "coredns", replicas: 2,
            tolerations: ["node-role.kubernetes.io/control-plane"], label: "k8s-app",
            value: "kube-dns")
        queue.schedule(.furnishing, at: now + .seconds(30))
        if locations.isEmpty, blueprint.hasVelero {
            putLocation(EmulatedBackupLocation(name: "default", bucket: "lab", isDefault: true))
        }
    }

    /// Once all expected nodes were ready: what is to be spread over them. When it is late,
    /// workers that were never made are not waited for.
    mutating func furnishIfComplete(isLate: Bool = false) {
        guard isBootstrapped, !isFurnished else { return }
        let expected = max(machines.count, controlPlanes.count + (blueprint.workers ?? 0))
        let ready = nodeOrder.reduce(0) { $0 + (nodes[$1, \.readiness] == .ready ? 1 : 0) }
        guard isLate || ready >= expected else { return }
        isFurnished = true
        if blueprint.hasVelero {
            put(.deployment, "velero", "velero", replicas: 1, hasEmptyDir: true)
            putNodeAgent()
        }
        put(.deployment, "demo", "web", replicas: 3)
        welcomeWorker()
    }

    mutating func putNodeAgent() {
        put(.daemonSet, "velero", "node-agent", hasEmptyDir: true)
    }

    /// Control planes take no ordinary pods once there are workers; two of them make the demo
    /// budget possible.
    mutating func welcomeWorker() {
        let workers = machines.count - controlPlanes.count
        if workers > 0 {
            for name in controlPlanes where nodes[name, \.taints.isEmpty] == true {
                nodes.set(\.taints, of: name, to: [ClusterNode.controlPlaneTaint])
                changed(.node(name))
            }
        }
        guard isFurnished, workers >= 2 else { return }
        let isThere = (budgetsByNamespace["demo"] ?? []).contains {
            budgets[$0]?.spec.name == "web"
        }
        guard !isThere else { return }
        putBudget(
            BudgetSpec(
                namespace: "demo", name: "web", demand: .minAvailable(.count(2)),
                selector: LabelSelector(["app": "web"])),
            uid: ObjectUID(generator.uuid()), by: "talos")
    }

    /// The last control plane is gone and its disk with it. Backups in a location's bucket are
    /// not part of the cluster; whoever keeps them brings them back with `adoptBackup`.
    mutating func loseKubernetes() {
        for name in nodeOrder { changed(.nodeGone(name)) }
        for uid in pods.keys.sorted() {
            if let pod = pods[uid] {
                changed(.podGone(uid, namespace: pod.namespace, name: pod.name))
            }
        }
        for uid in workloads.keys.sorted() {
            if let spec = workloads[uid, \.spec] {
                changed(.workloadGone(uid, namespace: spec.namespace, name: spec.name))
            }
        }
        for uid in budgets.keys.sorted() {
            if let spec = budgets[uid]?.spec {
                changed(.budgetGone(uid, namespace: spec.namespace, name: spec.name))
            }
        }
        nodes = Table()
        nodeOrder = []
        pods = Table()
        workloads = Table()
        budgets = [:]
        backups = [:]
        locations = [:]
        podsByNode = [:]
        podsByNamespace = [:]
        budgetsByNamespace = [:]
        unscheduled = []
        dirtyWorkloads = []
        dirtyBudgets = []
        kubeletLostAt = [:]
        faultBudgets = [:]
        etcdLost = []
        isBootstrapped = false
        isFurnished = false
        apiWasAvailable = false
        vipHolder = nil
        let term = etcd.term
        etcd = EtcdState()
        etcd.term = term
    }

    /// The three static pods of a control plane, as their mirrors show them.
    mutating func syncStaticPods(on node: NodeName) {
        guard apiIsAvailable, let machine = machines[node], machine.role == .controlPlane,
            let owner = nodes[node, \.uid], machine.kubeletIsUp
        else { return }
        let mirrors = (podsByNode[node] ?? []).filter { pods[$0, \.isMirror] == true }
        for component in SystemComponent.staticPods {
            let name = component.rawValue + "-" + node.text
            if let uid = mirrors.first(where: { pods[$0, \.name] == name }) {
                if pods[uid, \.isTerminating] == false {
                    setReady(uid, machine.isUp(component))
                }
                continue
            }
            let labels = [
                "tier": "control-plane", "component": component.rawValue,
                "k8s-app": component.rawValue,
            ]
            let uid = ObjectUID(generator.uuid())
            var pod = newPod(
                namespace: "kube-system", name: name, labels: labels, graceSeconds: 30, uid: uid)
            pod.owner = Pod.Owner(kind: "Node", name: node.text, uid: owner)
            pod.node = node
            pod.isMirror = true
            pod.usesHostNetwork = true
            pod.hostAddress = machine.address
            pod.phase = .running
            pod.isReady = machine.isUp(component)
            if machine.components[component]?.trouble == "CrashLoopBackOff" { pod.restarts = 5 }
            pod.scheduledAt = now
            pod.startedAt = now
            pod.tolerations = ["*"]
            pod.imageVersion = machine.controlPlaneVersions[component]
            insert(pod)
        }
    }

    private mutating func put(
        _ kind: WorkloadSpec.Kind, _ namespace: String, _ name: String, replicas: Int = 0,
        tolerations: [String] = [], hasEmptyDir: Bool = false, onHost: Bool = false,
        label: String = "app", value: String? = nil
    ) {
        let labels = [label: value ?? name]
        putWorkload(
            WorkloadSpec(
                kind: kind, namespace: namespace, name: name, replicas: replicas,
                selector: LabelSelector(labels), templateLabels: labels,
                templateHash: generator.suffix(length: 9), tolerations: tolerations,
                hasEmptyDir: hasEmptyDir, usesHostNetwork: onHost),
            uid: ObjectUID(generator.uuid()), by: "talos")
    }
}
