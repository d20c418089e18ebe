import Foundation
import Model

/// Where the server keeps objects of a kind.
struct ServedResource: Sendable, Equatable {
    var group: String
    var version: String
    var plural: String
    var isNamespaced: Bool

    /// The path of one object; a namespaced one without a namespace is in `default`.
    func path(of key: ObjectKey) -> String {
        let namespace = key.namespace.isEmpty ? "default" : key.namespace
        return ResourcePath(
            group: group, version: version, namespace: isNamespaced ? namespace : nil, plural,
            key.name
        ).text
    }

    /// The key as the server has it: no namespace where the kind has none, and never without one
    /// where it has.
    func resolved(_ key: ObjectKey) -> ObjectKey {
        var copy = key
        if !isNamespaced { copy.namespace = "" }
        if isNamespaced, key.namespace.isEmpty { copy.namespace = "default" }
        return copy
    }
}

/// Asks the server which resources it serves, and remembers it.
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#discovery-api
struct ResourceDiscovery {
    let client: ClusterClient
    private var known: [String: [String: ServedResource]] = [:]

    init(client: ClusterClient) {
        self.client = client
    }

    /// Nil when the server serves no such kind (now: it is asked again each time).
    mutating func resource(
        group: String, version: String, kind: String
    ) async throws -> ServedResource? {
        let path =
            group.isEmpty
            ? "/api/\(ResourcePath.escape(version))"
            : "/apis/\(ResourcePath.escape(group))/\(ResourcePath.escape(version))"
        if let found = known[path]?[kind] { return found }
        var served: [String: ServedResource] = [:]
        let list = try await client.getIfPresent(path)?["resources"]?.array ?? []
        for item in list {
            guard let plural = item["name"]?.string, !plural.contains("/"),
                let kind = item["kind"]?.string
            else { continue }
            served[kind] = ServedResource(
                group: group, version: version, plural: plural,
                isNamespaced: item["namespaced"]?.bool ?? false)
        }
        known[path] = served
        return served[kind]
    }

    /// The resource in the version that the server prefers.
    mutating func preferred(group: String, kind: String) async throws -> ServedResource? {
        if group.isEmpty { return try await resource(group: "", version: "v1", kind: kind) }
        let answer = try await client.getIfPresent("/apis/\(ResourcePath.escape(group))")
        var versions = answer?["versions"]?.array?.compactMap { $0["version"]?.string } ?? []
        if let first = answer?["preferredVersion", "version"]?.string {
            versions.insert(first, at: 0)
        }
        for version in versions.prefix(10) {
            if let found = try await resource(group: group, version: version, kind: kind) {
                return found
            }
        }
        return nil
    }
}
