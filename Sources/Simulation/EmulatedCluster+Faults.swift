package import Model

extension EmulatedCluster {
    /// Injects a fault. Without a node it strikes the first worker, or the first control plane
    /// where only that makes sense; `heal` without one heals everything.
    package mutating func inject(_ fault: Fault, on node: NodeName?) {
        switch fault {
        case .heal: heal(node)
        case .backupFails, .backupPartial, .backupHangs, .backupLosesVolume, .restoreFails,
            .restorePartial:
            pendingClusterFaults.insert(fault)
        case .locationUnavailable, .wrongCredentials: loseLocations(fault)
        case .nodeAgentMissing: removeNodeAgent()
        case .factoryDown, .factoryGarbage, .factorySlow, .feedsDown, .feedsGarbage, .feedsSlow,
            .feedsLimited:
            serviceFaults.insert(fault)
        case .apiserverCrashLoops:
            if let target = node ?? controlPlanes.first, machines[target] != nil {
                strike(fault, target)
            }
        case .staleEtcdMember:
            addStaleMember(named: blueprint.clusterName + "-control-plane-gone")
        case .namelessEtcdMember: addStaleMember(named: "")
        case .etcdUnhealthy, .etcdLearner, .etcdNoSpace, .etcdCorrupt, .etcdLarge:
            if let target = node ?? controlPlanes.last { ail(etcdOf: target, fault) }
        case .etcdMemberLost:
            if let target = node ?? controlPlanes.last { loseMember(of: target) }
        default:
            let first = machineOrder.first { machines[$0, \.role] == .worker }
            if let target = node ?? first ?? controlPlanes.first, machines[target] != nil {
                strike(fault, target)
            }
        }
        settle()
    }

    private mutating func strike(_ fault: Fault, _ node: NodeName) {
        switch fault {
        case .apiFlap:
            for round in 0..<10 {
                schedule(.flapDown, on: node, after: .seconds(round * 2))
            }
        case .pdbBlocks: block(node)
        case .kubeletDown:
            guard machines[node, \.kubeletIsUp] == true else { return }
            machines.set(\.kubeletIsUp, of: node, to: false)
            loseKubelet(of: node)
            stopPods(on: node)
            setService("kubelet", .failed, isHealthy: false, on: node)
            setStage(machines[node, \.stage] ?? .running, isReady: false, on: node)
        case .nodeNotReady:
            machines.set(\.saysNotReady, of: node, to: true)
            setStage(machines[node, \.stage] ?? .running, isReady: false, on: node)
            setReadiness(
                .notReady, of: node, reason: "KubeletNotReady",
                message: "container runtime network not ready: cni plugin not initialized")
        case .bootHangs:
            machines.update(node) { $0.pendingFaults.insert(fault) }
            machines.set(\.sequenceBy, of: node, to: "fault")
            schedule(.goDown, on: node, after: .zero)
        case .serviceUnhealthy:
            setService("cri", .running, isHealthy: false, on: node)
            setStage(machines[node, \.stage] ?? .running, isReady: false, on: node)
        default:
            if fault.isPending { machines.update(node) { $0.pendingFaults.insert(fault) } }
            changed(.machine(node))
        }
    }

    private mutating func addStaleMember(named name: String) {
        guard !etcd.members.contains(where: { $0.node == nil && $0.name == name }) else { return }
        etcd.members.append(
            EtcdMember(
                id: generator.next() | 1, name: name, peerURLs: ["https://127.0.0.254:2380"],
                clientURLs: ["https://127.0.0.254:2379"], isLearner: false, isHealthy: false,
                node: nil))
        controlPlaneIsDirty = true
    }

    private mutating func ail(etcdOf node: NodeName, _ fault: Fault) {
        guard let index = etcd.index(of: node) else { return }
        let id = etcd.members[index].id
        switch fault {
        case .etcdUnhealthy:
            etcd.members[index].isHealthy = false
            stopMember(of: node)
        case .etcdLearner:
            etcd.members[index].isLearner = true
            if etcd.leader == id { etcd.leader = nil }
        case .etcdNoSpace: etcd.alarms.append(EtcdAlarm(memberID: id, kind: "NOSPACE"))
        case .etcdCorrupt: etcd.alarms.append(EtcdAlarm(memberID: id, kind: "CORRUPT"))
        default: machines.update(node) { $0.pendingFaults.insert(fault) }
        }
        controlPlaneIsDirty = true
        changed(.machine(node))
    }

