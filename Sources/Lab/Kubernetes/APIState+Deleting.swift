import Model
import Simulation

/// Deletion: options, grace, finalizers and what belongs to the deleted.
extension APIState {
    mutating func delete(
        _ call: APICall, _ name: String, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        let object = try existing(call, name)
        let options = try deleteOptions(call)
        if let uid = options["preconditions", "uid"]?.string, uid != object.uid {
            throw .conflict(
                call.kind, name,
                "the UID in the precondition (\(uid)) does not match the UID in record "
                    + "(\(object.uid)). The object might have been deleted and then recreated")
        }
        if let version = options["preconditions", "resourceVersion"]?.string,
            version != object.resourceVersion
        {
            throw .conflict(call.kind, name, APIFailure.modified)
        }
        let isDryRun = call.request.isDryRun || options["dryRun"]?.array?.isEmpty == false
        guard !isDryRun else { return .json(200, call.view.single(object)) }
        let rest = remove(object, call, options, &cluster)
        if let rest {
            let code = call.kind.qualifiedName == "pods" ? 200 : 202
            return .json(rest.finalizers.isEmpty ? 200 : code, call.view.single(rest))
        }
        var details: JSONValue = [
            "name": .string(name), "kind": .string(call.kind.plural), "uid": .string(object.uid),
        ]
        if !call.kind.group.isEmpty { details["group"] = .string(call.kind.group) }
        return .json(
            200,
            [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
                "details": details,
            ])
    }

    mutating func deleteCollection(
        _ call: APICall, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        let options = try deleteOptions(call)
        let chosen = try selected(call)
        if !call.request.isDryRun {
            for object in chosen {
                var one = call
                one.namespace = call.kind.isNamespaced ? object.namespace : nil
                _ = remove(object, one, options, &cluster)
            }
        }
        return .json(
            200,
            call.view.list(
                chosen, metadata: ["resourceVersion": .string(String(store.revision))]))
    }

    private func selected(_ call: APICall) throws(APIFailure) -> [JSONValue] {
        let query = call.request.query
        let labels = try LabelFilter(text: query["labelSelector"] ?? "")
        let fields = try FieldFilter(text: query["fieldSelector"] ?? "", kind: call.kind)
        return store.list(call.kind.qualifiedName, namespace: call.namespace)
            .filter { labels.matches($0) && fields.matches($0) }
    }

    private func deleteOptions(_ call: APICall) throws(APIFailure) -> JSONValue {
        var options: JSONValue = [:]
        if call.request.body.contains(where: { $0 > 0x20 }) { options = try body(of: call) }
        if let grace = call.request.query["gracePeriodSeconds"].flatMap({ Int64($0) }) {
            options["gracePeriodSeconds"] = .integer(grace)
        }
        if let policy = call.request.query["propagationPolicy"] {
            options["propagationPolicy"] = .string(policy)
        }
        return options
    }

    /// What is left of the object: nil when it is gone at once.
    private mutating func remove(
        _ object: JSONValue, _ call: APICall, _ options: JSONValue,
        _ cluster: inout EmulatedCluster
    ) -> JSONValue? {
        let key = call.key(object.name)
        let uid = ObjectUID(object.uid)
        let actor = call.request.actor
        switch call.kind.qualifiedName {
        case "pods":
            let grace = options["gracePeriodSeconds"]?.integer.map { Int(clamping: max(0, $0)) }
            cluster.deletePod(uid: uid, graceSeconds: grace, by: actor)
            sync(&cluster)
            return store.object(key) ?? object
        case "nodes": cluster.deleteNode(NodeName(object.name), by: actor)
        case "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps":
            if let deployment = projectedOwner(of: object) {
                // Its Deployment makes another one, with other pods.
                if var spec = cluster.workloads[deployment]?.spec {
                    spec.templateHash = generator.suffix(length: 9)
                    cluster.putWorkload(spec, uid: deployment, by: actor)
                }
                let pods = cluster.pods.values.filter { $0.owner?.uid == uid }
                    .sorted { $0.uid < $1.uid }
                for pod in pods { cluster.deletePod(uid: pod.uid, by: actor) }
                mirror.workloads[deployment] = nil
            } else {
                cluster.deleteWorkload(uid: uid, by: actor)
            }
        case "poddisruptionbudgets.policy": cluster.deleteBudget(uid: uid, by: actor)
        case "persistentvolumeclaims":
            let volume = object["spec", "volumeName"]?.string ?? ""
            store.remove(
                ObjectKey(resource: "persistentvolumes", namespace: "", name: volume))
            surroundings?.volumes.lose(object.namespace, object.name)
        case "backups.velero.io": cluster.deleteBackup(object.name, by: actor)
        case "backupstoragelocations.velero.io": cluster.deleteLocation(object.name)
        case "namespaces":
            if ["default", "kube-system", "kube-public"].contains(object.name) { return object }
            return terminate(namespace: object, call, &cluster)
        default: break
        }
        if !object.finalizers.isEmpty {
            var waiting = object
            if !object.isBeingDeleted {
                waiting.setMetadata("deletionTimestamp", .string(now.text))
                waiting.setMetadata("deletionGracePeriodSeconds", 0)
            }
            return store.put(waiting, at: key)
        }
        store.remove(key)
        if options["propagationPolicy"] != "Orphan" { removeDependents(of: object.uid) }
        if call.kind.qualifiedName == "customresourcedefinitions.apiextensions.k8s.io" {
            for custom in store.keys(object.name) { store.remove(custom) }
        }
        return nil
    }

    /// Deletes all content; the namespace itself goes when its last pod is gone.
    private mutating func terminate(
        namespace: JSONValue, _ call: APICall, _ cluster: inout EmulatedCluster
    ) -> JSONValue {
        var ending = namespace
        if !namespace.isBeingDeleted {
            ending.setMetadata("deletionTimestamp", .string(now.text))
        }
        ending["status"] = ["phase": "Terminating"]
        let stored = store.put(ending, at: call.key(namespace.name))
        let catalog = catalog
        // Workloads before pods: else their controllers make new ones meanwhile.
        let keys = store.keys(inNamespace: namespace.name).sorted {
            ($0.resource == "pods" ? 1 : 0, $0.resource, $0.name)
                < ($1.resource == "pods" ? 1 : 0, $1.resource, $1.name)
        }
        for key in keys {
            guard let kind = catalog.kind(qualifiedName: key.resource),
                let object = store.object(key)
            else { continue }
            let one = APICall(
                request: call.request, kind: kind, namespace: key.namespace, name: key.name,
                subresource: nil, now: now)
            _ = remove(object, one, [:], &cluster)
        }
        return stored
    }

    /// Objects whose only owner was the deleted one, and theirs. Live kinds look after themselves.
    private mutating func removeDependents(of uid: String) {
        var gone = [uid]
        while let owner = gone.popLast() {
            for resource in store.resources where resource != "pods" {
                for object in store.list(resource) {
                    let owners = object["metadata", "ownerReferences"]?.array ?? []
                    guard owners.count == 1, owners.first?["uid"]?.string == owner else { continue }
                    let key = ObjectKey(
                        resource: resource, namespace: object.namespace, name: object.name)
                    store.remove(key)
                    gone.append(object.uid)
                }
            }
        }
    }
}
