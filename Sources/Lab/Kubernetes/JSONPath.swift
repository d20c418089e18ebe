import Model

/// The little of JSONPath that printer columns use: `.a.b`, `.a[?(@.type=="Ready")].status`.
enum JSONPath {
    static func value(_ path: String, in object: JSONValue) -> JSONValue? {
        var node: JSONValue? = object
        var rest = path[...]
        while let character = rest.first, node != nil {
            if character == "[" {
                let end = rest.firstIndex(of: "]") ?? rest.index(before: rest.endIndex)
                node = element(rest[..<end], of: node)
                rest = rest[rest.index(after: end)...]
            } else {
                if character == "." { rest.removeFirst() }
                let key = rest.prefix { $0 != "." && $0 != "[" }
                if !key.isEmpty { node = node?[String(key)] }
                rest = rest.dropFirst(key.count)
            }
        }
        return node
    }

    private static func element(_ text: Substring, of node: JSONValue?) -> JSONValue? {
        let inner = text.filter { !"[]?()@'\" ".contains($0) }
        if let range = inner.firstRange(of: "==") {
            let key = inner[..<range.lowerBound].filter { $0 != "." }
            let wanted = String(inner[range.upperBound...])
            return node?.array?.first { $0[String(key)]?.string == wanted }
        }
        guard let index = Int(inner), let items = node?.array, items.indices.contains(index) else {
            return nil
        }
        return items[index]
    }
}