    private mutating func loseMember(of node: NodeName) {
        guard let index = etcd.index(of: node) else { return }
        etcd.members.remove(at: index)
        stopMember(of: node)
    }

    /// The node's etcd does not run, and its API server with it.
    private mutating func stopMember(of node: NodeName) {
        etcdLost.insert(node)
        setService("etcd", .failed, isHealthy: false, on: node)
        machines.set(\.controlPlaneIsUp, of: node, to: false)
        setStage(machines[node, \.stage] ?? .running, isReady: false, on: node)
        controlPlaneIsDirty = true
        syncStaticPods(on: node)
    }

    /// A budget without room on a pod of the node that a drain would evict; on a pod of its own
    /// when there is none.
    private mutating func block(_ node: NodeName) {
        let target = unguardedPod(on: node)
        var namespace = "demo"
        var labels = ["app": "pinned"]
        if let target {
            namespace = target.namespace
            labels = target.labels
        } else {
            let uid = ObjectUID(generator.uuid())
            labels["node"] = node.text
            faultBudgets[uid] = node
            putWorkload(
                WorkloadSpec(
                    kind: .deployment, namespace: namespace, name: "pinned",
                    selector: LabelSelector(labels), templateLabels: labels,
                    templateHash: generator.suffix(length: 9),
                    nodeSelector: ["kubernetes.io/hostname": node.text], tolerations: ["*"]),
                uid: uid, by: "fault")
        }
        let uid = ObjectUID(generator.uuid())
        faultBudgets[uid] = node
        putBudget(
            BudgetSpec(
                namespace: namespace, name: "no-room", demand: .maxUnavailable(.count(0)),
                selector: LabelSelector(labels)),
            uid: uid, by: "fault")
    }

    private func unguardedPod(on node: NodeName) -> Pod? {
        for uid in podsByNode[node] ?? [] {
            guard let pod = pods[uid], !pod.isMirror, !pod.isDaemon, pod.owner != nil,
                !pod.labels.isEmpty, !pod.isTerminating
            else { continue }
            let isGuarded = (budgetsByNamespace[pod.namespace] ?? []).contains {
                budgets[$0]?.spec.selector.selects(pod.labels) == true
            }
            if !isGuarded { return pod }
        }
        return nil
    }

    private mutating func heal(_ node: NodeName?) {
        if node == nil {
            pendingClusterFaults = []
            serviceFaults = []
            healBackups()
            etcd.members.removeAll { $0.node == nil }
            for index in etcd.members.indices { etcd.members[index].isLearner = false }
            etcd.alarms = []
            controlPlaneIsDirty = true
        }
        for uid in faultBudgets.keys.sorted()
        where node == nil || faultBudgets[uid] == node {
            faultBudgets[uid] = nil
            if workloads[uid] != nil { deleteWorkload(uid: uid, by: "fault") }
            deleteBudget(uid: uid, by: "fault")
        }
        for name in machineOrder where node == nil || name == node { heal(machine: name) }
    }

    /// A fault that waited for this moment on the node; it happens once.
    mutating func takes(_ fault: Fault, on node: NodeName) -> Bool {
        machines.update(node) { $0.pendingFaults.remove(fault) != nil } == true
    }

    private mutating func heal(machine name: NodeName) {
        machines.set(\.pendingFaults, of: name, to: [])
        guard let machine = machines[name] else { return }
        if machine.power == .off || machine.isHung { return boot(name) }
        guard machine.power == .running else {
            machines.set(\.isSick, of: name, to: false)
            etcdLost.remove(name)
            return
        }
        let wasAilingEtcd = machine.isSick || etcdLost.remove(name) != nil
        machines.set(\.isSick, of: name, to: false)
        machines.set(\.saysNotReady, of: name, to: false)
        machines.set(\.apiIsUp, of: name, to: true)
        healComponents(on: name)
        if machine.services.contains(where: { $0.id == "cri" && !$0.isHealthy }) {
            setService("cri", .running, isHealthy: true, on: name)
        }
        if wasAilingEtcd, machine.role == .controlPlane {
            schedule(.etcdUp, on: name, after: .milliseconds(200))
            schedule(.controlPlaneUp, on: name, after: .milliseconds(600))
        }
        if !machine.kubeletIsUp {
            schedule(.kubeletUp, on: name, after: .milliseconds(400))
        }
        becomeReadyIfPossible(name)
    }
}
