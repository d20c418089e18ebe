import Model
import Simulation

/// What a written object does to the cluster, and what controllers add to it.
extension APIState {
    /// The kinds whose objects exist because the emulated cluster says so.
    static let liveResources: Set = [
        "nodes", "pods", "deployments.apps", "replicasets.apps", "statefulsets.apps",
        "daemonsets.apps", "poddisruptionbudgets.policy", "backups.velero.io",
        "backupstoragelocations.velero.io",
    ]

    /// Status and addresses that a new object gets at once.
    mutating func finishNew(_ object: inout JSONValue, _ kind: ResourceKind) {
        switch kind.qualifiedName {
        case "namespaces": object["status"] = ["phase": "Active"]
        case "pods": object["status"] = ["phase": "Pending", "qosClass": "BestEffort"]
        case "services":
            let type = object["spec", "type"]?.string
            guard type != "ExternalName", object["spec", "clusterIP"] == nil else { return }
            serviceCount += 1
            let address = "10.96.\(serviceCount / 250 % 250 + 1).\(serviceCount % 250 + 2)"
            object.set(["spec", "clusterIP"], .string(address))
            object.set(["spec", "clusterIPs"], [.string(address)])
            object["status"] = ["loadBalancer": [:]]
        case "persistentvolumeclaims":
            if object["spec", "volumeName"]?.string ?? "" == "" {
                object.set(["spec", "volumeName"], .string("pvc-\(object.uid)"))
            }
            object["status"] = [
                "phase": "Bound",
                "accessModes": object["spec", "accessModes"] ?? ["ReadWriteOnce"],
                "capacity": object["spec", "resources", "requests"] ?? [:],
            ]
        case "customresourcedefinitions.apiextensions.k8s.io":
            object["status"] = Self.established(object, at: now)
        default: break
        }
    }

    private static func established(_ definition: JSONValue, at now: Timestamp) -> JSONValue {
        let rows: [JSONValue] = [
            ("NamesAccepted", "NoConflicts", "no conflicts found"),
            ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ].map { type, reason, message in
            [
                "type": .string(type), "status": "True", "reason": .string(reason),
                "message": .string(message), "lastTransitionTime": .string(now.text),
            ]
        }
        return [
            "conditions": .array(rows), "acceptedNames": definition["spec", "names"] ?? [:],
            "storedVersions": .array(
                (definition["spec", "versions"]?.array ?? []).compactMap { $0["name"] }),
        ]
    }

    /// Objects that controllers make beside a new one.
    mutating func afterCreation(of object: JSONValue, _ call: APICall) {
        switch call.kind.qualifiedName {
        case "namespaces": Seeds.namespaceContent(object.name, in: &self)
        case "persistentvolumeclaims": bindVolume(to: object)
        default: break
        }
    }

    /// Tells the emulated cluster what a user wants.
    mutating func carryOut(
        _ new: JSONValue, replacing old: JSONValue?, _ call: APICall,
        _ cluster: inout EmulatedCluster
    ) {
        let actor = call.request.actor
        let uid = ObjectUID(new.uid)
        noteManifest(new, replacing: old, by: actor, &cluster)
        switch call.kind.qualifiedName {
        case "nodes":
            if let old { changeNode(new, from: old, by: actor, &cluster) }
        case "pods":
            if old == nil {
                cluster.createBarePod(WorkloadReading.pod(new), uid: uid, by: actor)
            } else {
                cluster.hold(pod: uid, !new.finalizers.isEmpty)
            }
        case "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps":
            if let deployment = projectedOwner(of: new) {
                mirror.workloads[deployment] = nil
                return
            }
            guard old?["spec"] != new["spec"] else { return }
            guard var spec = WorkloadReading.workload(new) else { return }
            if let known = knownHash(of: new, replacing: old, cluster.workloads[uid]) {
                spec.templateHash = known
            }
            cluster.putWorkload(spec, uid: uid, by: actor)
        case "poddisruptionbudgets.policy":
            guard old?["spec"] != new["spec"] else { return }
            if let spec = WorkloadReading.budget(new) {
                cluster.putBudget(spec, uid: uid, by: actor)
            }
        case "backups.velero.io":
            if old == nil, new.namespace == VeleroRendering.namespace {
                cluster.createBackup(backupRequest(new, cluster), by: actor)
                mirror.backups[new.name] = nil
            }
        case "backupstoragelocations.velero.io":
            guard old?["spec"] != new["spec"], new.namespace == VeleroRendering.namespace else {
                return
            }
            cluster.putLocation(
                VeleroRendering.location(new, known: cluster.locations[new.name]))
        case let name where name.hasSuffix(".toolkit.fluxcd.io"):
            noteSuspension(new, from: old, by: actor, &cluster)
            if old?["spec", "suspend"]?.bool == true {
                let key = call.key(new.name)
                flux[key, default: FluxVisit()].wasSuspended = new["spec", "suspend"]?.bool != true
            }
        default: break
        }
    }

