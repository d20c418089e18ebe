/// The name a node has in Kubernetes and as a Talos host, such as `demo-worker-1`.
package struct NodeName: Hashable, Sendable, Comparable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    package let text: String
    /// By which it is found: names are the keys of most tables, and are looked for far more often
    /// than they are made.
    package let hash: UInt64
    package init(_ text: String) {
        self.text = text
        hash = StableHash.of(text)
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
    package static func == (left: NodeName, right: NodeName) -> Bool {
        left.hash == right.hash && left.text == right.text
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
    /// Orders `worker-2` before `worker-10`: runs of digits compare as numbers.
    package static func < (left: NodeName, right: NodeName) -> Bool {
        NaturalOrder.precedes(left.text, right.text)
    }
}

/// Where a node's Talos API answers: an IP address or host name, without port (the port is 50000).
package struct NodeAddress: Hashable, Sendable, Comparable, Codable, CustomStringConvertible,
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
    package static func < (left: NodeAddress, right: NodeAddress) -> Bool {
        NaturalOrder.precedes(left.text, right.text)
    }
}

/// The id of an Image Factory schematic: 64 lower-case hex digits.
package struct SchematicID: Hashable, Sendable, Codable, CustomStringConvertible {
    package var text: String

    /// The schematic without any customisation.
    /// Source: Image Factory, the id of `customization: {}`.
    package static let empty = SchematicID(
        unchecked: "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba")

    /// Nil unless `text` is 64 hex digits.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64 else { return nil }
        var isLower = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): break
            case UInt8(ascii: "A")...UInt8(ascii: "F"): isLower = false
            default: return nil
            }
        }
        self.text = isLower ? String(text) : text.lowercased()
    }

    private init(unchecked text: String) { self.text = text }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = SchematicID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a schematic id"))
        }
        self = id
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }
    /// The first twelve digits, enough to tell two schematics apart on screen.
    package var short: String { String(text.prefix(12)) }
}

/// What a node is for. The raw value is the word of `bump status --json`.
package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case controlPlane = "control-plane"
    case worker
}

/// Names one run of `bump` that may change something: `20261122-183012-7f3a`.
package struct RunID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package var text: String
    package init(_ text: String) { self.text = text }
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
    package var description: String { text }
    package static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }
}
