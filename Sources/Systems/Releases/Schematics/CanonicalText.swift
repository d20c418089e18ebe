import Model

/// Writes YAML as go-yaml does: block style, four columns a level, lists indented under their key.
struct CanonicalText {
    /// A document with its mappings in order.
    indirect enum Tree {
        case string(String)
        /// Written as it is.
        case plain(String)
        case list([Tree])
        case mapping([(key: String, value: Tree)])
    }

    private let emitter: YAMLEmitter

    init(_ emitter: YAMLEmitter) { self.emitter = emitter }

    /// The document, ending in one newline.
    func document(_ members: [(key: String, value: Tree)]) -> String {
        mapping(members, column: 0, isInline: true) + "\n"
    }

    /// The document on one line, every string in double quotes: what any reader understands.
    func flow(_ members: [(key: String, value: Tree)]) -> String { flow(.mapping(members)) + "\n" }

    private func flow(_ tree: Tree) -> String {
        switch tree {
        case .string(let text): ScalarText(text, emitter).doubleQuoted
        case .plain(let text): text
        case .list(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
        case .mapping(let members):
            "{"
                + members.map { ScalarText($0.key, emitter).doubleQuoted + ": " + flow($0.value) }
                .joined(separator: ", ") + "}"
        }
    }

    private func mapping(
        _ members: [(key: String, value: Tree)], column: Int, isInline: Bool
    ) -> String {
        members.enumerated().map { index, member in
            let margin = index == 0 && isInline ? "" : Self.blanks(column)
            let key = ScalarText(member.key, emitter).written(indent: column, isKey: true)
            return margin + key + ":" + value(member.value, under: column)
        }.joined(separator: "\n")
    }

    private func value(_ tree: Tree, under column: Int) -> String {
        let inner = 4 * ((column + 4) / 4)
        switch tree {
        case .mapping(let members) where !members.isEmpty:
            return "\n" + mapping(members, column: inner, isInline: false)
        case .list(let items) where !items.isEmpty:
            return "\n" + list(items, column: inner, isInline: false)
        default: return " " + leaf(tree, indent: inner)
        }
    }

    private func list(_ items: [Tree], column: Int, isInline: Bool) -> String {
        items.enumerated().map { index, item in
            let margin = index == 0 && isInline ? "" : Self.blanks(column)
            return margin + "- " + element(item, column: column + 2)
        }.joined(separator: "\n")
    }

    private func element(_ tree: Tree, column: Int) -> String {
        switch tree {
        case .mapping(let members) where !members.isEmpty:
            mapping(members, column: column, isInline: true)
        case .list(let items) where !items.isEmpty: list(items, column: column, isInline: true)
        default: leaf(tree, indent: column)
        }
    }

    private func leaf(_ tree: Tree, indent: Int) -> String {
        switch tree {
        case .string(let text): ScalarText(text, emitter).written(indent: indent)
        case .plain(let text): text
        case .list: "[]"
        case .mapping: "{}"
        }
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension CanonicalText.Tree {
    /// A free-form value, its keys in go-yaml's order.
    init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .plain("null")
            case .bool(let flag): .plain(flag ? "true" : "false")
            case .integer(let number): .plain("\(number)")
            case .number(let number): .plain(NumberText.text(number))
            case .string(let text): .string(text)
            case .array(let items): .list(items.map(Self.init))
            case .object(let members): .mapping(Self.members(members))
            }
    }

    static func members(_ members: [String: JSONValue]) -> [(key: String, value: Self)] {
        members.keys.sorted(by: KeyOrder.precedes).map { ($0, Self(members[$0] ?? .null)) }
    }
}

/// The order of keys in a free-form mapping: letters by code point, what is no letter before
/// letters, runs of digits by value. Source: go-yaml `sorter.go`.
enum KeyOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        let a = Array(left.unicodeScalars)
        let b = Array(right.unicodeScalars)
        var digits = false
        for index in 0..<min(a.count, b.count) {
            if a[index] == b[index] {
                digits = isDigit(a[index])
                continue
            }
            switch (a[index].properties.isAlphabetic, b[index].properties.isAlphabetic) {
            case (true, true): return a[index].value < b[index].value
            case (true, false): return digits
            case (false, true): return !digits
            case (false, false): return numbers(a, b, from: index)
            }
        }
        return a.count < b.count
    }

    private static func numbers(
        _ a: [Unicode.Scalar], _ b: [Unicode.Scalar], from index: Int
    ) -> Bool {
        var start: Int64 = 0
        if a[index] == "0" || b[index] == "0" {
            let before = a[..<index].reversed().prefix(while: isDigit)
            if before.contains(where: { $0 != "0" }) { start = 1 }
        }
        let (an, aEnd) = number(a, from: index, start)
        let (bn, bEnd) = number(b, from: index, start)
        if an != bn { return an < bn }
        if aEnd != bEnd { return aEnd < bEnd }
        return a[index].value < b[index].value
    }

    /// Wraps around on very long runs, as Go's integers do.
    private static func number(
        _ text: [Unicode.Scalar], from index: Int, _ start: Int64
    ) -> (value: Int64, end: Int) {
        var value = start
        var end = index
        while end < text.count, isDigit(text[end]) {
            value = value &* 10 &+ (Int64(text[end].value) - 48)
            end += 1
        }
        return (value, end)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        (48...57).contains(scalar.value)
    }
}

/// Floating-point numbers as Go's `FormatFloat(x, 'g', -1, 64)` writes them.
enum NumberText {
    static func text(_ number: Double) -> String {
        if number.isNaN { return ".nan" }
        if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
        if number == 0 { return number.sign == .minus ? "-0" : "0" }
        let (digits, exponent) = shortest(number.magnitude)
        let sign = number < 0 ? "-" : ""
        if exponent < -4 || exponent >= 6 {
            let head = String(digits.prefix(1))
            let tail = digits.count > 1 ? "." + digits.dropFirst() : ""
            let size = "\(exponent.magnitude)"
            return sign + head + tail + "e" + (exponent < 0 ? "-" : "+")
                + (size.count < 2 ? "0" : "") + size
        }
        if exponent < 0 {
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
        }
        let whole = digits.prefix(exponent + 1)
        let zeros = String(repeating: "0", count: max(0, exponent + 1 - digits.count))
        let rest = digits.dropFirst(exponent + 1)
        return sign + whole + zeros + (rest.isEmpty ? "" : "." + rest)
    }

    /// The significant digits, without zeros around them, and the power of ten of the first.
    private static func shortest(_ number: Double) -> (digits: String, exponent: Int) {
        let halves = "\(number)".split(separator: "e", maxSplits: 1)
        let mantissa = halves.first ?? "0"
        var exponent = halves.count > 1 ? Int(halves[1]) ?? 0 : 0
        let point = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        var digits = point.joined()
        exponent += (point.first?.count ?? 1) - 1
        while digits.hasPrefix("0"), digits.count > 1 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
        return (digits, exponent)
    }
}
