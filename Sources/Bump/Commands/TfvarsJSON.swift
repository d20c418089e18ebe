import Foundation
import HCL

/// A value of a variables file as JSON, or as plain text for people and shells.
enum TfvarsJSON {
    static func text(_ value: HCLValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Shell(value: value)), as: UTF8.self)
    }

    /// A string without its quotes; anything else as JSON.
    static func plain(_ value: HCLValue) -> String {
        if case .string(let text) = value { return text }
        if case .expression(let source) = value { return source }
        return (try? text(value)) ?? ""
    }

    private struct Shell: Encodable {
        let value: HCLValue

        func encode(to encoder: any Encoder) throws {
            switch value {
            case .object(let members):
                var container = encoder.container(keyedBy: Key.self)
                for member in members {
                    try container.encode(Shell(value: member.value), forKey: Key(member.key))
                }
            case .list(let elements):
                var container = encoder.unkeyedContainer()
                for element in elements { try container.encode(Shell(value: element)) }
            case .string(let text), .expression(let text):
                try scalar(text, encoder)
            case .number(let text):
                if let whole = Int64(text) {
                    try scalar(whole, encoder)
                } else if let number = Double(text), number.isFinite {
                    try scalar(number, encoder)
                } else {
                    try scalar(text, encoder)
                }
            case .bool(let flag): try scalar(flag, encoder)
            case .null:
                var container = encoder.singleValueContainer()
                try container.encodeNil()
            }
        }

        private func scalar(_ value: some Encodable, _ encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(value)
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
