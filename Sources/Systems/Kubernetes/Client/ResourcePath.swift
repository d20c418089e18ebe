/// Names a resource of the API server; its text is the URL's path.
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
package struct ResourcePath: Sendable, Equatable {
    /// Empty for the core group.
    package var group: String
    package var version: String
    /// Nil for cluster-scoped resources and lists over all namespaces.
    package var namespace: String?
    /// The plural, such as `pods`.
    package var resource: String
    /// Nil for the collection.
    package var name: String?
    package var subresource: String?

    package init(
        group: String = "", version: String = "v1", namespace: String? = nil, _ resource: String,
        _ name: String? = nil, subresource: String? = nil
    ) {
        self.group = group
        self.version = version
        self.namespace = namespace
        self.resource = resource
        self.name = name
        self.subresource = subresource
    }

    /// `/api/v1/namespaces/NS/pods/NAME/eviction`, each part escaped.
    package var text: String {
        var parts = group.isEmpty ? ["api", version] : ["apis", group, version]
        if let namespace { parts += ["namespaces", namespace] }
        parts += [resource, name, subresource].compactMap { $0 }
        return parts.map { "/" + Self.escape($0) }.joined()
    }

    /// The same path with a query, keys and values escaped.
    static func text(_ path: String, query: [(String, String)]) -> String {
        if query.isEmpty { return path }
        let items = query.map { "\(escape($0.0))=\(escape($0.1))" }
        return path + "?" + items.joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986, so that no name can leave
    /// its place in the path.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                escaped += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        // A part that is only dots would be folded away as a relative path.
        if escaped == "." { return "%2E" }
        if escaped == ".." { return "%2E%2E" }
        return escaped
    }
}
