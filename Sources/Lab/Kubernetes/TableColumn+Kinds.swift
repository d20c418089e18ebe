import Model

/// The columns of the kinds that have more than a name and an age.
extension TableColumn {
    static let node: [TableColumn] = [
        TableColumn(name: "Status") { object, _ in
            let ready = object.condition("Ready")?["status"]?.string
            var text = ready == nil ? "Unknown" : (ready == "True" ? "Ready" : "NotReady")
            if object["spec", "unschedulable"]?.bool == true { text += ",SchedulingDisabled" }
            return .string(text)
        },
        TableColumn(name: "Roles") { object, _ in
            let prefix = "node-role.kubernetes.io/"
            var roles = object.labels.keys.filter { $0.hasPrefix(prefix) }
                .map { String($0.dropFirst(prefix.count)) }
            if let role = object.labels["kubernetes.io/role"] { roles.append(role) }
            roles = roles.filter { !$0.isEmpty }.sorted()
            return .string(roles.isEmpty ? "<none>" : roles.joined(separator: ","))
        },
        age,
        field("Version", "status", "nodeInfo", "kubeletVersion"),
        address("Internal-IP", "InternalIP"),
        address("External-IP", "ExternalIP"),
        field("OS-Image", "status", "nodeInfo", "osImage", otherwise: "<unknown>", priority: 1),
        field(
            "Kernel-Version", "status", "nodeInfo", "kernelVersion", otherwise: "<unknown>",
            priority: 1),
        field(
            "Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion",
            otherwise: "<unknown>", priority: 1),
    ]

    static let pod: [TableColumn] = [
        TableColumn(name: "Ready") { object, _ in
            let all = object["spec", "containers"]?.array?.count ?? 0
            let statuses = object["status", "containerStatuses"]?.array ?? []
            return .string("\(statuses.filter { $0["ready"]?.bool == true }.count)/\(all)")
        },
        TableColumn(name: "Status") { object, _ in .string(PodStatusText.text(of: object)) },
        TableColumn(name: "Restarts") { object, _ in
            let statuses = object["status", "containerStatuses"]?.array ?? []
            return .string(String(statuses.reduce(0) { $0 + ($1["restartCount"]?.integer ?? 0) }))
        },
        age,
        field("IP", "status", "podIP", otherwise: "<none>", priority: 1),
        field("Node", "spec", "nodeName", otherwise: "<none>", priority: 1),
        field(
            "Nominated Node", "status", "nominatedNodeName", otherwise: "<none>", priority: 1),
        TableColumn(name: "Readiness Gates", priority: 1) { _, _ in "<none>" },
    ]

    static let deployment: [TableColumn] = [
        ratio("Ready"),
        number("Up-to-date", "status", "updatedReplicas"),
        number("Available", "status", "availableReplicas"),
        age,
    ]

    static let replicaSet: [TableColumn] = [
        number("Desired", "spec", "replicas"), number("Current", "status", "replicas"),
        number("Ready", "status", "readyReplicas"), age,
    ]

    static let statefulSet: [TableColumn] = [ratio("Ready"), age]

    static let daemonSet: [TableColumn] = [
        number("Desired", "status", "desiredNumberScheduled"),
        number("Current", "status", "currentNumberScheduled"),
        number("Ready", "status", "numberReady"),
        number("Up-to-date", "status", "updatedNumberScheduled"),
        number("Available", "status", "numberAvailable"),
        TableColumn(name: "Node Selector") { object, _ in
            let map = object["spec", "template", "spec", "nodeSelector"]?.object ?? [:]
            let texts = map.map { "\($0.key)=\($0.value.string ?? "")" }.sorted()
            return .string(texts.isEmpty ? "<none>" : texts.joined(separator: ","))
        },
        age,
    ]

    static let budget: [TableColumn] = [
        field("Min Available", "spec", "minAvailable", otherwise: "N/A"),
        field("Max Unavailable", "spec", "maxUnavailable", otherwise: "N/A"),
        number("Allowed Disruptions", "status", "disruptionsAllowed"),
    ]

