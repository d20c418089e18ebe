import Model

extension JSONValue {
    var name: String { self["metadata", "name"]?.string ?? "" }
    var namespace: String { self["metadata", "namespace"]?.string ?? "" }
    var uid: String { self["metadata", "uid"]?.string ?? "" }
    var resourceVersion: String { self["metadata", "resourceVersion"]?.string ?? "" }
    var labels: [String: String] { stringMap(self["metadata", "labels"]) }
    var annotations: [String: String] { stringMap(self["metadata", "annotations"]) }
    var isBeingDeleted: Bool { self["metadata", "deletionTimestamp"] != nil }
    var finalizers: [String] { (self["metadata", "finalizers"]?.array ?? []).compactMap(\.string) }

    private func stringMap(_ value: JSONValue?) -> [String: String] {
        (value?.object ?? [:]).compactMapValues(\.string)
    }

    mutating func setMetadata(_ field: String, _ value: JSONValue?) {
        set(["metadata", field], value)
    }

    /// Sets or, with nil, removes a member below; makes the objects on the way.
    mutating func set(_ path: [String], _ value: JSONValue?) {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            if value != nil || object != nil { self[first] = value }
            return
        }
        var child = self[first] ?? [:]
        if child.object == nil { child = [:] }
        child.set(Array(path.dropFirst()), value)
        self[first] = child
    }

    /// A map of texts.
    static func strings(_ map: [String: String]) -> JSONValue {
        .object(map.mapValues { .string($0) })
    }

    static func whole(_ value: Int) -> JSONValue { .integer(Int64(value)) }
}
