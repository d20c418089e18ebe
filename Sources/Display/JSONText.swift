import Model

/// JSON documents as text (RFC 8259), with keys in a fixed order.
enum JSONText {
    /// On one line.
    static func line(_ value: JSONValue) -> String { text(value, depth: nil) }

    /// Over several lines, indented by two; what holds nothing or only scalars stays on one.
    static func document(_ value: JSONValue) -> String { text(value, depth: 0) }

    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    private static func text(_ value: JSONValue, depth: Int?) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        case .number(let number): number.isFinite ? "\(number)" : "null"
        case .string(let text): quoted(text)
        case .array(let items):
            enclosed("[", "]", depth: items.contains(where: isNested) ? depth : nil) { depth in
                items.map { text($0, depth: depth) }
            }
        case .object(let members):
            enclosed("{", "}", depth: members.isEmpty ? nil : depth) { inner in
                let colon = depth == nil ? ":" : ": "
                return members.sorted { $0.key < $1.key }.map { key, value in
                    quoted(key) + colon + text(value, depth: inner)
                }
            }
        }
    }

    private static func isNested(_ value: JSONValue) -> Bool {
        value.array != nil || value.object != nil
    }

    private static func enclosed(
        _ open: String, _ close: String, depth: Int?, parts: (Int?) -> [String]
    ) -> String {
        guard let depth else { return open + parts(nil).joined(separator: ",") + close }
        let margin = String(repeating: "  ", count: depth + 1)
        let body = parts(depth + 1).map { margin + $0 }.joined(separator: ",\n")
        return "\(open)\n\(body)\n\(String(margin.dropLast(2)))\(close)"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 32 || scalar.value == 127:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
