/// How text may look where it goes: colour, characters, columns and local time.
///
/// It is decided once from what is passed in. Nothing in this target looks at the process.
package struct Style: Sendable, Equatable {
    /// Whether ANSI colours may be used.
    package var hasColour: Bool
    /// Whether characters beyond ASCII may be used.
    package var hasUnicode: Bool
    /// Columns that paragraphs and tables are fitted to.
    package var width: Int
    /// Seconds east of UTC, for the time of day on screen.
    package var utcOffset: Int

    package init(
        hasColour: Bool = false, hasUnicode: Bool = true, width: Int = 100, utcOffset: Int = 0
    ) {
        self.hasColour = hasColour
        self.hasUnicode = hasUnicode
        self.width = width
        self.utcOffset = utcOffset
    }

    /// Decides from the terminal and its environment.
    ///
    /// Colour needs a terminal and a `TERM` other than `dumb`; `--no-color` and a `NO_COLOR` that
    /// is not empty forbid it (https://no-color.org). ASCII is used when `TERM` is `dumb` or when
    /// the locale (`LC_ALL`, else `LC_CTYPE`, else `LANG`) is set to something without UTF-8.
    /// `columns` is nil when there is no terminal; the width is kept between 60 and 100.
    package init(
        isTerminal: Bool, environment: [String: String], noColor: Bool, columns: Int? = nil,
        utcOffset: Int = 0
    ) {
        let terminal = environment["TERM"] ?? ""
        let isForbidden = noColor || !(environment["NO_COLOR"] ?? "").isEmpty
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        let isUTF8 = locale.map { name in
            let lower = name.lowercased()
            return lower.contains("utf-8") || lower.contains("utf8")
        }
        self.init(
            hasColour: isTerminal && !isForbidden && !terminal.isEmpty && terminal != "dumb",
            hasUnicode: terminal != "dumb" && isUTF8 ?? true,
            width: min(max(columns ?? 100, 60), 100), utcOffset: utcOffset)
    }

    /// The text in a colour, when colour is allowed.
    func paint(_ text: String, _ paint: Paint?) -> String {
        guard hasColour, let paint, !text.isEmpty else { return text }
        return "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
    }

    /// Text that may come from outside, made fit for one line of a terminal: control characters
    /// are gone, and where only ASCII is allowed the usual signs are spelled out.
    func line(_ text: String) -> String {
        legible(Self.withoutControls(text, keepingTabs: false))
    }

    /// The same for a source line, whose tabs a caret below it relies on.
    func verbatim(_ text: String) -> String {
        legible(Self.withoutControls(text, keepingTabs: true))
    }

    var arrow: String { hasUnicode ? "→" : "->" }
    var done: String { hasUnicode ? "✓" : "+" }
    var failed: String { hasUnicode ? "✗" : "x" }
    var begun: String { hasUnicode ? "·" : "." }

    private func legible(_ text: String) -> String {
        guard !hasUnicode, !text.utf8.allSatisfy({ $0 < 128 }) else { return text }
        return text.map { Self.spelled[$0] ?? String($0) }.joined()
    }

    private static func withoutControls(_ text: String, keepingTabs: Bool) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isControl(scalar) || (keepingTabs && scalar == "\t") {
                kept.append(scalar)
            } else if scalar == "\n" || scalar == "\t" {
                kept.append(" ")
            }
        }
        return String(kept)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 32 || (127..<160).contains(scalar.value)
    }

    private static let spelled: [Character: String] = [
        "→": "->", "…": "...", "·": "-", "–": "-", "—": "-", "✓": "+", "✗": "x", "≥": ">=",
        "≤": "<=", "≠": "!=", "×": "x", "‘": "'", "’": "'", "“": "\"", "”": "\"",
    ]
}

/// The few colours in use, as SGR parameters (ECMA-48, 8.3.117).
enum Paint: String {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
}
