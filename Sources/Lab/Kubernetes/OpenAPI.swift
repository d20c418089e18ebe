import Model

/// The OpenAPI v3 documents: no schemas, but enough for `kubectl apply` and `create` to find that
/// the server validates fields itself. `/openapi/v2` is not served.
struct OpenAPI {
    var catalog: ResourceCatalog

    func answer(_ parts: [String]) -> APIResponse {
        guard parts.count >= 2, parts[1] == "v3" else {
            return .text(404, "404 page not found\n")
        }
        if parts.count == 2 { return .json(200, ["paths": .object(index)]) }
        let isCore = parts[2] == "api"
        guard parts.count == (isCore ? 4 : 5) else { return .failure(.noResource) }
        let kinds = catalog.kinds(
            group: isCore ? "" : parts[3], version: isCore ? parts[3] : parts[4])
        guard !kinds.isEmpty else { return .failure(.noResource) }
        return .json(
            200,
            [
                "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "unversioned"],
                "paths": .object(
                    Dictionary(kinds.map { ($0.path, operations($0)) }) { first, _ in first }),
                "components": ["schemas": .object([:])],
            ])
    }

    private var index: [String: JSONValue] {
        let versions = catalog.groups.flatMap { group in
            group.versions.map { "apis/\(group.name)/\($0)" }
        }
        return Dictionary(
            (["api/v1"] + versions).map { path in
                (path, ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=1")])
            }
        ) { first, _ in first }
    }

    private func operations(_ kind: ResourceKind) -> JSONValue {
        let parameters = ["dryRun", "fieldManager", "fieldValidation"].map { name -> JSONValue in
            ["name": .string(name), "in": "query", "schema": ["type": "string"]]
        }
        let operation: JSONValue = [
            "parameters": .array(parameters),
            "responses": ["200": ["description": "OK"]],
            "x-kubernetes-group-version-kind": [
                "group": .string(kind.group), "version": .string(kind.version),
                "kind": .string(kind.kind),
            ],
        ]
        return ["get": operation, "patch": operation, "put": operation]
    }
}

extension ResourceKind {
    fileprivate var path: String {
        let root = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        return isNamespaced
            ? "\(root)/namespaces/{namespace}/\(plural)/{name}" : "\(root)/\(plural)/{name}"
    }
}