    static let service: [TableColumn] = [
        field("Type", "spec", "type"),
        field("Cluster-IP", "spec", "clusterIP", otherwise: "<none>"),
        TableColumn(name: "External-IP") { object, _ in
            let pending = object["spec", "type"]?.string == "LoadBalancer"
            return .string(pending ? "<pending>" : "<none>")
        },
        TableColumn(name: "Port(s)") { object, _ in
            let ports = (object["spec", "ports"]?.array ?? []).map { port -> String in
                let number = port["port"]?.integer ?? 0
                let own = port["nodePort"]?.integer.map { ":\($0)" } ?? ""
                return "\(number)\(own)/\(port["protocol"]?.string ?? "TCP")"
            }
            return .string(ports.isEmpty ? "<none>" : ports.joined(separator: ","))
        },
        age,
        TableColumn(name: "Selector", priority: 1) { object, _ in
            let map = object["spec", "selector"]?.object ?? [:]
            let texts = map.map { "\($0.key)=\($0.value.string ?? "")" }.sorted()
            return .string(texts.isEmpty ? "<none>" : texts.joined(separator: ","))
        },
    ]

    static let event: [TableColumn] = [
        TableColumn(name: "Last Seen") { object, now in
            .string(ageText(object["lastTimestamp"]?.string, now))
        },
        field("Type", "type"),
        field("Reason", "reason"),
        TableColumn(name: "Object") { object, _ in
            let about = object["involvedObject"]
            return .string(
                "\((about?["kind"]?.string ?? "").lowercased())/\(about?["name"]?.string ?? "")")
        },
        field("Subobject", "involvedObject", "fieldPath", priority: 1),
        field("Source", "source", "component", priority: 1),
        field("Message", "message"),
        TableColumn(name: "First Seen", priority: 1) { object, now in
            .string(ageText(object["firstTimestamp"]?.string, now))
        },
        field("Count", "count", priority: 1),
        TableColumn(name: "Name", format: "name", priority: 1) { object, _ in
            .string(object.name)
        },
    ]

    static let claim: [TableColumn] = [
        field("Status", "status", "phase"), field("Volume", "spec", "volumeName"),
        field("Capacity", "status", "capacity", "storage"),
        TableColumn(name: "Access Modes") { object, _ in
            let modes = (object["spec", "accessModes"]?.array ?? []).compactMap(\.string)
            return .string(
                modes.map { $0.filter(\.isUppercase) }
                    .joined(separator: ","))
        },
        field("StorageClass", "spec", "storageClassName"),
        TableColumn(name: "VolumeAttributesClass") { _, _ in "<unset>" },
        age, field("VolumeMode", "spec", "volumeMode", priority: 1),
    ]

    static let storageClass: [TableColumn] = [
        field("Provisioner", "provisioner"),
        field("ReclaimPolicy", "reclaimPolicy", otherwise: "Delete"),
        field("VolumeBindingMode", "volumeBindingMode", otherwise: "Immediate"),
        field("AllowVolumeExpansion", "allowVolumeExpansion", otherwise: "false"),
        age,
    ]

    private static func ratio(_ name: String) -> TableColumn {
        TableColumn(name: name) { object, _ in
            let ready = object["status", "readyReplicas"]?.integer ?? 0
            return .string("\(ready)/\(object["spec", "replicas"]?.integer ?? 0)")
        }
    }

    private static func address(_ name: String, _ type: String) -> TableColumn {
        TableColumn(name: name, priority: 1) { object, _ in
            let all = object["status", "addresses"]?.array ?? []
            let found = all.first { $0["type"]?.string == type }?["address"]?.string
            return .string(found ?? "<none>")
        }
    }
}

extension JSONValue {
    /// A row of `status.conditions`.
    func condition(_ type: String) -> JSONValue? {
        self["status", "conditions"]?.array?.first { $0["type"]?.string == type }
    }
}
