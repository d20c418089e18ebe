import Model

/// A cursor over the bytes of one document.
struct JSONReader {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at >= bytes.count }
    var current: UInt8? { at < bytes.count ? bytes[at] : nil }

    func malformed(_ what: String) -> JSONText.Malformed { .init(offset: at, what: what) }

    mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { at += 1 }
    }

    mutating func value(depth: Int) throws(JSONText.Malformed) -> JSONValue {
        guard depth < 200 else { throw malformed("nested too deep") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some: return try number()
        case nil: throw malformed("the document ends too early")
        }
    }

    private mutating func object(depth: Int) throws(JSONText.Malformed) -> JSONValue {
        at += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if current == UInt8(ascii: "}") {
            at += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw malformed("a member's name expected") }
            let key = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw malformed("':' expected") }
            at += 1
            members[key] = try value(depth: depth + 1)
            skipSpace()
            if try closes(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONText.Malformed) -> JSONValue {
        at += 1
        var items: [JSONValue] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            at += 1
            return .array(items)
        }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if try closes(UInt8(ascii: "]")) { return .array(items) }
        }
    }

    /// Steps over a comma (false) or the closing mark (true).
    private mutating func closes(_ mark: UInt8) throws(JSONText.Malformed) -> Bool {
        guard let byte = current, byte == mark || byte == UInt8(ascii: ",") else {
            throw malformed("',' expected")
        }
        at += 1
        return byte == mark
    }

    private mutating func word(
        _ text: StaticString, _ value: JSONValue
    ) throws(JSONText.Malformed) -> JSONValue {
        let expected = Array(text.description.utf8)
        guard at + expected.count <= bytes.count,
            bytes[at..<at + expected.count].elementsEqual(expected)
        else { throw malformed("unknown word") }
        at += expected.count
        return value
    }

    private mutating func number() throws(JSONText.Malformed) -> JSONValue {
        let start = at
        while let byte = current, Self.numberBytes.contains(byte) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if let whole = Int64(text) { return .integer(whole) }
        if let number = Double(text), number.isFinite { return .number(number) }
        throw malformed("unexpected character")
    }

    private mutating func string() throws(JSONText.Malformed) -> String {
        at += 1
        var out: [UInt8] = []
        while let byte = current {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &out)
            default: out.append(byte)
            }
        }
        throw malformed("a string without an end")
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONText.Malformed) {
        guard let byte = current else { throw malformed("a string without an end") }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), at + 1 < bytes.count,
                bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u")
            {
                at += 2
                let low = try hexadecimal()
                code = 0x10000 + ((code - 0xD800) << 10) + ((low &- 0xDC00) & 0x3FF)
            }
            let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
            out.append(contentsOf: String(Character(scalar)).utf8)
        default: out.append(byte)
        }
    }

    private mutating func hexadecimal() throws(JSONText.Malformed) -> UInt32 {
        guard at + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw malformed("four hexadecimal digits expected") }
        at += 4
        return code
    }

    private static let numberBytes = Set("+-0123456789.eE".utf8)
}
