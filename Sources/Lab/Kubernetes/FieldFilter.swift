import Model

/// A selector on fields, as in `?fieldSelector=spec.nodeName=x`: a few fields per kind only.
struct FieldFilter: Sendable, Hashable {
    struct Term: Sendable, Hashable {
        var path: String
        var value: String
        var isEqual: Bool
    }

    var terms: [Term]

    static let all = FieldFilter(terms: [])

    init(terms: [Term]) { self.terms = terms }

    /// Refuses fields that the kind does not offer, as the API server does (400).
    init(text: String, kind: ResourceKind) throws(APIFailure) {
        terms = []
        for part in text.split(separator: ",") {
            let isEqual = part.firstRange(of: "!=") == nil
            let mark = isEqual ? (part.firstRange(of: "==") == nil ? "=" : "==") : "!="
            guard let range = part.firstRange(of: mark) else {
                throw APIFailure(
                    .badRequest,
                    "invalid selector: '\(part)'; can't understand '\(part)'")
            }
            let path = String(part[..<range.lowerBound])
            guard Self.fields(of: kind).contains(path) else {
                throw APIFailure(.badRequest, "field label not supported: \(path)")
            }
            terms.append(
                Term(path: path, value: String(part[range.upperBound...]), isEqual: isEqual))
        }
    }

    func matches(_ object: JSONValue) -> Bool {
        terms.allSatisfy { term in
            (Self.value(term.path, in: object) == term.value) == term.isEqual
        }
    }

    /// The one name asked for, if the selector asks for one.
    var name: String? { terms.first { $0.path == "metadata.name" && $0.isEqual }?.value }

    private static func value(_ path: String, in object: JSONValue) -> String {
        let found = path.split(separator: ".").reduce(Optional(object)) { $0?[String($1)] }
        switch found {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .integer(let whole): return String(whole)
        default: return Self.flags.contains(path) ? "false" : ""
        }
    }

    private static func fields(of kind: ResourceKind) -> Set<String> {
        let common: Set = ["metadata.name", "metadata.namespace"]
        return common.union(byKind[kind.qualifiedName] ?? [])
    }

    private static let flags: Set = ["spec.unschedulable", "spec.hostNetwork"]

    /// Source: kubernetes v1.32 `pkg/apis/*/v1/conversion.go`; facts §2.2.
    private static let byKind: [String: Set<String>] = [
        "pods": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        "nodes": ["spec.unschedulable"],
        "namespaces": ["status.phase"],
        "secrets": ["type"],
        "services": ["spec.clusterIP", "spec.type"],
        "replicasets.apps": ["status.replicas"],
        "jobs.batch": ["status.successful"],
        "events": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
            "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
            "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
    ]
}
