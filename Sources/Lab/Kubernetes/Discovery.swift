import Model

/// The documents by which clients learn what is served. Facts §2.9 and §2.11.
struct Discovery {
    var catalog: ResourceCatalog

    /// Nil when the path is none of discovery's.
    func answer(path: String, accept: String) -> APIResponse? {
        let parts = path.split(separator: "/").map(String.init)
        let isAggregated = accept.contains("as=APIGroupDiscoveryList")
        switch (parts.first, parts.count) {
        case (nil, _): return .json(200, ["paths": ["/api", "/apis", "/openapi/v3", "/version"]])
        case ("api", 1):
            if isAggregated { return aggregated(groups: [("", ["v1"])]) }
            return .json(
                200,
                [
                    "kind": "APIVersions", "versions": ["v1"],
                    "serverAddressByClientCIDRs": [],
                ])
        case ("apis", 1):
            if isAggregated { return aggregated(groups: catalog.groups) }
            return .json(
                200,
                [
                    "kind": "APIGroupList", "apiVersion": "v1",
                    "groups": .array(catalog.groups.map { Self.group($0.name, $0.versions) }),
                ])
        case ("api", 2) where parts[1] == "v1": return resources(group: "", version: "v1")
        case ("apis", 2):
            guard let group = catalog.groups.first(where: { $0.name == parts[1] }) else {
                return .failure(.noResource)
            }
            var document = Self.group(group.name, group.versions)
            document["kind"] = "APIGroup"
            document["apiVersion"] = "v1"
            return .json(200, document)
        case ("apis", 3): return resources(group: parts[1], version: parts[2])
        case ("openapi", _): return OpenAPI(catalog: catalog).answer(parts)
        default: return nil
        }
    }

    static func version(_ version: Version) -> JSONValue {
        [
            "major": .string(String(version.major)), "minor": .string(String(version.minor)),
            "gitVersion": .string(version.tag), "gitTreeState": "clean", "compiler": "gc",
            "gitCommit": "0000000000000000000000000000000000000000",
            "buildDate": "2025-01-01T00:00:00Z", "goVersion": "go1.23.6",
            "platform": "linux/amd64",
        ]
    }

    private static func group(_ name: String, _ versions: [String]) -> JSONValue {
        let rows = versions.map { version -> JSONValue in
            ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
        }
        return [
            "name": .string(name), "versions": .array(rows),
            "preferredVersion": rows.first ?? [:],
        ]
    }

    private func resources(group: String, version: String) -> APIResponse {
        let kinds = catalog.kinds(group: group, version: version)
        guard !kinds.isEmpty else { return .failure(.noResource) }
        var rows: [JSONValue] = []
        for kind in kinds {
            var row: JSONValue = [
                "name": .string(kind.plural), "singularName": .string(kind.singular),
                "namespaced": .bool(kind.isNamespaced), "kind": .string(kind.kind),
                "verbs": .array(kind.verbs.map { .string($0) }),
            ]
            if !kind.shortNames.isEmpty {
                row["shortNames"] = .array(kind.shortNames.map { .string($0) })
            }
            if !kind.categories.isEmpty {
                row["categories"] = .array(kind.categories.map { .string($0) })
            }
            rows.append(row)
            for sub in kind.subresources {
                var row: JSONValue = [
                    "name": .string("\(kind.plural)/\(sub.name)"), "singularName": "",
                    "namespaced": .bool(kind.isNamespaced), "kind": .string(sub.kind),
                    "verbs": .array(sub.verbs.map { .string($0) }),
                ]
                if sub.group != kind.group {
                    row["group"] = .string(sub.group)
                    row["version"] = .string(sub.version)
                }
                rows.append(row)
            }
        }
        let name = group.isEmpty ? version : "\(group)/\(version)"
        return .json(
            200,
            [
                "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(name),
                "resources": .array(rows),
            ])
    }

    private func aggregated(groups: [(name: String, versions: [String])]) -> APIResponse {
        let items = groups.map { group -> JSONValue in
            let versions = group.versions.map { version -> JSONValue in
                [
                    "version": .string(version), "freshness": "Current",
                    "resources": .array(
                        catalog.kinds(group: group.name, version: version).map(aggregated)),
                ]
            }
            return ["metadata": ["name": .string(group.name)], "versions": .array(versions)]
        }
        return .json(
            200,
            [
                "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2",
                "metadata": [:], "items": .array(items),
            ], type: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
    }

    private func aggregated(_ kind: ResourceKind) -> JSONValue {
        var row: JSONValue = [
            "resource": .string(kind.plural), "singularResource": .string(kind.singular),
            "scope": kind.isNamespaced ? "Namespaced" : "Cluster",
            "responseKind": Self.kind(kind.group, kind.version, kind.kind),
            "verbs": .array(kind.verbs.map { .string($0) }),
        ]
        if !kind.shortNames.isEmpty {
            row["shortNames"] = .array(kind.shortNames.map { .string($0) })
        }
        if !kind.categories.isEmpty {
            row["categories"] = .array(kind.categories.map { .string($0) })
        }
        let subresources = kind.subresources.map { sub -> JSONValue in
            [
                "subresource": .string(sub.name),
                "responseKind": Self.kind(sub.group, sub.version, sub.kind),
                "verbs": .array(sub.verbs.map { .string($0) }),
            ]
        }
        if !subresources.isEmpty { row["subresources"] = .array(subresources) }
        return row
    }

    private static func kind(_ group: String, _ version: String, _ kind: String) -> JSONValue {
        ["group": .string(group), "version": .string(version), "kind": .string(kind)]
    }
}
