import Model

/// The rules of kinds that users break most often. Texts as in kubernetes v1.32.
enum Validation {
    static func check(
        _ object: JSONValue, replacing old: JSONValue?, kind: ResourceKind
    ) throws(APIFailure) {
        var causes: [APIFailure.Cause] = []
        if old == nil { causes += name(object.name, kind: kind) }
        switch kind.qualifiedName {
        case "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps":
            causes += workload(object, replacing: old)
        case "pods": causes += containers(object["spec"], at: "spec")
        case "poddisruptionbudgets.policy": causes += budget(object)
        default: break
        }
        guard causes.isEmpty else { throw .invalid(kind, object.name, causes) }
    }

    private static func workload(_ object: JSONValue, replacing old: JSONValue?)
        -> [APIFailure.Cause]
    {
        var causes: [APIFailure.Cause] = []
        let selector = LabelFilter(object: object["spec", "selector"])
        if selector.requirements.isEmpty {
            causes.append(
                .init(
                    reason: "FieldValueRequired", message: "Required value",
                    field: "spec.selector"))
        } else if !selector.matches(object["spec", "template"] ?? [:]) {
            causes.append(
                .init(
                    reason: "FieldValueInvalid",
                    message: "Invalid value: "
                        + JSONText.text(object["spec", "template", "metadata", "labels"] ?? [:])
                        + ": `selector` does not match template `labels`",
                    field: "spec.template.metadata.labels"))
        }
        if let old, old["spec", "selector"] != object["spec", "selector"] {
            causes.append(
                .init(
                    reason: "FieldValueInvalid",
                    message: "Invalid value: \(JSONText.text(object["spec", "selector"] ?? [:])): "
                        + "field is immutable",
                    field: "spec.selector"))
        }
        if let replicas = object["spec", "replicas"]?.integer, !(0...10_000).contains(replicas) {
            causes.append(
                .init(
                    reason: "FieldValueInvalid",
                    message: "Invalid value: \(replicas): must be greater than or equal to 0",
                    field: "spec.replicas"))
        }
        return causes + containers(object["spec", "template", "spec"], at: "spec.template.spec")
    }

    private static func containers(_ spec: JSONValue?, at path: String) -> [APIFailure.Cause] {
        let containers = spec?["containers"]?.array ?? []
        if containers.isEmpty {
            return [
                .init(
                    reason: "FieldValueRequired", message: "Required value",
                    field: "\(path).containers")
            ]
        }
        var causes: [APIFailure.Cause] = []
        for (index, container) in containers.enumerated() {
            for field in ["name", "image"] where (container[field]?.string ?? "").isEmpty {
                causes.append(
                    .init(
                        reason: "FieldValueRequired", message: "Required value",
                        field: "\(path).containers[\(index)].\(field)"))
            }
        }
        return causes
    }

    private static func budget(_ object: JSONValue) -> [APIFailure.Cause] {
        guard object["spec", "minAvailable"] != nil, object["spec", "maxUnavailable"] != nil else {
            return []
        }
        return [
            .init(
                reason: "FieldValueInvalid",
                message: "Invalid value: minAvailable and maxUnavailable cannot be both set",
                field: "spec")
        ]
    }

    private static func name(_ name: String, kind: ResourceKind) -> [APIFailure.Cause] {
        let isFree = kind.group == "rbac.authorization.k8s.io"
        let isFine =
            name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.first != "-" && part.last != "-"
                    && part.utf8.allSatisfy {
                        (97...122).contains($0) || (48...57).contains($0) || $0 == 45
                    }
            }
        if isFine || isFree { return [] }
        return [
            .init(
                reason: "FieldValueInvalid",
                message: "Invalid value: \"\(name)\": a lowercase RFC 1123 subdomain must consist "
                    + "of lower case alphanumeric characters, '-' or '.', and must start and end "
                    + "with an alphanumeric character",
                field: "metadata.name")
        ]
    }
}
