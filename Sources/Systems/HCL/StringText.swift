/// Strings between their written and their real form.
enum StringText {
    /// The characters that a piece of a quoted string stands for.
    static func decode(_ bytes: [UInt8], _ range: Range<Int>) throws(SyntaxError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                index = try decodeEscape(bytes, at: index, end: range.upperBound, into: &result)
            } else if isIntroducerEscape(bytes, at: index, end: range.upperBound) {
                result.append(byte)
                result.append(UInt8(ascii: "{"))
                index += 3
            } else {
                result.append(byte)
                index += 1
            }
        }
        return result
    }

    /// The characters of a line of a heredoc, where a backslash means itself.
    static func decodeHeredoc(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            result.append(bytes[index])
            if isIntroducerEscape(bytes, at: index, end: range.upperBound) {
                result.append(UInt8(ascii: "{"))
                index += 2
            }
            index += 1
        }
        return result
    }

    /// A text as Terraform's own encoder writes it, with its quotes.
    static func quoted(_ text: String) -> [UInt8] {
        var result = "\""
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "$", "%":
                result.unicodeScalars.append(scalar)
                if scalars.first == "{" { result.unicodeScalars.append(scalar) }
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += escape(scalar)
                }
            }
        }
        return Array((result + "\"").utf8)
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        let isShort = scalar.value < 0x10000
        let zeros = String(repeating: "0", count: max(0, (isShort ? 4 : 8) - hex.count))
        return (isShort ? "\\u" : "\\U") + zeros + hex
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }

    /// `$${` or `%%{`, of which the first character only protects the rest.
    private static func isIntroducerEscape(_ bytes: [UInt8], at index: Int, end: Int) -> Bool {
        let byte = bytes[index]
        guard byte == UInt8(ascii: "$") || byte == UInt8(ascii: "%"), index + 2 < end else {
            return false
        }
        return bytes[index + 1] == byte && bytes[index + 2] == UInt8(ascii: "{")
    }

    private static func decodeEscape(
        _ bytes: [UInt8], at index: Int, end: Int, into result: inout [UInt8]
    ) throws(SyntaxError) -> Int {
        let selector = index + 1 < end ? bytes[index + 1] : 0
        switch selector {
        case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(selector)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let length = selector == UInt8(ascii: "u") ? 4 : 8
            let digits = bytes[(index + 2)..<end].prefix(length)
            let hex = String(decoding: digits, as: UTF8.self)
            guard digits.count == length, digits.allSatisfy(isHexDigit),
                let value = UInt32(hex, radix: 16)
            else {
                throw invalid(
                    "The \\\(length == 4 ? "u" : "U") escape sequence must be followed by "
                        + "\(length == 4 ? "four" : "eight") hexadecimal digits.", at: index)
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw invalid("Cannot encode character U+\(hex) in UTF-8.", at: index)
            }
            result.append(contentsOf: String(Character(scalar)).utf8)
            return index + 2 + length
        default:
            let length = UTF8Bytes.looseLength(in: bytes, at: min(index + 1, bytes.count - 1))
            let stop = min(end, index + 1 + max(1, length))
            let symbol = String(decoding: bytes[min(index + 1, stop)..<stop], as: UTF8.self)
            throw invalid(
                "The symbol \"\(symbol)\" is not a valid escape sequence selector.", at: index)
        }
        return index + 2
    }

    private static func invalid(_ detail: String, at index: Int) -> SyntaxError {
        SyntaxError("Invalid escape sequence", detail, at: index)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
