import Model
import Simulation

/// Deployment, ReplicaSet, StatefulSet and DaemonSet objects of emulated workloads.
struct WorkloadRendering {
    var workload: Workload
    var cluster: EmulatedCluster
    var state: APIState

    static let revisionAnnotation = "deployment.kubernetes.io/revision"

    static func key(_ workload: Workload) -> ObjectKey {
        ObjectKey(
            resource: "\(workload.spec.kind.rawValue.lowercased())s.apps",
            namespace: workload.spec.namespace, name: workload.spec.name)
    }

    static func revision(_ object: JSONValue) -> Int? {
        object.annotations[revisionAnnotation].flatMap { Int($0) }
    }

    /// The user's object with a fresh status; made up for what the cluster runs by itself.
    func object(_ old: JSONValue?) -> JSONValue {
        var object = old ?? fresh
        switch workload.spec.kind {
        case .deployment: object["status"] = deploymentStatus(object)
        case .replicaSet: object["status"] = replicaSetStatus(object, count: workload.currentPods)
        case .statefulSet: object["status"] = statefulSetStatus(object)
        case .daemonSet: object["status"] = daemonSetStatus(object)
        }
        return object
    }

    /// The ReplicaSets of a Deployment: the present one, and older ones with what is left of them.
    func replicaSets(of deployment: JSONValue, revision: Int) -> [JSONValue] {
        let known = state.store.list("replicasets.apps", namespace: deployment.namespace)
            .filter {
                ($0["metadata", "ownerReferences"]?.array ?? []).first?["uid"]?.string
                    == deployment.uid
            }
        var sets = known.filter { $0.name != workload.replicaSetName }
        var present =
            known.first { $0.name == workload.replicaSetName }
            ?? replicaSet(of: deployment, revision: revision)
        // Back to an older template: its ReplicaSet becomes the newest revision.
        let newest = known.compactMap(Self.revision).max() ?? 0
        if let own = Self.revision(present), own < newest {
            present.set(
                ["metadata", "annotations", Self.revisionAnnotation], .string(String(revision)))
        }
        if let uid = workload.replicaSetUID { present.setMetadata("uid", .string(uid.text)) }
        sets.append(present)
        return sets.map { set in
            var set = set
            let isPresent = set.name == workload.replicaSetName
            let mine = workload.pods.compactMap { cluster.pods[$0] }
                .filter { $0.owner?.name == set.name && !$0.isTerminating }
            let wanted = isPresent ? workload.spec.replicas : mine.count
            set.set(["spec", "replicas"], .whole(wanted))
            set["status"] = [
                "replicas": .whole(mine.count), "fullyLabeledReplicas": .whole(mine.count),
                "readyReplicas": .whole(mine.filter(\.isReady).count),
                "availableReplicas": .whole(mine.filter(\.isReady).count),
                "observedGeneration": 1,
            ]
            return set
        }
    }

