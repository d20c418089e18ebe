import Model

extension EmulatedCluster {
    /// A pod that nobody replaces.
    package mutating func createBarePod(_ spec: PodSpec, uid: ObjectUID, by: String) {
        guard pods[uid] == nil else { return }
        var pod = newPod(
            namespace: spec.namespace, name: spec.name, labels: spec.labels,
            graceSeconds: spec.graceSeconds, uid: uid)
        pod.nodeSelector = spec.nodeSelector
        pod.tolerations = spec.tolerations
        pod.rules = spec.rules
        pod.isHeld = spec.isHeld
        pod.hasEmptyDir = spec.hasEmptyDir
        pod.volumeClaims = spec.volumeClaims
        insert(pod)
        if let node = spec.node {
            unscheduled.removeAll { $0 == uid }
            if nodes[node] == nil {
                // Nobody runs it, and nobody ends it.
                pods.set(\.node, of: uid, to: node)
                podsByNode[node, default: []].append(uid)
            } else {
                bind(uid, to: node)
            }
        }
        settle()
    }

    /// Deletes a pod, budgets or not. It goes once its kubelet stopped it; with a grace of 0 at
    /// once. Nil leaves the pod's own grace.
    package mutating func deletePod(uid: ObjectUID, graceSeconds: Int? = nil, by: String) {
        guard let pod = pods[uid] else { return }
        voluntarily(by: by, on: pod.node) { cluster in
            if let graceSeconds { cluster.pods[uid]?.graceSeconds = max(0, graceSeconds) }
            cluster.terminate(uid)
        }
        settle()
    }

    /// Whether finalizers keep the pod from going; one that ended goes when they are taken away.
    package mutating func hold(pod uid: ObjectUID, _ isHeld: Bool) {
        guard let pod = pods[uid], pod.isHeld != isHeld else { return }
        pods.set(\.isHeld, of: uid, to: isHeld)
        if !isHeld, pod.isTerminating, pod.hasEnded { remove(uid) }
        settle()
    }

    func newPod(
        namespace: String, name: String, labels: [String: String], graceSeconds: Int,
        uid: ObjectUID
    ) -> Pod {
        Pod(
            namespace: namespace, name: name, uid: uid, labels: labels, owner: nil,
            workload: nil, node: nil, phase: .pending, isReady: false, createdAt: now,
            scheduledAt: nil, startedAt: nil, deletionAt: nil, graceSeconds: graceSeconds,
            restarts: 0, isMirror: false, isDaemon: false, usesHostNetwork: false,
            hasEmptyDir: false, volumeClaims: [], templateHash: "", nodeSelector: [:],
            tolerations: [], imageVersion: nil, addressParts: nil, hostAddress: nil)
    }

    mutating func insert(_ pod: Pod) {
        pods[pod.uid] = pod
        podsByNamespace[pod.namespace, default: []].insert(pod.uid)
        if let node = pod.node {
            podsByNode[node, default: []].append(pod.uid)
        } else if !pod.isDaemon {
            unscheduled.append(pod.uid)
            mustSchedule = true
        }
        dirtyBudgets(of: pod)
        changed(.pod(pod.uid))
    }

    mutating func bind(_ uid: ObjectUID, to node: NodeName) {
        guard pods[uid]?.node == nil, let known = nodes[node] else { return }
        pods.set(\.node, of: uid, to: node)
        pods.set(\.scheduledAt, of: uid, to: now)
        pods.set(\.hostAddress, of: uid, to: known.address)
        podsByNode[node, default: []].append(uid)
        if machines[node]?.kubeletIsUp == true {
            queue.schedule(.podStarted(uid), at: now + Pace.podStart)
        }
        changed(.pod(uid))
    }

    /// Asks for the end of a pod.
    mutating func terminate(_ uid: ObjectUID) {
        guard let pod = pods[uid] else { return }
        if pod.isTerminating {
            if pod.graceSeconds == 0 { remove(uid) }
            return
        }
        pods.set(\.deletionAt, of: uid, to: now)
        dirtyBudgets(of: pod)
        changed(.pod(uid))
        if let workload = pod.workload { dirty(workload) }
        guard let node = pod.node, pod.graceSeconds > 0 else { return remove(uid) }
        if machines[node]?.kubeletIsUp == true {
            let grace = min(Duration.seconds(min(pod.graceSeconds, 3600)), Pace.podStop)
            queue.schedule(.podGone(uid), at: now + grace)
        }
    }

    mutating func podGone(_ uid: ObjectUID) {
        guard let pod = pods[uid], pod.isTerminating, let node = pod.node,
            machines[node]?.kubeletIsUp == true
        else { return }
        remove(uid)
    }

    mutating func remove(_ uid: ObjectUID) {
        guard let pod = pods[uid] else { return }
        guard !pod.isHeld else {
            pods.set(\.hasEnded, of: uid, to: true)
            return setReady(uid, false)
        }
        pods[uid] = nil
        if !unscheduled.isEmpty { mustSchedule = true }
        podsByNamespace[pod.namespace]?.remove(uid)
        if let node = pod.node {
            podsByNode[node]?.removeAll { $0 == uid }
            if pod.isMirror { syncStaticPods(on: node) }
        } else {
            unscheduled.removeAll { $0 == uid }
        }
        if let workload = pod.workload {
            workloads[workload]?.pods.removeAll { $0 == uid }
            dirty(workload)
        }
        dirtyBudgets(of: pod)
        changed(.podGone(uid, namespace: pod.namespace, name: pod.name))
    }

    mutating func podStarted(_ uid: ObjectUID) {
        guard let pod = pods[uid], !pod.isTerminating, let node = pod.node,
            machines[node]?.kubeletIsUp == true
        else { return }
        pods.set(\.phase, of: uid, to: .running)
        if pod.startedAt == nil { pods[uid]?.startedAt = now }
        if pod.addressParts == nil, !pod.usesHostNetwork {
            let host = 2 + Int(generator.next() % 250)
            pods.set(\.addressParts, of: uid, to: [nodes[node]?.podSubnet ?? 0, host])
        }
        setReady(uid, true)
        if pod.namespace == "velero", !pod.isDaemon { startWaitingBackups() }
    }

    mutating func setReady(_ uid: ObjectUID, _ isReady: Bool) {
        guard let pod = pods[uid], pod.isReady != isReady else { return }
        pods.set(\.isReady, of: uid, to: isReady)
        dirtyBudgets(of: pod)
        changed(.pod(uid))
        guard let workload = pod.workload, !pod.isTerminating,
            let index = workloads.index(forKey: workload)
        else { return }
        workloads.values[index].readyPods += isReady ? 1 : -1
        changed(.workload(workload))
        let isRolling =
            workloads.values[index].updatedPods < workloads.values[index].currentPods
        if isRolling { dirty(workload) }
    }

    /// The containers of a node stop; its pods stay, not ready.
    mutating func stopPods(on node: NodeName) {
        for uid in podsByNode[node] ?? [] { setReady(uid, false) }
    }

    /// A kubelet is back: it ends what has to end and starts the rest.
    mutating func restartPods(on node: NodeName) {
        for uid in podsByNode[node] ?? [] {
            guard let pod = pods[uid], !pod.isMirror else { continue }
            if pod.isTerminating {
                queue.schedule(.podGone(uid), at: now + Pace.podStop)
            } else if !pod.isReady {
                if pod.startedAt != nil { pods[uid]?.restarts += 1 }
                queue.schedule(.podStarted(uid), at: now + Pace.podStart)
            }
        }
    }
}
