/// Numbers as they are written.
enum NumberText {
    /// Digits, an optional fraction and an optional exponent, without a sign.
    static func isValid(_ text: ArraySlice<UInt8>) -> Bool { parts(text) != nil }

    /// A number with an optional minus in front, as one value of a file.
    static func isValidValue(_ text: String) -> Bool {
        let bytes = ArraySlice(text.utf8)
        let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
        guard let last = digits.last, isDigit(last) else { return false }
        return isValid(digits)
    }

    /// The number as Terraform turns it into a string: no exponent, no needless zeros. Nil when
    /// that would be absurdly long.
    static func canonical(_ text: ArraySlice<UInt8>) -> String? {
        let isNegative = text.first == UInt8(ascii: "-")
        guard let parts = parts(isNegative ? text.dropFirst() : text),
            (-longestExponent...longestExponent).contains(parts.exponent)
        else { return nil }
        var digits = Array(parts.whole) + Array(parts.fraction)
        var point = parts.whole.count + parts.exponent
        while let first = digits.first, first == UInt8(ascii: "0") {
            digits.removeFirst()
            point -= 1
        }
        while let last = digits.last, last == UInt8(ascii: "0") { digits.removeLast() }
        // Terraform keeps the sign of nothing.
        guard !digits.isEmpty else { return isNegative ? "-0" : "0" }
        let zero = UInt8(ascii: "0")
        if point <= 0 {
            digits.insert(contentsOf: Array(repeating: zero, count: 1 - point), at: 0)
            point = 1
        } else if point > digits.count {
            digits.append(contentsOf: Array(repeating: zero, count: point - digits.count))
        }
        if point < digits.count { digits.insert(UInt8(ascii: "."), at: point) }
        return (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }

    private static let longestExponent = 4096

    private struct Parts {
        let whole: ArraySlice<UInt8>
        let fraction: ArraySlice<UInt8>
        let exponent: Int
    }

    private static func parts(_ text: ArraySlice<UInt8>) -> Parts? {
        var rest = text
        let whole = rest.prefix(while: isDigit)
        guard !whole.isEmpty else { return nil }
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        var exponent = 0
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            // Nine digits: a larger exponent makes no number that anything could use.
            guard rest.count <= 10,
                let value = Int(String(decoding: rest, as: UTF8.self))
            else { return nil }
            exponent = value
            rest = rest.dropFirst(rest.count)
        }
        return rest.isEmpty ? Parts(whole: whole, fraction: fraction, exponent: exponent) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