    private func replicaSet(of deployment: JSONValue, revision: Int) -> JSONValue {
        let hash = workload.spec.templateHash
        var template = deployment["spec", "template"] ?? [:]
        template.set(["metadata", "labels", "pod-template-hash"], .string(hash))
        var selector = deployment["spec", "selector"] ?? [:]
        selector.set(["matchLabels", "pod-template-hash"], .string(hash))
        return [
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": [
                "name": .string(workload.replicaSetName ?? deployment.name),
                "namespace": .string(deployment.namespace),
                "creationTimestamp": .string(state.now.text), "generation": 1,
                "labels": template["metadata", "labels"] ?? [:],
                "annotations": [Self.revisionAnnotation: .string(String(revision))],
                "ownerReferences": [
                    [
                        "apiVersion": "apps/v1", "kind": "Deployment",
                        "name": .string(deployment.name), "uid": .string(deployment.uid),
                        "controller": true, "blockOwnerDeletion": true,
                    ]
                ],
            ],
            "spec": ["selector": selector, "template": template],
        ]
    }

    private var fresh: JSONValue {
        let spec = workload.spec
        var body: JSONValue = [
            "selector": ["matchLabels": .strings(spec.selector.matchLabels)],
            "template": SystemImages.template(spec, kubernetes: cluster.blueprint.kubernetes),
        ]
        if spec.kind != .daemonSet { body["replicas"] = .whole(spec.replicas) }
        let object: JSONValue = [
            "apiVersion": "apps/v1", "kind": .string(spec.kind.rawValue),
            "metadata": [
                "name": .string(spec.name), "namespace": .string(spec.namespace),
                "uid": .string(workload.uid.text), "generation": 1,
                "labels": .strings(spec.templateLabels),
                "creationTimestamp": .string(state.date(workload.createdAt).text),
            ],
            "spec": body,
        ]
        let plural = "\(spec.kind.rawValue.lowercased())s"
        let kind = ResourceKind("apps", "v1", spec.kind.rawValue, plural)
        return Defaults.applied(to: object, kind: kind)
    }

    // MARK: Status

    private func deploymentStatus(_ object: JSONValue) -> JSONValue {
        let wanted = workload.desiredPods
        let ready = workload.readyPods
        let isAvailable = ready >= wanted - wanted / 4
        let isDone =
            workload.updatedPods >= wanted && ready >= wanted
            && workload.currentPods == workload.updatedPods
        let set = workload.replicaSetName ?? ""
        var status = figures(object)
        status["updatedReplicas"] = .whole(workload.updatedPods)
        if ready < wanted { status["unavailableReplicas"] = .whole(wanted - ready) }
        status["conditions"] = [
            condition(
                object, "Available", isAvailable,
                isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                isAvailable
                    ? "Deployment has minimum availability."
                    : "Deployment does not have minimum availability."),
            condition(
                object, "Progressing", true,
                isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                isDone
                    ? "ReplicaSet \"\(set)\" has successfully progressed."
                    : "ReplicaSet \"\(set)\" is progressing."),
        ]
        return status
    }

    private func replicaSetStatus(_ object: JSONValue, count: Int) -> JSONValue {
        var status = figures(object)
        status["fullyLabeledReplicas"] = .whole(count)
        return status
    }

    private func statefulSetStatus(_ object: JSONValue) -> JSONValue {
        var status = figures(object)
        let hash = "\(workload.spec.name)-\(workload.spec.templateHash)"
        let isDone = workload.updatedPods == workload.currentPods
        status["updatedReplicas"] = .whole(workload.updatedPods)
        status["currentReplicas"] = .whole(
            isDone ? workload.updatedPods : workload.currentPods - workload.updatedPods)
        status["updateRevision"] = .string(hash)
        status["currentRevision"] =
            isDone ? .string(hash) : object["status", "currentRevision"] ?? .string(hash)
        status["collisionCount"] = 0
        return status
    }

    private func daemonSetStatus(_ object: JSONValue) -> JSONValue {
        let desired = workload.desiredPods
        var status: JSONValue = [
            "desiredNumberScheduled": .whole(desired),
            "currentNumberScheduled": .whole(min(workload.currentPods, desired)),
            "numberReady": .whole(workload.readyPods),
            "numberAvailable": .whole(workload.readyPods),
            "updatedNumberScheduled": .whole(workload.updatedPods), "numberMisscheduled": 0,
            "observedGeneration": object["metadata", "generation"] ?? 1,
        ]
        if desired > workload.readyPods {
            status["numberUnavailable"] = .whole(desired - workload.readyPods)
        }
        return status
    }

    private func figures(_ object: JSONValue) -> JSONValue {
        [
            "replicas": .whole(workload.currentPods), "readyReplicas": .whole(workload.readyPods),
            "availableReplicas": .whole(workload.readyPods),
            "observedGeneration": object["metadata", "generation"] ?? 1,
        ]
    }

    private func condition(
        _ object: JSONValue, _ type: String, _ holds: Bool, _ reason: String, _ message: String
    ) -> JSONValue {
        let word = holds ? "True" : "False"
        let old = object.condition(type)
        let now: JSONValue = .string(state.now.text)
        let isSame = old?["status"]?.string == word
        let isUnchanged = isSame && old?["reason"]?.string == reason
        return [
            "type": .string(type), "status": .string(word), "reason": .string(reason),
            "message": .string(message),
            "lastTransitionTime": isSame ? old?["lastTransitionTime"] ?? now : now,
            "lastUpdateTime": isUnchanged ? old?["lastUpdateTime"] ?? now : now,
        ]
    }
}
