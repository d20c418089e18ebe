/// JSON strings and numbers (RFC 8259).
enum JSONText {
    /// The text of the inside of a JSON string, or nil when it is malformed. Surrogates without a
    /// partner become U+FFFD, as in Terraform.
    static func decode(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            guard byte >= 0x20 else { return nil }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                index += 1
                continue
            }
            guard index + 1 < range.upperBound else { return nil }
            switch bytes[index + 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
                result.append(bytes[index + 1])
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard let next = decodeUnit(bytes, at: index, range.upperBound, into: &result)
                else { return nil }
                index = next
                continue
            default: return nil
            }
            index += 2
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func decodeUnit(
        _ bytes: [UInt8], at index: Int, _ end: Int, into result: inout [UInt8]
    ) -> Int? {
        guard let first = unit(bytes, at: index, end) else { return nil }
        var next = index + 6
        var value = UInt32(first)
        if first & 0xFC00 == 0xD800, let second = unit(bytes, at: next, end),
            second & 0xFC00 == 0xDC00
        {
            value = 0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF)
            next += 6
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        result.append(contentsOf: String(Character(scalar)).utf8)
        return next
    }

    private static func unit(_ bytes: [UInt8], at index: Int, _ end: Int) -> UInt16? {
        guard index + 6 <= end, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u"),
            bytes[(index + 2)..<(index + 6)].allSatisfy({ $0 != UInt8(ascii: "+") })
        else { return nil }
        return UInt16(String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
    }

    /// A text as a JSON string, with its quotes.
    static func quoted(_ text: String) -> [UInt8] {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 0x0A: result += Array("\\n".utf8)
            case 0x0D: result += Array("\\r".utf8)
            case 0x09: result += Array("\\t".utf8)
            case ..<0x20:
                let hex = String(byte, radix: 16)
                result += Array("\\u00".utf8) + Array((hex.count == 1 ? "0" : "").utf8)
                result += Array(hex.utf8)
            default: result.append(byte)
            }
        }
        return result + [UInt8(ascii: "\"")]
    }

    /// A number in JSON's stricter form.
    static func isNumber(_ text: String) -> Bool { isNumber(ArraySlice(text.utf8)) }

    static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        guard NumberText.isValid(digits), let last = digits.last, last != UInt8(ascii: ".") else {
            return false
        }
        let second = digits.dropFirst().first ?? UInt8(ascii: ".")
        if digits.first == UInt8(ascii: "0"), second >= UInt8(ascii: "0"),
            second <= UInt8(ascii: "9")
        {
            return false
        }
        // A digit has to follow the point.
        guard let point = digits.firstIndex(of: UInt8(ascii: ".")) else { return true }
        let next = digits[point + 1]
        return next >= UInt8(ascii: "0") && next <= UInt8(ascii: "9")
    }
}
