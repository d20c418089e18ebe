/// What a plain YAML scalar means to go-yaml, the library the Image Factory reads and writes with.
///
/// Source: go-yaml v3 `resolve.go`.
enum PlainScalar: Equatable {
    case string
    case null
    case bool(Bool)
    case integer(Int64)
    /// Too large for 64 bits with a sign.
    case unsigned(UInt64)
    case float(Double)
    case timestamp
    /// `<<`.
    case merge

    init(_ text: String) {
        if let word = Self.words[text] {
            self = word
            return
        }
        guard let first = text.utf8.first, Self.mayBeNumber(first) else {
            self = .string
            return
        }
        if first == UInt8(ascii: ".") {
            self = Self.float(text).map(Self.float) ?? .string
        } else if Self.isTimestamp(text) {
            self = .timestamp
        } else {
            let plain = text.filter { $0 != "_" }
            self = Self.whole(plain) ?? Self.float(plain).map(Self.float) ?? .string
        }
    }

    /// `12:30`: a number to YAML 1.1, which the library quotes out of caution.
    static func isBase60(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1, var head = parts.first, let last = parts.last else { return false }
        if head.first == "+" || head.first == "-" { head = head.dropFirst() }
        guard let digit = head.utf8.first, isDigit(digit),
            head.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") })
        else { return false }
        let middle = parts.dropFirst().dropLast()
        let end = last.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds = end.first else { return false }
        return (middle + [seconds]).allSatisfy(isSixtieth)
            && end.dropFirst().allSatisfy {
                $0.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
            }
    }

    /// `yes`, `off` and their like: booleans to YAML 1.1.
    static func isOldBoolean(_ text: String) -> Bool { oldBooleans.contains(text) }

    private static func isSixtieth(_ text: Substring) -> Bool {
        let digits = Array(text.utf8)
        guard digits.allSatisfy(isDigit) else { return false }
        return digits.count == 1 || (digits.count == 2 && digits[0] <= UInt8(ascii: "5"))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func mayBeNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
    }

    /// Decimal, `0x`, `0o`, `0b`, and octal with a mere leading zero.
    private static func whole(_ text: String) -> PlainScalar? {
        var digits = text[...]
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        var radix = 10
        let lower = digits.prefix(2).lowercased()
        if let marked = ["0x": 16, "0o": 8, "0b": 2][lower] {
            radix = marked
            digits = digits.dropFirst(2)
        } else if digits.first == "0", digits.utf8.count > 1 {
            radix = 8
            digits = digits.dropFirst()
        }
        guard let first = digits.first, first != "+", first != "-",
            let size = UInt64(digits, radix: radix)
        else { return nil }
        if isNegative {
            return size <= UInt64(Int64.max) + 1
                ? .integer(Int64(truncatingIfNeeded: 0 &- size)) : nil
        }
        return Int64(exactly: size).map(PlainScalar.integer) ?? .unsigned(size)
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func float(_ text: String) -> Double? {
        var rest = Array(text.utf8)[...]
        func takeDigits() -> Int {
            let digits = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(digits)
            return digits
        }
        func take(_ characters: String) -> Bool {
            guard let next = rest.first, characters.utf8.contains(next) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take("+-")
        let before = takeDigits()
        let after = take(".") ? takeDigits() : 0
        guard before + after > 0 else { return nil }
        if take("eE") {
            _ = take("+-")
            guard takeDigits() > 0 else { return nil }
        }
        guard rest.isEmpty, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// `2024-01-31`, also with a time of day behind `T`, `t` or a blank.
    private static func isTimestamp(_ text: String) -> Bool {
        let date = text.prefix { $0 != "T" && $0 != "t" && $0 != " " }
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, let year = number(parts[0]),
            parts[1].utf8.count <= 2, parts[2].utf8.count <= 2, let month = number(parts[1]),
            let day = number(parts[2]), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return false }
        let rest = text[date.endIndex...]
        guard let mark = rest.first else { return true }
        return isTimeOfDay(rest.dropFirst(), needsZone: mark != " ")
    }

    private static func isTimeOfDay(_ text: Substring, needsZone: Bool) -> Bool {
        var clock = text
        if needsZone {
            guard let zone = clock.firstIndex(where: { "Z+-".contains($0) }) else { return false }
            clock = clock[..<zone]
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0]), let minute = number(parts[1]),
            let second = number(parts[2].prefix { $0 != "." })
        else { return false }
        return hour < 24 && minute < 60 && second < 60
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy(isDigit) && (1...4).contains(text.utf8.count) ? Int(text) : nil
    }

    private static let words: [String: PlainScalar] = [
        "": .null, "~": .null, "null": .null, "Null": .null, "NULL": .null, "true": .bool(true),
        "True": .bool(true), "TRUE": .bool(true), "false": .bool(false), "False": .bool(false),
        "FALSE": .bool(false), ".nan": .float(.nan), ".NaN": .float(.nan), ".NAN": .float(.nan),
        ".inf": .float(.infinity), ".Inf": .float(.infinity), ".INF": .float(.infinity),
        "+.inf": .float(.infinity), "+.Inf": .float(.infinity), "+.INF": .float(.infinity),
        "-.inf": .float(-.infinity), "-.Inf": .float(-.infinity), "-.INF": .float(-.infinity),
        "<<": .merge,
    ]

    private static let oldBooleans: Set<String> = [
        "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off",
        "OFF",
    ]
}
