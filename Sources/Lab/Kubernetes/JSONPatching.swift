import Model

/// JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386).
enum JSONPatching {
    /// Null deletes a member, objects merge, everything else replaces.
    static func merge(_ target: JSONValue, _ patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = target.object ?? [:]
        for (key, change) in changes {
            if change == .null {
                members[key] = nil
            } else {
                members[key] = merge(members[key] ?? .null, change)
            }
        }
        return .object(members)
    }

    /// - Throws: 422 for a failed `test` or a path that is not there, 400 for no patch at all.
    static func apply(_ operations: JSONValue, to document: JSONValue) throws(APIFailure)
        -> JSONValue
    {
        guard let list = operations.array, list.count <= 10_000 else {
            throw APIFailure(.badRequest, "error decoding patch: an array of operations expected")
        }
        var result = document
        for operation in list { result = try apply(one: operation, to: result) }
        return result
    }

    private static func apply(
        one operation: JSONValue, to document: JSONValue
    ) throws(APIFailure) -> JSONValue {
        let kind = operation["op"]?.string ?? ""
        let path = try pointer(operation["path"])
        switch kind {
        case "add":
            return try edit(document, path[...], .add(operation["value"] ?? .null))
        case "replace":
            guard value(at: path, in: document) != nil else { throw missing(operation) }
            return try edit(document, path[...], .replace(operation["value"] ?? .null))
        case "remove":
            guard value(at: path, in: document) != nil else { throw missing(operation) }
            return try edit(document, path[...], .remove)
        case "test":
            let found = value(at: path, in: document)
            guard found == operation["value"] || (found == nil && operation["value"] == .null)
            else {
                throw APIFailure(
                    .invalid,
                    "the server rejected our request due to an error in our request: "
                        + "testing value \(operation["path"]?.string ?? "") failed")
            }
            return document
        case "move", "copy":
            let from = try pointer(operation["from"])
            guard let moved = value(at: from, in: document) else { throw missing(operation) }
            let rest = kind == "move" ? try edit(document, from[...], .remove) : document
            return try edit(rest, path[...], .add(moved))
        default:
            throw APIFailure(.badRequest, "error decoding patch: unknown operation \(kind)")
        }
    }

    private enum Edit {
        case add(JSONValue)
        case replace(JSONValue)
        case remove
    }

    private static func edit(
        _ node: JSONValue, _ path: ArraySlice<String>, _ change: Edit
    ) throws(APIFailure) -> JSONValue {
        guard let key = path.first else {
            switch change {
            case .add(let value), .replace(let value): return value
            case .remove: return .null
            }
        }
        let rest = path.dropFirst()
        switch node {
        case .object(var members):
            if rest.isEmpty {
                switch change {
                case .add(let value), .replace(let value): members[key] = value
                case .remove: members[key] = nil
                }
            } else {
                guard let child = members[key] else { throw missing(path: key) }
                members[key] = try edit(child, rest, change)
            }
            return .object(members)
        case .array(var items):
            let index = key == "-" ? items.count : Int(key) ?? -1
            guard index >= 0, index <= items.count else { throw missing(path: key) }
            if rest.isEmpty {
                switch change {
                case .add(let value): items.insert(value, at: index)
                case .replace(let value):
                    guard index < items.count else { throw missing(path: key) }
                    items[index] = value
                case .remove:
                    guard index < items.count else { throw missing(path: key) }
                    items.remove(at: index)
                }
            } else {
                guard index < items.count else { throw missing(path: key) }
                items[index] = try edit(items[index], rest, change)
            }
            return .array(items)
        default: throw missing(path: key)
        }
    }

    private static func value(at path: [String], in document: JSONValue) -> JSONValue? {
        path.reduce(Optional(document)) { node, key in
            if let items = node?.array {
                guard let index = Int(key), items.indices.contains(index) else { return nil }
                return items[index]
            }
            return node?[key]
        }
    }

    private static func pointer(_ value: JSONValue?) throws(APIFailure) -> [String] {
        guard let text = value?.string, text.isEmpty || text.hasPrefix("/") else {
            throw APIFailure(.badRequest, "error decoding patch: a JSON pointer expected")
        }
        return text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    private static func missing(_ operation: JSONValue) -> APIFailure {
        missing(path: operation["path"]?.string ?? "")
    }

    private static func missing(path: String) -> APIFailure {
        APIFailure(
            .invalid,
            "the server rejected our request due to an error in our request: "
                + "doc is missing path: \(path)")
    }
}
