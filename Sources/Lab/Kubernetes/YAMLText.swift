import Model
import Yams

/// YAML bodies, as `application/apply-patch+yaml` allows them.
enum YAMLText {
    static func parse(_ bytes: [UInt8]) throws(APIFailure) -> JSONValue {
        let node: Node?
        do {
            node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw APIFailure(.badRequest, "error decoding YAML")
        }
        guard let node else { throw APIFailure(.badRequest, "error decoding YAML: no document") }
        return value(node, depth: 0)
    }

    private static func value(_ node: Node, depth: Int) -> JSONValue {
        guard depth < 200 else { return .null }
        switch node {
        case .mapping(let mapping):
            var members: [String: JSONValue] = [:]
            for (key, member) in mapping {
                members[key.string ?? ""] = value(member, depth: depth + 1)
            }
            return .object(members)
        case .sequence(let sequence): return .array(sequence.map { value($0, depth: depth + 1) })
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else {
                return .string(scalar.string)
            }
            return plain(scalar.string)
        case .alias: return .null
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default:
            if let whole = Int64(text) {
                .integer(whole)
            } else if let first = text.utf8.first, first <= UInt8(ascii: "9"),
                let number = Double(text), number.isFinite
            {
                .number(number)
            } else {
                .string(text)
            }
        }
    }
}
