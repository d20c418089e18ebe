/// `metadata.uid` of a Kubernetes object.
package struct ObjectUID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The first eight bytes of the text, by which it is found: uids are random, their beginnings
    /// differ.
    package let beginning: UInt64
    package let text: String
    package init(_ text: String) {
        self.text = text
        beginning = text.utf8.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    package init(stringLiteral value: String) { self.init(value) }
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
    package var description: String { text }
    package func hash(into hasher: inout Hasher) { hasher.combine(beginning) }
    package static func < (left: ObjectUID, right: ObjectUID) -> Bool { left.text < right.text }
}
