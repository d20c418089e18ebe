/// How the Image Factory writes one string.
///
/// Source: go-yaml `encode.go` (`stringv`) and `emitterc.go` (`yaml_emitter_analyze_scalar`,
/// `yaml_emitter_select_scalar_style`).
struct ScalarText {
    let text: String
    let emitter: YAMLEmitter
    private let traits: Traits

    init(_ text: String, _ emitter: YAMLEmitter) {
        self.text = text
        self.emitter = emitter
        traits = Traits(text)
    }

    /// The scalar as it stands behind a key or a dash.
    ///
    /// - Parameters:
    ///   - indent: the column of the lines of a block.
    ///   - isKey: keys are never blocks.
    func written(indent: Int, isKey: Bool = false) -> String {
        if text.contains("\n") {
            return traits.allowsBlock && !isKey ? block(indent: indent) : doubleQuoted
        }
        switch wish {
        case .plain where traits.allowsPlain: return text
        case .plain, .single: return traits.allowsSingle ? singleQuoted : doubleQuoted
        case .double: return doubleQuoted
        }
    }

    private enum Style { case plain, single, double }

    /// Strings that would read back as something else are quoted. Which quotes the old booleans,
    /// base-60 numbers and the merge key get has changed over time.
    private var wish: Style {
        if PlainScalar.isOldBoolean(text) || PlainScalar.isBase60(text) {
            return emitter == .v4rc6 ? .single : .double
        }
        switch PlainScalar(text) {
        case .string: return .plain
        case .merge:
            return switch emitter {
            case .v3: .plain
            case .v4rc3, .v4rc4: .double
            case .v4rc6: .single
            }
        default: return .double
        }
    }

    private var singleQuoted: String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    var doubleQuoted: String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if let escape = Self.escapes[scalar] {
                quoted += "\\" + escape
            } else if Traits.isPrintable(scalar) {
                quoted.unicodeScalars.append(scalar)
            } else {
                quoted += Self.escape(scalar)
            }
        }
        return quoted + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        let (letter, width) =
            scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - hex.count) + hex
    }

    private static let escapes: [Unicode.Scalar: String] = [
        "\0": "0", "\u{07}": "a", "\u{08}": "b", "\t": "t", "\n": "n", "\u{0B}": "v",
        "\u{0C}": "f", "\r": "r", "\u{1B}": "e", "\"": "\"", "\\": "\\", "\u{85}": "N",
        "\u{A0}": "_", "\u{2028}": "L", "\u{2029}": "P",
    ]

    private func block(indent: Int) -> String {
        var header = "|"
        let first = text.unicodeScalars.first
        if first == " " || (first == "\n" && (emitter == .v3 || emitter == .v4rc3)) {
            header += "4"
        }
        let ends = text.unicodeScalars.reversed().prefix { $0 == "\n" }.count
        if ends == 0 {
            header += "-"
        } else if ends > 1 || text == "\n" {
            header += "+"
        }
        let margin = String(repeating: " ", count: indent)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return header + "\n" + lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }

    /// What the emitter finds out before it chooses a style.
    struct Traits {
        var allowsPlain = true
        var allowsSingle = true
        var allowsBlock = true

        init(_ text: String) {
            let scalars = Array(text.unicodeScalars)
            guard let first = scalars.first, let last = scalars.last else {
                allowsBlock = false
                return
            }
            if text.hasPrefix("---") || text.hasPrefix("...") { allowsPlain = false }
            if Self.isBlank(first) || Self.isBreak(first) { allowsPlain = false }
            if Self.isBlank(last) || Self.isBreak(last) { allowsPlain = false }
            if last == " " { allowsBlock = false }
            var previous: Unicode.Scalar?
            for (index, scalar) in scalars.enumerated() {
                let next = index + 1 < scalars.count ? scalars[index + 1] : nil
                let isLast = next.map { $0 == " " || $0 == "\t" || Self.isBreak($0) } ?? true
                if Self.isIndicator(scalar, after: previous, beforeBlank: isLast) {
                    allowsPlain = false
                }
                if scalar == "\t" {
                    allowsPlain = false
                    allowsSingle = false
                } else if !Self.isPrintable(scalar) {
                    allowsPlain = false
                    allowsSingle = false
                    allowsBlock = false
                }
                if Self.isBreak(scalar) {
                    allowsPlain = false
                    if previous == " " {
                        allowsSingle = false
                        allowsBlock = false
                    }
                } else if scalar == " ", let previous, Self.isBreak(previous) {
                    allowsSingle = false
                }
                previous = scalar
            }
        }

        /// Whether this character would begin something else than a plain scalar.
        private static func isIndicator(
            _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, beforeBlank: Bool
        ) -> Bool {
            guard let previous else {
                if "#,[]{}&*!|>'\"%@`".unicodeScalars.contains(scalar) { return true }
                return "?:-".unicodeScalars.contains(scalar) && beforeBlank
            }
            if scalar == ":" { return beforeBlank }
            return scalar == "#" && (previous == " " || previous == "\t" || isBreak(previous))
        }

        /// The characters that go-yaml writes as they are; those beyond the basic plane are not.
        static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x0A, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
            default: false
            }
        }

        private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " }

        private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
            ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
        }
    }
}

/// The versions of go-yaml that factories were built with; some strings look different in each.
package enum YAMLEmitter: Sendable, CaseIterable {
    /// Image Factory up to v0.8.4.
    case v3
    /// v0.9.0 to v1.0.
    case v4rc3
    /// v1.1 to v1.4.
    case v4rc4
    /// v1.5 and later.
    case v4rc6
}
