import Model
import Yams

extension JSONValue {
    /// YAML as Talos writes it (go-yaml v3: YAML 1.2 words, anything else of a string's look in
    /// quotes). Nil when it is nested deeper than a hundred levels or has a key that is no text.
    init?(yaml node: Node, depth: Int = 0) {
        guard depth < 100 else { return nil }
        switch node {
        case .scalar(let scalar):
            self = Self.scalar(scalar)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            for item in sequence {
                guard let value = JSONValue(yaml: item, depth: depth + 1) else { return nil }
                items.append(value)
            }
            self = .array(items)
        case .mapping(let mapping):
            var members: [String: JSONValue] = [:]
            for (key, value) in mapping {
                guard let name = key.string, let value = JSONValue(yaml: value, depth: depth + 1)
                else { return nil }
                members[name] = value
            }
            self = .object(members)
        case .alias:
            return nil
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> JSONValue {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first,
            (0x30...0x39).contains(first) || first == UInt8(ascii: "-")
        else { return .string(text) }
        if let whole = Int64(text) { return .integer(whole) }
        let isNumber = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0)
        }
        return isNumber ? Double(text).map { .number($0) } ?? .string(text) : .string(text)
    }
}
