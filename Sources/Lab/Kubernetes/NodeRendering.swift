import Model
import Simulation

/// A Node object of an emulated node.
struct NodeRendering {
    var node: ClusterNode
    var state: APIState

    /// - Parameter old: the object as it is now, nil for a new node.
    func object(_ old: JSONValue?) -> JSONValue {
        var object: JSONValue =
            old
            ?? [
                "apiVersion": "v1", "kind": "Node",
                "metadata": [
                    "name": .string(node.name.text), "uid": .string(node.uid.text),
                    "creationTimestamp": .string(state.date(node.createdAt).text),
                ],
                "spec": [
                    "podCIDR": .string("10.244.\(node.podSubnet).0/24"),
                    "podCIDRs": [.string("10.244.\(node.podSubnet).0/24")],
                ],
            ]
        object.setMetadata("uid", .string(node.uid.text))
        object.setMetadata("labels", .strings(node.labels))
        object.setMetadata(
            "annotations", node.annotations.isEmpty ? nil : .strings(node.annotations))
        object.set(["spec", "unschedulable"], node.isCordoned ? true : nil)
        let taints = taints
        object.set(["spec", "taints"], taints.isEmpty ? nil : .array(taints))
        object["status"] = status
        return object
    }

    /// The taints that somebody set: without those that controllers add and remove.
    static func ownTaints(_ object: JSONValue) -> [ClusterNode.Taint] {
        (object["spec", "taints"]?.array ?? []).map { taint in
            ClusterNode.Taint(
                key: taint["key"]?.string ?? "", value: taint["value"]?.string ?? "",
                effect: taint["effect"]?.string ?? "NoSchedule")
        }.filter { !isAutomatic($0) }
    }

    static func isAutomatic(_ taint: ClusterNode.Taint) -> Bool {
        taint.key.hasPrefix("node.kubernetes.io/")
    }

    private var taints: [JSONValue] {
        var all = node.taints
        func add(_ key: String, _ effects: [String]) {
            for effect in effects {
                let isThere = all.contains { $0.key == key && $0.effect == effect }
                if !isThere { all.append(ClusterNode.Taint(key: key, effect: effect)) }
            }
        }
        if node.isCordoned { add("node.kubernetes.io/unschedulable", ["NoSchedule"]) }
        switch node.readiness {
        case .ready: break
        case .notReady: add("node.kubernetes.io/not-ready", ["NoSchedule", "NoExecute"])
        case .unknown: add("node.kubernetes.io/unreachable", ["NoSchedule", "NoExecute"])
        }
        return all.map { taint in
            var row: JSONValue = ["key": .string(taint.key), "effect": .string(taint.effect)]
            if !taint.value.isEmpty { row["value"] = .string(taint.value) }
            return row
        }
    }

    private var status: JSONValue {
        let figures: JSONValue = [
            "cpu": .string("\(NodeCapacity.cpu / 1000)"),
            "memory": .string("\(NodeCapacity.memoryInKiB)Ki"),
            "pods": .string("\(NodeCapacity.pods)"), "ephemeral-storage": "52110840Ki",
            "hugepages-1Gi": "0", "hugepages-2Mi": "0",
        ]
        return [
            "addresses": [
                ["type": "InternalIP", "address": .string(node.address.text)],
                ["type": "Hostname", "address": .string(node.name.text)],
            ],
            "capacity": figures, "allocatable": figures,
            "conditions": .array(conditions),
            "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
            "nodeInfo": [
                "architecture": "amd64", "operatingSystem": "linux",
                "bootID": .string(node.bootID),
                "machineID": .string(node.machineUUID.replacing("-", with: "")),
                "systemUUID": .string(node.machineUUID),
                "kubeletVersion": .string(node.kubeletVersion.tag),
                "kubeProxyVersion": .string(node.kubeletVersion.tag),
                "osImage": .string("Talos (\(node.talosVersion.tag))"),
                "kernelVersion": .string(Self.kernel(node.talosVersion)),
                "containerRuntimeVersion": .string(
                    node.talosVersion < Version(1, 9, 0)
                        ? "containerd://2.0.0-rc.6" : "containerd://2.0.5"),
            ],
        ]
    }

    private var conditions: [JSONValue] {
        let beat = state.now.text
        let since = state.date(node.readyChangedAt).text
        let isHeard = node.readiness != .unknown
        let pressures = [
            ("MemoryPressure", "KubeletHasSufficientMemory", "has sufficient memory available"),
            ("DiskPressure", "KubeletHasNoDiskPressure", "has no disk pressure"),
            ("PIDPressure", "KubeletHasSufficientPID", "has sufficient PID available"),
        ].map { type, reason, message -> JSONValue in
            [
                "type": .string(type), "status": isHeard ? "False" : "Unknown",
                "reason": isHeard ? .string(reason) : "NodeStatusUnknown",
                "message": isHeard
                    ? .string("kubelet \(message)") : "Kubelet stopped posting node status.",
                "lastHeartbeatTime": .string(beat), "lastTransitionTime": .string(since),
            ]
        }
        return pressures + [
            [
                "type": "Ready", "status": .string(node.readiness.rawValue),
                "reason": .string(node.readyReason), "message": .string(node.readyMessage),
                "lastHeartbeatTime": .string(beat), "lastTransitionTime": .string(since),
            ]
        ]
    }

    /// The kernel of a Talos series, as its release notes name it.
    private static func kernel(_ talos: Version) -> String {
        switch talos.series {
        case ..<Version.Series(1, 8): "6.6.43-talos"
        case ..<Version.Series(1, 9): "6.6.58-talos"
        case ..<Version.Series(1, 10): "6.12.6-talos"
        case ..<Version.Series(1, 11): "6.12.25-talos"
        case ..<Version.Series(1, 12): "6.12.43-talos"
        default: "6.18.2-talos"
        }
    }
}
