import Model

/// Which fields of an object a manager owns: the leaves of a `FieldsV1` document.
///
/// A path is its elements as `FieldsV1` writes them: `f:spec`, `k:{"name":"c"}`, `v:"x"`.
/// Source: sigs.k8s.io/structured-merge-diff; facts §2.3.
struct FieldSet: Equatable {
    typealias Path = [String]

    private(set) var paths: Set<Path>

    init(paths: Set<Path> = []) { self.paths = paths }

    /// Every leaf a configuration names, leaving out identity and what the server keeps.
    init(object: JSONValue, isCustom: Bool) {
        paths = []
        for (key, value) in object.object ?? [:] where !["apiVersion", "kind"].contains(key) {
            collect(value, key: key, at: ["f:\(key)"], isCustom: isCustom)
        }
        paths = paths.filter { path in
            path.first != "f:metadata" || path.count < 2 || !Self.serverKept.contains(path[1])
        }
    }

    /// Reads `fieldsV1`.
    init(fieldsV1: JSONValue?) {
        paths = []
        read(fieldsV1, at: [])
    }

    /// As it is shown in `metadata.managedFields[].fieldsV1`.
    var fieldsV1: JSONValue {
        var root: JSONValue = [:]
        for path in paths { Self.insert(path[...], into: &root) }
        return root
    }

    var isEmpty: Bool { paths.isEmpty }

    func union(_ other: FieldSet) -> FieldSet { FieldSet(paths: paths.union(other.paths)) }
    func subtracting(_ other: FieldSet) -> FieldSet {
        FieldSet(paths: paths.subtracting(other.paths))
    }
    func intersection(_ other: FieldSet) -> FieldSet {
        FieldSet(paths: paths.intersection(other.paths))
    }

    /// `.spec.template.spec.containers[name="c"].image`, as conflicts name a field.
    static func display(_ path: Path) -> String {
        path.map { element in
            if element.hasPrefix("f:") { return "." + element.dropFirst(2) }
            let inner = String(element.dropFirst(2))
            if element.hasPrefix("k:"), let keys = try? JSONText.parse(Array(inner.utf8)).object {
                let texts = keys.sorted { $0.key < $1.key }
                    .map { "\($0.key)=\(JSONText.text($0.value))" }
                return "[\(texts.joined(separator: ","))]"
            }
            return "[=\(inner)]"
        }.joined()
    }

    /// The value a path leads to.
    static func value(_ path: Path, in object: JSONValue) -> JSONValue? {
        path.reduce(Optional(object)) { node, element in
            guard let node else { return nil }
            if element.hasPrefix("f:") { return node[String(element.dropFirst(2))] }
            return node.array?.first { matches($0, element) }
        }
    }

    /// The object without what the path leads to; parents left empty by that go too.
    static func removing(_ path: ArraySlice<String>, from node: JSONValue) -> JSONValue? {
        guard let element = path.first else { return nil }
        if element.hasPrefix("f:") {
            let key = String(element.dropFirst(2))
            guard case .object(var members) = node, let child = members[key] else { return node }
            members[key] = removing(path.dropFirst(), from: child)
            return members.isEmpty ? nil : .object(members)
        }
        guard case .array(var items) = node,
            let index = items.firstIndex(where: { matches($0, element) })
        else { return node }
        if let rest = removing(path.dropFirst(), from: items[index]) {
            items[index] = rest
        } else {
            items.remove(at: index)
        }
        return items.isEmpty ? nil : .array(items)
    }

    private mutating func collect(_ value: JSONValue, key: String, at path: Path, isCustom: Bool) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for (name, member) in members {
                collect(member, key: name, at: path + ["f:\(name)"], isCustom: isCustom)
            }
        case .array(let items) where !items.isEmpty:
            if ListKeys.primitiveSets.contains(key) {
                for item in items { paths.insert(path + ["v:\(JSONText.text(item))"]) }
            } else if let name = Self.listKey(key, items: items, isCustom: isCustom) {
                for item in items {
                    let element = "k:" + JSONText.text(.object([name: item[name] ?? .null]))
                    for (field, member) in item.object ?? [:] {
                        collect(
                            member, key: field, at: path + [element, "f:\(field)"],
                            isCustom: isCustom)
                    }
                }
            } else {
                paths.insert(path)
            }
        default: paths.insert(path)
        }
    }

    /// Custom resources have no known list keys, apart from those of metadata.
    static func listKey(_ field: String, items: [JSONValue], isCustom: Bool) -> String? {
        if isCustom && field != "ownerReferences" { return nil }
        return ListKeys.key(field: field, items: items)
    }

    private mutating func read(_ node: JSONValue?, at path: Path) {
        guard let members = node?.object, !members.isEmpty else {
            if !path.isEmpty { paths.insert(path) }
            return
        }
        for (key, child) in members where key != "." { read(child, at: path + [key]) }
        if members.keys.allSatisfy({ $0 == "." }), !path.isEmpty { paths.insert(path) }
    }

    private static func insert(_ path: ArraySlice<String>, into node: inout JSONValue) {
        guard let first = path.first else { return }
        var child = node[first] ?? [:]
        insert(path.dropFirst(), into: &child)
        node[first] = child
    }

    private static func matches(_ item: JSONValue, _ element: String) -> Bool {
        guard let wanted = try? JSONText.parse(Array(element.dropFirst(2).utf8)) else {
            return false
        }
        if element.hasPrefix("v:") { return item == wanted }
        return (wanted.object ?? [:]).allSatisfy { item[$0.key] == $0.value }
    }

    private static let serverKept: Set = [
        "f:name", "f:namespace", "f:uid", "f:resourceVersion", "f:generation",
        "f:creationTimestamp", "f:managedFields", "f:deletionTimestamp", "f:selfLink",
        "f:deletionGracePeriodSeconds", "f:generateName",
    ]
}
