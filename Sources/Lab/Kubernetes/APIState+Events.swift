import Model
import Simulation

/// Kubernetes Events for what happens to nodes, pods and workloads.
extension APIState {
    mutating func noteNode(_ node: ClusterNode, before: ClusterNode?, isNew: Bool) {
        let about: JSONValue = [
            "apiVersion": "v1", "kind": "Node",
            "metadata": ["name": .string(node.name.text), "uid": .string(node.uid.text)],
        ]
        func note(_ reason: String, _ message: String, _ source: String = "kubelet") {
            add(about, reason: reason, message: message, source: source)
        }
        let name = node.name.text
        if isNew {
            note("Starting", "Starting kubelet.")
            note(
                "RegisteredNode", "Node \(name) event: Registered Node \(name) in Controller",
                "node-controller")
        }
        guard let before else { return }
        if before.bootID != node.bootID {
            note("Starting", "Starting kubelet.")
            add(
                about, reason: "Rebooted",
                message: "Node \(name) has been rebooted, boot id: \(node.bootID)",
                source: "kubelet", isWarning: true)
        }
        if before.isCordoned != node.isCordoned {
            let word = node.isCordoned ? "NodeNotSchedulable" : "NodeSchedulable"
            note(word, "Node \(name) status is now: \(word)")
        }
        if before.isReady != node.isReady {
            let word = node.isReady ? "NodeReady" : "NodeNotReady"
            note(
                word, "Node \(name) status is now: \(word)",
                node.isReady ? "kubelet" : "node-controller")
        }
    }

    mutating func notePod(_ object: JSONValue, _ pod: Pod, before: LiveMirror.PodPrint?) {
        let image = object["spec", "containers"]?.array?.first?["image"]?.string ?? ""
        let container = object["spec", "containers"]?.array?.first?["name"]?.string ?? ""
        if pod.node == nil, before == nil {
            add(
                object, reason: "FailedScheduling",
                message: object.condition("PodScheduled")?["message"]?.string ?? "no node",
                source: "default-scheduler", isWarning: true)
        }
        if let node = pod.node, before?.node == nil, !pod.isMirror {
            add(
                object, reason: "Scheduled",
                message: "Successfully assigned \(pod.namespace)/\(pod.name) to \(node.text)",
                source: "default-scheduler")
        }
        if pod.startedAt != nil, before?.hasStarted != true {
            add(
                object, reason: "Pulled",
                message: "Container image \"\(image)\" already present on machine",
                source: "kubelet")
            add(
                object, reason: "Created", message: "Created container: \(container)",
                source: "kubelet")
            add(
                object, reason: "Started", message: "Started container \(container)",
                source: "kubelet")
        }
        if pod.isTerminating, before?.deletionAt == nil {
            add(
                object, reason: "Killing", message: "Stopping container \(container)",
                source: "kubelet")
        }
    }

    mutating func noteWorkload(_ object: JSONValue, desired: Int, before: Int?) {
        guard let before, before != desired, object["kind"] == "Deployment" else { return }
        let direction = desired > before ? "up" : "down"
        add(
            object, reason: "ScalingReplicaSet",
            message: "Scaled \(direction) \(object.name) from \(before) to \(desired)",
            source: "deployment-controller")
    }

    /// One more happening; the same one about the same object raises its count.
    private mutating func add(
        _ about: JSONValue, reason: String, message: String, source: String,
        isWarning: Bool = false
    ) {
        let namespace = about.namespace.isEmpty ? "default" : about.namespace
        eventCount += 1
        let digits = String(eventCount, radix: 16)
        let zeros = String(repeating: "0", count: max(0, 16 - digits.count))
        let name = "\(about.name).\(zeros)\(digits)"
        let stamp: JSONValue = .string(now.text)
        let happening = EventIndex.Happening(uid: about.uid, reason: reason, message: message)
        if let key = eventIndex.key(of: happening), var again = store.object(key) {
            again["count"] = .integer((again["count"]?.integer ?? 1) + 1)
            again["lastTimestamp"] = stamp
            store.put(again, at: key)
            return
        }
        var involved: JSONValue = [
            "apiVersion": about["apiVersion"] ?? "v1", "kind": about["kind"] ?? "",
            "name": .string(about.name), "uid": .string(about.uid),
        ]
        if !about.namespace.isEmpty { involved["namespace"] = .string(about.namespace) }
        let event: JSONValue = [
            "apiVersion": "v1", "kind": "Event",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "uid": .string(generator.uuid()), "creationTimestamp": stamp,
            ],
            "involvedObject": involved, "reason": .string(reason), "message": .string(message),
            "type": isWarning ? "Warning" : "Normal", "count": 1, "firstTimestamp": stamp,
            "lastTimestamp": stamp, "eventTime": nil, "reportingComponent": .string(source),
            "reportingInstance": "", "source": ["component": .string(source)],
        ]
        let key = eventKey(namespace, name)
        store.put(event, at: key)
        eventIndex.note(happening, at: key)
        for old in eventIndex.takeOldest(beyond: Self.eventLimit) { store.remove(old) }
    }

    private func eventKey(_ namespace: String, _ name: String) -> ObjectKey {
        ObjectKey(resource: "events", namespace: namespace, name: name)
    }

    private static let eventLimit = 500
}
