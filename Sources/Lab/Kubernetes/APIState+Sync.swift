import Model
import Simulation

/// Brings the stored objects of live kinds up to date with the emulated cluster.
extension APIState {
    mutating func sync(_ cluster: inout EmulatedCluster) {
        forgetLostCluster(cluster)
        if !isSeeded {
            isSeeded = true
            Seeds.plant(in: &self, cluster)
        }
        syncNodes(cluster)
        syncWorkloads(cluster)
        syncPods(cluster)
        syncBudgets(cluster)
        syncVelero(cluster)
        checkLocations(cluster)
        finishNamespaces()
        runControllers(&cluster)
    }

    /// Velero and Flux do what is due.
    mutating func runControllers(_ cluster: inout EmulatedCluster) {
        guard surroundings != nil else { return }
        syncBackups(&cluster)
        answerVeleroRequests(&cluster)
        followRestores(&cluster)
        reconcileFlux(&cluster)
    }

    /// Whether something is going to happen without any change of the cluster.
    var hasControllersAtWork: Bool {
        surroundings != nil
            && (restore != nil || hasFlux || !store.keys("restores.velero.io").isEmpty
                || !store.keys("backupstoragelocations.velero.io").isEmpty)
    }

    /// A cluster whose last control plane was destroyed takes its etcd along: everything that
    /// users made is gone. The counter of revisions goes on, so that old watches notice.
    mutating func forgetLostCluster(_ cluster: EmulatedCluster) {
        guard !mirror.workloads.isEmpty,
            mirror.workloads.keys.allSatisfy({ cluster.workloads[$0] == nil }),
            mirror.nodes.values.allSatisfy({ old in
                cluster.nodes[old.name].map { $0.uid != old.uid } ?? true
            })
        else { return }
        store.removeEverything()
        mirror = LiveMirror()
        isSeeded = false
    }

    private mutating func syncNodes(_ cluster: EmulatedCluster) {
        let sweeps = now.seconds != mirror.leasesSweptAt
        mirror.leasesSweptAt = now.seconds
        for name in cluster.nodeNames {
            guard let node = cluster.nodes[name] else { continue }
            let before = mirror.nodes[name]
            if sweeps || before == nil { renewLease(of: node) }
            guard node != before else { continue }
            mirror.nodes[name] = node
            let key = ObjectKey(resource: "nodes", namespace: "", name: name.text)
            let old = store.object(key)
            store.put(NodeRendering(node: node, state: self).object(old), at: key)
            noteNode(node, before: before, isNew: old == nil)
        }
        guard store.count("nodes") != cluster.nodes.count else { return }
        for key in store.keys("nodes") where cluster.nodes[NodeName(key.name)] == nil {
            store.remove(key)
            mirror.nodes[NodeName(key.name)] = nil
            store.remove(Self.leaseKey(key.name))
        }
    }

    private static func leaseKey(_ node: String) -> ObjectKey {
        ObjectKey(
            resource: "leases.coordination.k8s.io", namespace: "kube-node-lease", name: node)
    }

