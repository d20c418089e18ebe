import Model

/// One kind of object that the API server serves: how it is named in paths, objects and on a
/// command line.
struct ResourceKind: Sendable, Hashable {
    var group: String
    var version: String
    var kind: String
    var plural: String
    var shortNames: [String] = []
    var categories: [String] = []
    var isNamespaced = true
    var hasStatus = false
    var hasScale = false
    /// Defined by a CustomResourceDefinition: no strategic merge patch, and list items carry kind.
    var isCustom = false
    /// Only POST, nothing is kept (permission checks).
    var isReview = false
    /// Columns a CustomResourceDefinition asks for.
    var columns: [CustomColumn] = []

    init(
        _ group: String, _ version: String, _ kind: String, _ plural: String,
        short: [String] = [], categories: [String] = [], namespaced: Bool = true,
        status: Bool = false, scale: Bool = false
    ) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        shortNames = short
        self.categories = categories
        isNamespaced = namespaced
        hasStatus = status
        hasScale = scale
    }

    /// What `-o wide` or a plain table shows of a custom resource.
    struct CustomColumn: Sendable, Hashable {
        var name: String
        var type: String
        var jsonPath: String
        var priority: Int64
    }

    var singular: String { kind.lowercased() }
    var listKind: String { kind + "List" }
    var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    /// `deployments.apps`, `nodes`: the name in messages, and the shelf in the object store.
    var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }
    var verbs: [String] {
        if isReview { return ["create"] }
        return ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
    }

    /// Subresources with the kind and verbs they have, for discovery.
    var subresources: [Subresource] {
        var found: [Subresource] = []
        if hasStatus {
            found.append(
                Subresource(
                    name: "status", group: group, version: version, kind: kind,
                    verbs: ["get", "patch", "update"]))
        }
        if hasScale {
            found.append(
                Subresource(
                    name: "scale", group: "autoscaling", version: "v1", kind: "Scale",
                    verbs: ["get", "patch", "update"]))
        }
        if qualifiedName == "pods" {
            found.append(
                Subresource(
                    name: "eviction", group: "policy", version: "v1", kind: "Eviction",
                    verbs: ["create"]))
            found.append(
                Subresource(name: "log", group: "", version: "v1", kind: "Pod", verbs: ["get"]))
        }
        return found
    }

    struct Subresource {
        var name: String
        var group: String
        var version: String
        var kind: String
        var verbs: [String]
    }
}

extension ResourceKind {
    /// The kinds that a CustomResourceDefinition brings, one per served version.
    static func custom(definition: JSONValue) -> [ResourceKind] {
        guard let group = definition["spec", "group"]?.string,
            let kind = definition["spec", "names", "kind"]?.string,
            let plural = definition["spec", "names", "plural"]?.string
        else { return [] }
        let names = definition["spec", "names"]
        return (definition["spec", "versions"]?.array ?? []).compactMap { version in
            guard let name = version["name"]?.string, version["served"]?.bool != false else {
                return nil
            }
            var made = ResourceKind(
                group, name, kind, plural,
                short: (names?["shortNames"]?.array ?? []).compactMap(\.string),
                categories: (names?["categories"]?.array ?? []).compactMap(\.string),
                namespaced: definition["spec", "scope"]?.string != "Cluster",
                status: version["subresources", "status"] != nil,
                scale: version["subresources", "scale"] != nil)
            made.isCustom = true
            made.columns = (version["additionalPrinterColumns"]?.array ?? []).map { column in
                CustomColumn(
                    name: column["name"]?.string ?? "", type: column["type"]?.string ?? "string",
                    jsonPath: column["jsonPath"]?.string ?? "",
                    priority: column["priority"]?.integer ?? 0)
            }
            return made
        }
    }
}
