/// A path below `/api/v1` or `/apis/GROUP/VERSION`, taken apart.
struct ResourcePath: Equatable {
    var group: String
    var version: String
    var namespace: String?
    var plural: String
    var name: String?
    var subresource: String?

    /// Nil when the path does not lead to a resource: discovery, health, nonsense.
    init?(_ path: String) {
        var parts = path.split(separator: "/").map(String.init)[...]
        switch parts.popFirst() {
        case "api":
            group = ""
        case "apis":
            guard let named = parts.popFirst() else { return nil }
            group = named
        default: return nil
        }
        guard let version = parts.popFirst(), let first = parts.popFirst() else { return nil }
        self.version = version
        plural = first
        if first == "namespaces", let owner = parts.first, parts.count >= 2,
            !["status", "finalize"].contains(parts[parts.startIndex + 1]) || parts.count > 2
        {
            parts.removeFirst()
            namespace = owner
            plural = parts.removeFirst()
        }
        name = parts.popFirst()
        subresource = parts.popFirst()
        guard parts.isEmpty else { return nil }
    }
}
