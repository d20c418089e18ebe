import Foundation

/// The style in which go-yaml v3 writes a string. Source: yaml/go-yaml v3.0.4, emitter and
/// resolver.
enum YAMLScalarStyle {
    /// `indent` is the level of the key in front, for literal blocks.
    static func inline(_ text: String, indent: Int) -> String {
        if text.isEmpty { return "\"\"" }
        if text.unicodeScalars.contains(where: isSpecial) { return doubleQuoted(text) }
        if text.contains("\n") {
            let hasBlankBeforeBreak = text.contains(" \n") || text.hasSuffix(" ")
            return hasBlankBeforeBreak ? doubleQuoted(text) : literal(text, indent: indent)
        }
        if looksTyped(text) { return doubleQuoted(text) }
        if isPlain(text) { return text }
        return "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
    }

    /// Whether a plain scalar of this text is no string.
    static func looksTyped(_ text: String) -> Bool {
        let words: Set = [
            "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf",
            "+.inf", ".nan",
        ]
        let isUsual = [text.lowercased(), text.uppercased(), text.capitalized].contains(text)
        if isUsual, words.contains(text.lowercased()) { return true }
        let digits = text.replacingOccurrences(of: "_", with: "")
        return isNumber(digits) || matches(text, "[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?")
            || matches(
                text,
                "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
                    + "([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]+)?.*)?")
    }

    private static func isNumber(_ text: String) -> Bool {
        matches(text, "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")
            || matches(text, "[-+]?0[xX][0-9a-fA-F]+") || matches(text, "[-+]?0[oO][0-7]+")
            || matches(text, "[-+]?0[bB][01]+")
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: "^(\(pattern))$", options: .regularExpression) != nil
    }

    private static func isPlain(_ text: String) -> Bool {
        if text.hasPrefix("---") || text.hasPrefix("...") || text.hasPrefix(" ")
            || text.hasSuffix(" ") || text.contains(": ") || text.hasSuffix(":")
            || text.contains(" #")
        {
            return false
        }
        guard let first = text.first else { return false }
        if "#,[]{}&*!|>'\"%@`".contains(first) { return false }
        let isAlone = text.count == 1 || text.dropFirst().first == " "
        return !("-?:".contains(first) && isAlone)
    }

    /// What only double quotes can hold.
    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD:
            false
        default: true
        }
    }

    private static func doubleQuoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            if let short = escapes[scalar] {
                out += short
            } else if isSpecial(scalar) {
                let hex = String(scalar.value, radix: 16, uppercase: true)
                let (letter, width) =
                    scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
                out += "\\" + letter + String(repeating: "0", count: width - hex.count) + hex
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    private static func literal(_ text: String, indent: Int) -> String {
        var body = Substring(text)
        var trailing = 0
        while body.hasSuffix("\n") {
            body = body.dropLast()
            trailing += 1
        }
        let hint = text.hasPrefix(" ") || text.hasPrefix("\n") ? "4" : ""
        let chomp = trailing == 0 ? "-" : trailing == 1 ? "" : "+"
        let pad = String(repeating: " ", count: (indent + 1) * 4)
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : pad + $0 }
        return "|" + hint + chomp + "\n" + lines.joined(separator: "\n")
            + String(repeating: "\n", count: max(0, trailing - 1))
    }

    private static let escapes: [Unicode.Scalar: String] = [
        "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\u{0}": "\\0",
        "\u{7}": "\\a", "\u{8}": "\\b", "\u{B}": "\\v", "\u{C}": "\\f", "\u{1B}": "\\e",
        "\u{85}": "\\N", "\u{2028}": "\\L", "\u{2029}": "\\P", "\u{FEFF}": "\\uFEFF",
    ]
}