    /// Bootstrap manifests tell the ground truth when somebody brings them up to date.
    private func noteManifest(
        _ new: JSONValue, replacing old: JSONValue?, by actor: String,
        _ cluster: inout EmulatedCluster
    ) {
        guard BootstrapManifests.contain(new) else { return }
        let isChanged = ["spec", "data", "subjects", "roleRef"].contains { new[$0] != old?[$0] }
        guard isChanged else { return }
        cluster.record(
            .manifestApplied, on: nil, by: actor,
            detail: "\(new["kind"]?.string ?? "") "
                + (new.namespace.isEmpty ? new.name : "\(new.namespace)/\(new.name)"))
    }

    /// The hash that pods of this template carry already: they must not be replaced.
    private func knownHash(
        of new: JSONValue, replacing old: JSONValue?, _ workload: Workload?
    ) -> String? {
        guard let old, let workload else { return nil }
        let template = new["spec", "template"]
        if old["spec", "template"] == template { return workload.spec.templateHash }
        for set in store.list("replicasets.apps", namespace: new.namespace) {
            let owners = set["metadata", "ownerReferences"]?.array ?? []
            guard owners.contains(where: { $0["uid"]?.string == new.uid }),
                let hash = set.labels["pod-template-hash"], var its = set["spec", "template"]
            else { continue }
            its.set(["metadata", "labels", "pod-template-hash"], nil)
            if its == template { return hash }
        }
        return nil
    }

    /// The Deployment that a ReplicaSet belongs to: such a one is no workload of its own.
    func projectedOwner(of object: JSONValue) -> ObjectUID? {
        (object["metadata", "ownerReferences"]?.array ?? [])
            .first { $0["kind"] == "Deployment" }?["uid"]?.string.map { ObjectUID($0) }
    }

    private func changeNode(
        _ new: JSONValue, from old: JSONValue, by actor: String,
        _ cluster: inout EmulatedCluster
    ) {
        let name = NodeName(new.name)
        let wantsCordon = new["spec", "unschedulable"]?.bool == true
        if wantsCordon != (old["spec", "unschedulable"]?.bool == true) {
            cluster.setCordon(name, wantsCordon, by: actor)
        }
        let taints = NodeRendering.ownTaints(new)
        guard
            new.labels != old.labels || new.annotations != old.annotations
                || taints != NodeRendering.ownTaints(old)
        else { return }
        let labels = new.labels
        let annotations = new.annotations
        cluster.editNode(name, by: actor) { node in
            node.labels = labels
            node.annotations = annotations
            node.taints = node.taints.filter(NodeRendering.isAutomatic) + taints
        }
    }

    /// Flux objects tell the ground truth when they are suspended or resumed.
    private func noteSuspension(
        _ new: JSONValue, from old: JSONValue?, by actor: String,
        _ cluster: inout EmulatedCluster
    ) {
        let before = old?["spec", "suspend"]?.bool == true
        let after = new["spec", "suspend"]?.bool == true
        guard before != after else { return }
        let kind = new["kind"]?.string ?? ""
        cluster.record(
            after ? .fluxSuspended : .fluxResumed, on: nil, by: actor,
            detail: "\(kind) \(new.namespace)/\(new.name)")
    }

    /// The volume behind a claim, bound at once: the lab's storage never fails.
    mutating func bindVolume(to claim: JSONValue) {
        let name = claim["spec", "volumeName"]?.string ?? "pvc-\(claim.uid)"
        let folder = surroundings?.volumes.folder(claim.namespace, claim.name) ?? ""
        let volume: JSONValue = [
            "apiVersion": "v1", "kind": "PersistentVolume",
            "metadata": [
                "name": .string(name), "uid": .string(generator.uuid()),
                "creationTimestamp": .string(now.text),
                "annotations": ["pv.kubernetes.io/provisioned-by": "rancher.io/local-path"],
            ],
            "spec": [
                "local": ["path": .string(folder)],
                "accessModes": claim["spec", "accessModes"] ?? ["ReadWriteOnce"],
                "capacity": claim["spec", "resources", "requests"] ?? [:],
                "persistentVolumeReclaimPolicy": "Delete",
                "storageClassName": claim["spec", "storageClassName"] ?? "local-path",
                "claimRef": [
                    "kind": "PersistentVolumeClaim", "apiVersion": "v1",
                    "namespace": .string(claim.namespace), "name": .string(claim.name),
                    "uid": .string(claim.uid),
                ],
            ],
            "status": ["phase": "Bound"],
        ]
        store.put(
            volume, at: ObjectKey(resource: "persistentvolumes", namespace: "", name: name))
    }
}
