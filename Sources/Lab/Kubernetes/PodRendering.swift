import Model
import Simulation

/// A Pod object of an emulated pod.
struct PodRendering {
    var pod: Pod
    var cluster: EmulatedCluster
    var state: APIState

    /// - Parameter old: the object as it is now; its spec and what users added stay.
    func object(_ old: JSONValue?) -> JSONValue {
        var object = old ?? fresh
        if old == nil || object["spec", "nodeName"] == nil, let node = pod.node {
            object.set(["spec", "nodeName"], .string(node.text))
        }
        if let asked = pod.deletionAt {
            let end = asked + .seconds(pod.graceSeconds)
            object.setMetadata("deletionTimestamp", .string(state.date(end).text))
            object.setMetadata("deletionGracePeriodSeconds", .whole(pod.graceSeconds))
        }
        if let component {
            let containers = (object["spec", "containers"]?.array ?? []).map { container in
                var container = container
                container["image"] = .string(component.runningImage)
                return container
            }
            object.set(["spec", "containers"], .array(containers))
            object.set(
                ["metadata", "annotations", "talos.dev/config-version"],
                .string(String(component.runningRevision + revisionOffset)))
        }
        object["status"] = status(containers: object["spec", "containers"]?.array ?? [], old)
        return object
    }

    /// The component of Kubernetes that a static pod runs.
    private var component: ComponentState? {
        guard pod.isMirror, let node = pod.node, let name = SystemImages.component(of: pod.name),
            let kind = SystemComponent(rawValue: name)
        else { return nil }
        return cluster.machines[node]?.state(of: kind)
    }

    /// From Talos 1.14 on the annotation counts another resource than the one that is edited.
    private var revisionOffset: Int {
        let talos = pod.node.flatMap { cluster.machines[$0]?.version } ?? Version(1, 0, 0)
        return talos >= Version(1, 14, 0) ? 1 : 0
    }

