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
            if let graceSeconds {
                cluster.pods.set(\.graceSeconds, of: uid, to: max(0, graceSeconds))
            }
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
        dirtyBudgets(pod.namespace, pod.labels)
        changed(.pod(pod.uid))
    }

    mutating func bind(_ uid: ObjectUID, to node: NodeName) {
        guard pods[uid, \.node] == .some(nil), let address = nodes[node, \.address] else { return }
        let time = now
        pods.update(uid) { pod in
            pod.node = node
            pod.scheduledAt = time
            pod.hostAddress = address
        }
        podsByNode[node, default: []].append(uid)
        if machines[node, \.kubeletIsUp] == true {
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
        dirtyBudgets(pod.namespace, pod.labels)
        changed(.pod(uid))
        if let workload = pod.workload { dirty(workload) }
        guard let node = pod.node, pod.graceSeconds > 0 else { return remove(uid) }
        if machines[node, \.kubeletIsUp] == true {
            let grace = min(Duration.seconds(min(pod.graceSeconds, 3600)), Pace.podStop)
            queue.schedule(.podGone(uid), at: now + grace)
        }
    }

    mutating func podGone(_ uid: ObjectUID) {
        guard let pod = pods[uid], pod.isTerminating, let node = pod.node,
            machines[node, \.kubeletIsUp] == true
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
            workloads.update(workload) { $0.pods.removeAll { $0 == uid } }
            dirty(workload)
        }
        dirtyBudgets(pod.namespace, pod.labels)
        changed(.podGone(uid, namespace: pod.namespace, name: pod.name))
    }

    mutating func podStarted(_ uid: ObjectUID) {
        guard let at = pods.position(of: uid), !pods.values[at].isTerminating,
            let home = pods.values[at].node, machines[home, \.kubeletIsUp] == true
        else { return }
        let time = now
        let lacksAddress = pods.update(uid) { pod in
            pod.phase = .running
            pod.startedAt = pod.startedAt ?? time
            return pod.addressParts == nil && !pod.usesHostNetwork
        }
        if lacksAddress == true {
            let host = 2 + Int(generator.next() % 250)
            pods.set(\.addressParts, of: uid, to: [nodes[home, \.podSubnet] ?? 0, host])
        }
        setReady(uid, true)
        if !pods.values[at].isDaemon, pods.values[at].namespace == "velero" {
            startWaitingBackups()
        }
    }

    mutating func setReady(_ uid: ObjectUID, _ isReady: Bool) {
        guard let at = pods.position(of: uid), pods.values[at].isReady != isReady else { return }
        pods.set(\.isReady, of: uid, to: isReady)
        dirtyBudgets(pods.values[at].namespace, pods.values[at].labels)
        changed(.pod(uid))
        guard !pods.values[at].isTerminating, let workload = pods.values[at].workload else {
            return
        }
        let isRolling = workloads.update(workload) { workload in
            workload.readyPods += isReady ? 1 : -1
            return workload.updatedPods < workload.currentPods
        }
        guard let isRolling else { return }
        changed(.workload(workload))
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
                if pod.startedAt != nil { pods.update(uid) { $0.restarts += 1 } }
                queue.schedule(.podStarted(uid), at: now + Pace.podStart)
            }
        }
    }
}
