import Model

/// Where an object is kept.
struct ObjectKey: Hashable, Sendable, Codable {
    /// The resource's qualified name, `deployments.apps`.
    var resource: String
    /// Empty for cluster-scoped objects.
    var namespace: String
    var name: String
}

/// All objects of the API server, with one counter of revisions and the latest changes.
struct ObjectStore: Sendable, Codable {
    /// One change, as a watch sees it.
    struct Change: Sendable {
        enum Kind: String, Sendable {
            case added = "ADDED"
            case modified = "MODIFIED"
            case deleted = "DELETED"
        }
        var revision: Int64
        var key: ObjectKey
        var kind: Kind
        var object: JSONValue
        var previous: JSONValue?
    }

    private(set) var revision: Int64 = 1000
    private var shelves: [String: [ObjectKey: JSONValue]] = [:]
    /// Oldest first, at most `historyLimit`.
    private(set) var history: [Change] = []
    /// Changes with a revision up to this one are no longer in `history`.
    private(set) var compactedRevision: Int64 = 1000
    /// Changes not yet given to the watches.
    private var unpublished: [Change] = []

    private static let historyLimit = 2000

    init() {}

    private enum CodingKeys: String, CodingKey { case revision, objects }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        revision = try container.decode(Int64.self, forKey: .revision)
        compactedRevision = revision
        for entry in try container.decode([Entry].self, forKey: .objects) {
            shelves[entry.key.resource, default: [:]][entry.key] = entry.object
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(revision, forKey: .revision)
        let entries = shelves.values.flatMap { $0 }.map { Entry(key: $0.key, object: $0.value) }
        try container.encode(entries, forKey: .objects)
    }

    private struct Entry: Codable {
        var key: ObjectKey
        var object: JSONValue
    }

    func object(_ key: ObjectKey) -> JSONValue? { shelves[key.resource]?[key] }

    /// In the order of etcd's keys: namespace, then name.
    func list(_ resource: String, namespace: String? = nil) -> [JSONValue] {
        entries(resource, namespace: namespace).map(\.value)
    }

    func keys(_ resource: String, namespace: String? = nil) -> [ObjectKey] {
        entries(resource, namespace: namespace).map(\.key)
    }

    /// Every key in a namespace, whatever the resource.
    func keys(inNamespace namespace: String) -> [ObjectKey] {
        shelves.values.flatMap(\.keys).filter { $0.namespace == namespace }
    }

    func count(_ resource: String) -> Int { shelves[resource]?.count ?? 0 }

    var resources: [String] { Array(shelves.keys) }

    /// Keeps an object under a new revision; nothing happens when it is the same as before.
    @discardableResult
    mutating func put(_ object: JSONValue, at key: ObjectKey) -> JSONValue {
        let previous = shelves[key.resource]?[key]
        var stamped = object
        if let previous {
            stamped.setMetadata("resourceVersion", previous["metadata", "resourceVersion"])
            if stamped == previous { return previous }
        }
        revision += 1
        stamped.setMetadata("resourceVersion", .string(String(revision)))
        shelves[key.resource, default: [:]][key] = stamped
        record(
            Change(
                revision: revision, key: key, kind: previous == nil ? .added : .modified,
                object: stamped, previous: previous))
        return stamped
    }

    /// The last state of the object, with the revision of its removal; nil when it was not there.
    @discardableResult
    mutating func remove(_ key: ObjectKey) -> JSONValue? {
        guard let previous = shelves[key.resource]?.removeValue(forKey: key) else { return nil }
        revision += 1
        var last = previous
        last.setMetadata("resourceVersion", .string(String(revision)))
        record(
            Change(revision: revision, key: key, kind: .deleted, object: last, previous: previous))
        return last
    }

    /// Everything is gone at once; revisions go on, and watches of before have to list anew.
    mutating func removeEverything() {
        for key in shelves.values.flatMap(\.keys) { remove(key) }
        history = []
        compactedRevision = revision
    }

    /// What happened since the last call.
    mutating func takeUnpublished() -> [Change] {
        defer { unpublished = [] }
        return unpublished
    }

    private func entries(
        _ resource: String, namespace: String?
    ) -> [(key: ObjectKey, value: JSONValue)] {
        (shelves[resource] ?? [:])
            .filter { namespace == nil || $0.key.namespace == namespace }
            .sorted { ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name) }
    }

    private mutating func record(_ change: Change) {
        history.append(change)
        unpublished.append(change)
        if history.count > Self.historyLimit + 200 {
            history.removeFirst(history.count - Self.historyLimit)
            compactedRevision = (history.first?.revision ?? revision + 1) - 1
        }
    }
}
