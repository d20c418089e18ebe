extension HCLValue {
    /// The value as JSON on one line, keys in order, numbers with every digit. What has to be
    /// evaluated is a string that holds its source.
    package var json: String { String(decoding: jsonBytes, as: UTF8.self) }

    private var jsonBytes: [UInt8] {
        switch self {
        case .null: Array("null".utf8)
        case .bool(let flag): Array((flag ? "true" : "false").utf8)
        case .number(let text):
            Array((NumberText.canonical(ArraySlice(text.utf8)) ?? text).utf8)
        case .string(let text), .expression(let text): JSONText.quoted(text)
        case .list(let elements):
            Self.enclosed("[", elements.map(\.jsonBytes), "]")
        case .object(let members):
            Self.enclosed(
                "{",
                members.sorted { $0.key < $1.key }.map {
                    JSONText.quoted($0.key) + [UInt8(ascii: ":")] + $0.value.jsonBytes
                }, "}")
        }
    }

    private static func enclosed(_ open: String, _ parts: [[UInt8]], _ close: String) -> [UInt8] {
        Array(open.utf8) + parts.joined(separator: [UInt8(ascii: ",")]) + Array(close.utf8)
    }
}
