/// `metadata.uid` of a Kubernetes object.
package struct ObjectUID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    package var text: String
    package init(_ text: String) { self.text = text }
    package init(stringLiteral value: String) { text = value }
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
    package var description: String { text }
    /// Uids are random: their beginnings differ.
    package func hash(into hasher: inout Hasher) {
        var word: UInt64 = 0
        for byte in text.utf8.prefix(8) { word = word << 8 | UInt64(byte) }
        hasher.combine(word)
    }
    package static func < (left: ObjectUID, right: ObjectUID) -> Bool { left.text < right.text }
}
