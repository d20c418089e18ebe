import Model

extension EmulatedCluster {
    /// Creates or replaces a workload; its pods follow.
    package mutating func putWorkload(_ spec: WorkloadSpec, uid: ObjectUID, by: String) {
        if let old = workloads[uid] {
            guard old.spec != spec else { return }
            workloads.set(\.spec, of: uid, to: spec)
            workloads.update(uid) { $0.generation += 1 }
            if old.spec.templateHash != spec.templateHash, spec.kind == .deployment {
                let name = replicaSetName(of: spec)
                workloads.set(\.replicaSetName, of: uid, to: name)
                workloads.set(\.replicaSetUID, of: uid, to: ObjectUID(generator.uuid()))
            }
        } else {
            let isDeployment = spec.kind == .deployment
            workloads[uid] = Workload(
                uid: uid, spec: spec, createdAt: now, generation: 1,
                replicaSetName: isDeployment ? replicaSetName(of: spec) : nil,
                replicaSetUID: isDeployment ? ObjectUID(generator.uuid()) : nil,
                desiredPods: 0, currentPods: 0, readyPods: 0, updatedPods: 0, pods: [])
        }
        dirty(uid)
        changed(.workload(uid))
        settle()
    }

    /// The workload goes, and its pods after it.
    package mutating func deleteWorkload(uid: ObjectUID, by: String) {
        guard let workload = workloads.remove(uid) else { return }
        changed(
            .workloadGone(
                uid, namespace: workload.spec.namespace, name: workload.spec.name))
        for pod in workload.pods { terminate(pod) }
        settle()
    }

    mutating func dirty(_ uid: ObjectUID) {
        if !dirtyWorkloads.contains(uid) { dirtyWorkloads.append(uid) }
    }

    mutating func dirtyDaemonSets() {
        for uid in workloads.keys.sorted() where workloads[uid, \.spec.kind] == .daemonSet {
            dirty(uid)
        }
    }

    /// Brings the pods of one workload closer to what it wants.
    mutating func reconcile(_ uid: ObjectUID) {
        guard let workload = workloads[uid] else { return }
        if workload.spec.kind == .daemonSet {
            reconcileDaemonSet(workload)
        } else {
            reconcileReplicas(workload)
        }
        recount(uid)
    }

    /// Counts that its status shows.
    mutating func recount(_ uid: ObjectUID) {
        guard let workload = workloads[uid] else { return }
        var current = 0
        var ready = 0
        var updated = 0
        for pod in workload.pods {
            guard let pod = pods[pod], !pod.isTerminating else { continue }
            current += 1
            if pod.isReady { ready += 1 }
            if pod.templateHash == workload.spec.templateHash { updated += 1 }
        }
        workloads.update(uid) { workload in
            workload.currentPods = current
            workload.readyPods = ready
            workload.updatedPods = updated
        }
        changed(.workload(uid))
    }

    private mutating func reconcileReplicas(_ workload: Workload) {
        let spec = workload.spec
        let wanted = max(0, min(spec.replicas, 100_000))
        workloads.set(\.desiredPods, of: workload.uid, to: wanted)
        let live = workload.pods.filter { pods[$0, \.isTerminating] == false }
        let fresh = live.filter { pods[$0, \.templateHash] == spec.templateHash }
        let old = live.filter { pods[$0, \.templateHash] != spec.templateHash }
        let ready = live.reduce(0) { $0 + (pods[$1, \.isReady] == true ? 1 : 0) }
        if spec.kind == .statefulSet {
            let names = Set(workload.pods.compactMap { pods[$0, \.name] })
            for ordinal in 0..<wanted {
                let name = "\(spec.name)-\(ordinal)"
                if !names.contains(name) { makePod(of: workload, name: name, on: nil) }
            }
            if ready >= wanted, live.count >= wanted, let last = old.last { terminate(last) }
            for extra in live.dropFirst(wanted).reversed() { terminate(extra) }
            return
        }
        let surge = old.isEmpty ? 0 : max(1, wanted / 4)
        let room = min(wanted - fresh.count, wanted + surge - live.count)
        if room > 0 {
            for _ in 0..<room { makePod(of: workload, name: nil, on: nil) }
        }
        for extra in fresh.dropFirst(wanted).reversed() { terminate(extra) }
        var spare = ready - wanted
        for uid in old {
            if pods[uid, \.isReady] == true {
                guard spare > 0 else { continue }
                spare -= 1
            } else if fresh.isEmpty, wanted > 0 {
                continue
            }
            terminate(uid)
        }
    }

    private mutating func reconcileDaemonSet(_ workload: Workload) {
        let spec = workload.spec
        var covered: Set<NodeName> = []
        var isRolling = false
        for uid in workload.pods {
            guard let pod = pods[uid], let node = pod.node else { continue }
            covered.insert(node)
            guard !pod.isTerminating else {
                isRolling = true
                continue
            }
            if nodes[node].map({ accepts($0, spec) }) != true {
                terminate(uid)
            } else if !pod.isReady {
                isRolling = true
            }
        }
        var desired = 0
        for name in nodeOrder {
            guard let node = nodes[name], accepts(node, spec) else { continue }
            desired += 1
            if !covered.contains(name) { makePod(of: workload, name: nil, on: name) }
        }
        workloads.set(\.desiredPods, of: workload.uid, to: desired)
        if !isRolling,
            let stale = workload.pods.first(where: {
                pods[$0].map { $0.templateHash != spec.templateHash } ?? false
            })
        {
            terminate(stale)
        }
    }

    private mutating func makePod(of workload: Workload, name: String?, on node: NodeName?) {
        let spec = workload.spec
        let base = workload.replicaSetName ?? spec.name
        var labels = spec.templateLabels
        if spec.kind == .deployment { labels["pod-template-hash"] = spec.templateHash }
        let name = name ?? base + "-" + generator.suffix(length: 5)
        let uid = ObjectUID(generator.uuid())
        var pod = newPod(
            namespace: spec.namespace, name: name, labels: labels,
            graceSeconds: spec.graceSeconds, uid: uid)
        pod.owner = Pod.Owner(
            kind: spec.kind == .deployment ? "ReplicaSet" : spec.kind.rawValue, name: base,
            uid: workload.replicaSetUID ?? workload.uid)
        pod.workload = workload.uid
        pod.isDaemon = spec.kind == .daemonSet
        pod.usesHostNetwork = spec.usesHostNetwork
        pod.hasEmptyDir = spec.hasEmptyDir
        pod.volumeClaims =
            spec.kind == .statefulSet
            ? spec.volumeClaims.map { $0 + "-" + pod.name } : spec.volumeClaims
        pod.templateHash = spec.templateHash
        pod.nodeSelector = spec.nodeSelector
        pod.tolerations = spec.tolerations
        pod.rules = spec.rules
        workloads.update(workload.uid) { $0.pods.append(pod.uid) }
        insert(pod)
        if let node { bind(pod.uid, to: node) }
    }

    private func replicaSetName(of spec: WorkloadSpec) -> String {
        spec.name + "-" + spec.templateHash
    }
}