    private var fresh: JSONValue {
        let template = template
        let labels = template.labels.merging(pod.labels) { _, own in own }
        var annotations = template.annotations
        var metadata: JSONValue = [
            "name": .string(pod.name), "namespace": .string(pod.namespace),
            "uid": .string(pod.uid.text),
            "creationTimestamp": .string(state.date(pod.createdAt).text),
        ]
        if let owner = pod.owner {
            let version = owner.kind == "Node" ? "v1" : "apps/v1"
            metadata["ownerReferences"] = [
                [
                    "apiVersion": .string(version), "kind": .string(owner.kind),
                    "name": .string(owner.name), "uid": .string(owner.uid.text),
                    "controller": true, "blockOwnerDeletion": .bool(owner.kind != "Node"),
                ]
            ]
            if !pod.isMirror { metadata["generateName"] = .string("\(owner.name)-") }
        }
        if pod.isMirror {
            let mark = String(WorkloadReading.hash(of: .string(pod.uid.text)).prefix(10))
            annotations["kubernetes.io/config.mirror"] = mark
            annotations["kubernetes.io/config.source"] = "file"
        }
        if !labels.isEmpty { metadata["labels"] = .strings(labels) }
        if !annotations.isEmpty { metadata["annotations"] = .strings(annotations) }
        var spec = template["spec"] ?? [:]
        if spec["serviceAccountName"] == nil { spec["serviceAccountName"] = "default" }
        if pod.owner?.kind == "StatefulSet" { mountClaims(&spec) }
        return ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec]
    }

    /// A StatefulSet's pod mounts the claims made of its templates: `data-web-0` as `data`.
    private func mountClaims(_ spec: inout JSONValue) {
        var volumes = spec["volumes"]?.array ?? []
        for claim in pod.volumeClaims where claim.hasSuffix("-\(pod.name)") {
            let name = String(claim.dropLast(pod.name.count + 1))
            guard !volumes.contains(where: { $0["name"]?.string == name }) else { continue }
            volumes.append([
                "name": .string(name), "persistentVolumeClaim": ["claimName": .string(claim)],
            ])
        }
        spec["volumes"] = volumes.isEmpty ? nil : .array(volumes)
    }

    /// The template of its owner as the store has it; made up for what Talos runs by itself.
    private var template: JSONValue {
        if let owner = pod.owner, let resource = Self.resources[owner.kind] {
            let key = ObjectKey(resource: resource, namespace: pod.namespace, name: owner.name)
            if let found = state.store.object(key)?["spec", "template"] { return found }
        }
        if let uid = pod.workload, let workload = cluster.workloads[uid] {
            return SystemImages.template(workload.spec, kubernetes: cluster.blueprint.kubernetes)
        }
        return SystemImages.staticPod(
            pod, kubernetes: pod.imageVersion ?? cluster.blueprint.kubernetes)
    }

    private func status(containers: [JSONValue], _ old: JSONValue?) -> JSONValue {
        var status: JSONValue = [
            "phase": .string(pod.phase.rawValue), "qosClass": "BestEffort",
            "conditions": .array(conditions(old)),
        ]
        guard let node = pod.node else { return status }
        if let address = cluster.nodes[node]?.address.text {
            status["hostIP"] = .string(address)
            status["hostIPs"] = [["ip": .string(address)]]
        }
        if let ip = pod.ip {
            status["podIP"] = .string(ip)
            status["podIPs"] = [["ip": .string(ip)]]
        }
        if let time = pod.scheduledAt { status["startTime"] = .string(state.date(time).text) }
        status["containerStatuses"] = .array(containers.map(containerStatus))
        return status
    }

    private func conditions(_ old: JSONValue?) -> [JSONValue] {
        var rows: [(type: String, holds: Bool, reason: String, message: String)] = []
        let isRunning = pod.phase == .running
        if pod.node != nil {
            rows = [
                ("PodReadyToStartContainers", isRunning, "", ""), ("Initialized", true, "", ""),
                ("Ready", pod.isReady, "ContainersNotReady", ""),
                ("ContainersReady", pod.isReady, "ContainersNotReady", ""),
                ("PodScheduled", true, "", ""),
            ]
        } else {
            let reasons = cluster.objections(toPlacing: pod.uid).map { "\($1) \($0)" }.sorted()
            rows = [
                (
                    "PodScheduled", false, "Unschedulable",
                    "0/\(cluster.nodes.count) nodes are available: "
                        + "\(reasons.joined(separator: ", "))."
                )
            ]
        }
        return rows.map { row in
            let word = row.holds ? "True" : "False"
            let before = old?.condition(row.type)
            let isSame = before?["status"]?.string == word
            var item: JSONValue = [
                "type": .string(row.type), "status": .string(word), "lastProbeTime": nil,
                "lastTransitionTime": isSame
                    ? before?["lastTransitionTime"] ?? nil : .string(state.now.text),
            ]
            if !row.holds, !row.reason.isEmpty { item["reason"] = .string(row.reason) }
            if !row.holds, !row.message.isEmpty { item["message"] = .string(row.message) }
            return item
        }
    }

    private func containerStatus(_ container: JSONValue) -> JSONValue {
        let image = container["image"]?.string ?? ""
        let time: JSONValue = .string(state.date(pod.startedAt ?? pod.createdAt).text)
        let running: JSONValue
        switch pod.phase {
        case .pending: running = ["waiting": ["reason": "ContainerCreating"]]
        case .running:
            if let trouble = component?.trouble {
                var waiting: JSONValue = ["reason": .string(trouble)]
                if trouble == "CrashLoopBackOff" {
                    waiting["message"] = "back-off 5m0s restarting failed container"
                }
                running = ["waiting": waiting]
            } else {
                running = ["running": ["startedAt": time]]
            }
        case .succeeded:
            running = [
                "terminated": ["exitCode": 0, "reason": "Completed", "startedAt": time]
            ]
        case .failed:
            running = ["terminated": ["exitCode": 1, "reason": "Error", "startedAt": time]]
        }
        return [
            "name": container["name"] ?? "", "image": .string(image), "imageID": "",
            "containerID": .string(
                pod.phase == .pending ? "" : "containerd://\(pod.uid.text)"),
            "ready": .bool(pod.isReady), "started": .bool(pod.phase == .running),
            "restartCount": .whole(pod.restarts), "state": running, "lastState": [:],
        ]
    }

    private static let resources = [
        "ReplicaSet": "replicasets.apps", "StatefulSet": "statefulsets.apps",
        "DaemonSet": "daemonsets.apps",
    ]
}
