import Model

/// One column of a Table answer.
///
/// Source: kubernetes v1.32 `pkg/printers/internalversion/printers.go`; facts §2.10.
struct TableColumn: Sendable {
    var name: String
    var type = "string"
    var format = ""
    /// 0 is always shown, 1 only with `-o wide`.
    var priority: Int64 = 0
    var cell: @Sendable (JSONValue, Timestamp) -> JSONValue

    var definition: JSONValue {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(name), "priority": .integer(priority),
        ]
    }

    static func columns(for kind: ResourceKind) -> [TableColumn] {
        if kind.isCustom { return custom(kind) }
        switch kind.qualifiedName {
        case "nodes": return [named] + node
        case "pods": return [named] + pod
        case "deployments.apps": return [named] + deployment + podTemplate(hasSelector: true)
        case "replicasets.apps": return [named] + replicaSet + podTemplate(hasSelector: true)
        case "statefulsets.apps": return [named] + statefulSet + podTemplate(hasSelector: false)
        case "daemonsets.apps": return [named] + daemonSet + podTemplate(hasSelector: true)
        case "poddisruptionbudgets.policy": return [named] + budget + [age]
        case "namespaces": return [named, field("Status", "status", "phase"), age]
        case "services": return [named] + service
        case "events": return event
        case "leases.coordination.k8s.io":
            return [named, field("Holder", "spec", "holderIdentity"), age]
        case "configmaps": return [named, count("Data", "data"), age]
        case "secrets": return [named, field("Type", "type"), count("Data", "data"), age]
        case "serviceaccounts": return [named, count("Secrets", "secrets"), age]
        case "persistentvolumeclaims": return [named] + claim
        case "storageclasses.storage.k8s.io": return [named] + storageClass
        case "customresourcedefinitions.apiextensions.k8s.io":
            return [named, field("Created At", "metadata", "creationTimestamp")]
        default: return [named, age]
        }
    }

    // MARK: Parts

    static let named = TableColumn(name: "Name", format: "name") { object, _ in
        .string(object.name)
    }

    static let age = TableColumn(name: "Age") { object, now in
        .string(ageText(object["metadata", "creationTimestamp"]?.string, now))
    }

    static func ageText(_ text: String?, _ now: Timestamp) -> String {
        Timestamp(text)?.age(at: now) ?? "<unknown>"
    }

    /// A text of the object, `<none>`-like text when it is absent.
    static func field(
        _ name: String, _ path: String..., otherwise: String = "", priority: Int64 = 0
    ) -> TableColumn {
        TableColumn(name: name, priority: priority) { object, _ in
            let found = path.reduce(Optional(object)) { $0?[$1] }
            switch found {
            case .string(let text) where !text.isEmpty: return .string(text)
            case .integer(let whole): return .string(String(whole))
            case .bool(let flag): return .string(flag ? "true" : "false")
            default: return .string(otherwise)
            }
        }
    }

    static func number(_ name: String, _ path: String...) -> TableColumn {
        TableColumn(name: name, type: "integer") { object, _ in
            .integer(path.reduce(Optional(object)) { $0?[$1] }?.integer ?? 0)
        }
    }

    private static func count(_ name: String, _ key: String) -> TableColumn {
        TableColumn(name: name, type: "integer") { object, _ in
            .whole(object[key]?.object?.count ?? object[key]?.array?.count ?? 0)
        }
    }

    /// Containers, images and, where wanted, the selector: the wide columns of workloads.
    private static func podTemplate(hasSelector: Bool) -> [TableColumn] {
        func joined(_ name: String, _ key: String) -> TableColumn {
            TableColumn(name: name, priority: 1) { object, _ in
                let containers = object["spec", "template", "spec", "containers"]?.array ?? []
                return .string(containers.compactMap { $0[key]?.string }.joined(separator: ","))
            }
        }
        var columns = [joined("Containers", "name"), joined("Images", "image")]
        if hasSelector {
            columns.append(
                TableColumn(name: "Selector", priority: 1) { object, _ in
                    .string(LabelFilter(object: object["spec", "selector"]).text)
                })
        }
        return columns
    }

    private static func custom(_ kind: ResourceKind) -> [TableColumn] {
        guard !kind.columns.isEmpty else { return [named, age] }
        return [named]
            + kind.columns.map { column in
                TableColumn(
                    name: column.name, type: column.type, priority: column.priority
                ) { object, now in
                    let found = JSONPath.value(column.jsonPath, in: object)
                    if column.type == "date" { return .string(ageText(found?.string, now)) }
                    return found ?? .null
                }
            }
    }
}