    /// A ready kubelet renews its lease every ten seconds.
    private mutating func renewLease(of node: ClusterNode) {
        let key = Self.leaseKey(node.name.text)
        let old = store.object(key)
        let last = Timestamp(old?["spec", "renewTime"]?.string)
        if let last, !node.isReady || now.seconds - last.seconds < 10 { return }
        var lease =
            old
            ?? [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": [
                    "name": .string(node.name.text), "namespace": "kube-node-lease",
                    "uid": .string(generator.uuid()), "creationTimestamp": .string(now.text),
                    "ownerReferences": [
                        [
                            "apiVersion": "v1", "kind": "Node", "name": .string(node.name.text),
                            "uid": .string(node.uid.text),
                        ]
                    ],
                ],
                "spec": [
                    "holderIdentity": .string(node.name.text), "leaseDurationSeconds": 40,
                ],
            ]
        lease.set(["spec", "renewTime"], .string(now.microText))
        store.put(lease, at: key)
    }

    private mutating func syncWorkloads(_ cluster: EmulatedCluster) {
        for (uid, workload) in cluster.workloads.sorted(by: { $0.key < $1.key }) {
            let key = WorkloadRendering.key(workload)
            let old = store.object(key)
            let generation = old?["metadata", "generation"]?.integer ?? 1
            let print = LiveMirror.WorkloadPrint(workload, generation: generation)
            let before = mirror.workloads[uid]
            guard print != before || old == nil else { continue }
            mirror.workloads[uid] = print
            let rendering = WorkloadRendering(workload: workload, cluster: cluster, state: self)
            let new = store.put(rendering.object(old), at: key)
            if workload.spec.kind == .deployment {
                for set in rendering.replicaSets(of: new, revision: nextRevision(of: new)) {
                    store.put(
                        set,
                        at: ObjectKey(
                            resource: "replicasets.apps", namespace: set.namespace,
                            name: set.name))
                }
                adoptRevision(key, workload)
            }
            noteWorkload(new, desired: workload.desiredPods, before: before?.desired)
        }
        mirror.workloads = mirror.workloads.filter { cluster.workloads[$0.key] != nil }
        for kind in ["deployments", "replicasets", "statefulsets", "daemonsets"] {
            for key in store.keys("\(kind).apps") {
                guard let object = store.object(key) else { continue }
                let owner = (object["metadata", "ownerReferences"]?.array ?? [])
                    .first { $0["kind"] == "Deployment" }?["uid"]?.string
                if cluster.workloads[ObjectUID(owner ?? object.uid)] == nil { store.remove(key) }
            }
        }
    }

    /// The highest revision among a Deployment's ReplicaSets, plus one.
    private func nextRevision(of deployment: JSONValue) -> Int {
        let sets = store.list("replicasets.apps", namespace: deployment.namespace)
            .filter {
                ($0["metadata", "ownerReferences"]?.array ?? []).first?["uid"]?.string
                    == deployment.uid
            }
        return 1 + (sets.compactMap(WorkloadRendering.revision).max() ?? 0)
    }

    /// A Deployment carries the revision of its present ReplicaSet.
    private mutating func adoptRevision(_ key: ObjectKey, _ workload: Workload) {
        let setKey = ObjectKey(
            resource: "replicasets.apps", namespace: key.namespace,
            name: workload.replicaSetName ?? "")
        guard var deployment = store.object(key), let set = store.object(setKey),
            let revision = set.annotations[WorkloadRendering.revisionAnnotation]
        else { return }
        deployment.set(
            ["metadata", "annotations", WorkloadRendering.revisionAnnotation], .string(revision))
        store.put(deployment, at: key)
    }

    private mutating func syncPods(_ cluster: EmulatedCluster) {
        let news = cluster.pods.filter { LiveMirror.PodPrint($0.value) != mirror.pods[$0.key] }
        for (uid, pod) in news.sorted(by: { $0.key < $1.key }) {
            let print = LiveMirror.PodPrint(pod)
            let before = mirror.pods[uid]
            mirror.pods[uid] = print
            let key = ObjectKey(resource: "pods", namespace: pod.namespace, name: pod.name)
            // A new pod of the same name takes the place of the old one.
            if let old = store.object(key), old.uid != uid.text { store.remove(key) }
            let old = store.object(key)
            let rendering = PodRendering(pod: pod, cluster: cluster, state: self)
            let new = store.put(rendering.object(old), at: key)
            claimVolumes(of: pod)
            // After a restart everything is rendered once, which is no news.
            if before != nil || old?["status", "conditions"] == nil {
                notePod(new, pod, before: before)
            }
        }
        if mirror.pods.count != cluster.pods.count {
            mirror.pods = mirror.pods.filter { cluster.pods[$0.key] != nil }
        }
        guard store.count("pods") != cluster.pods.count else { return }
        for key in store.keys("pods") {
            guard let uid = store.object(key)?.uid, cluster.pods[ObjectUID(uid)] == nil else {
                continue
            }
            store.remove(key)
        }
    }

    /// A StatefulSet's pod gets a claim per template.
    private mutating func claimVolumes(of pod: Pod) {
        guard pod.owner?.kind == "StatefulSet" else { return }
        for claim in pod.volumeClaims {
            let key = ObjectKey(
                resource: "persistentvolumeclaims", namespace: pod.namespace, name: claim)
            guard store.object(key) == nil else { continue }
            var object: JSONValue = [
                "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "metadata": [
                    "name": .string(claim), "namespace": .string(pod.namespace),
                    "uid": .string(generator.uuid()), "creationTimestamp": .string(now.text),
                ],
                "spec": [
                    "accessModes": ["ReadWriteOnce"], "storageClassName": "local-path",
                    "resources": ["requests": ["storage": "1Gi"]], "volumeMode": "Filesystem",
                ],
            ]
            let kind = ResourceKind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims")
            finishNew(&object, kind)
            bindVolume(to: store.put(object, at: key))
        }
    }

    /// A namespace that is being deleted goes with the last object in it.
    private mutating func finishNamespaces() {
        for namespace in store.list("namespaces") where namespace.isBeingDeleted {
            let content = store.keys(inNamespace: namespace.name)
            if content.allSatisfy({ $0.resource == "events" }) {
                for key in content { store.remove(key) }
                store.remove(
                    ObjectKey(resource: "namespaces", namespace: "", name: namespace.name))
            }
        }
    }
}
