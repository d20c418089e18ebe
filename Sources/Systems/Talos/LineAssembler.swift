/// Makes whole lines of a text that comes in pieces cut anywhere.
struct LineAssembler {
    private var rest = ""

    /// No line is longer than this; what is over is cut off.
    private static let mostCharacters = 500

    /// The lines that `piece` completes, without control characters; empty lines are left out.
    mutating func take(_ piece: String) -> [String] {
        rest += piece
        var parts = rest.split(omittingEmptySubsequences: false) { $0.isNewline }
        let last = parts.popLast() ?? ""
        rest = String(last.suffix(Self.mostCharacters * 4))
        return parts.compactMap(Self.clean)
    }

    /// What is left when nothing more comes.
    mutating func finish() -> String? {
        defer { rest = "" }
        return Self.clean(rest[...])
    }

    private static func clean(_ line: Substring) -> String? {
        let plain = line.unicodeScalars.lazy.filter { $0.value >= 32 && $0.value != 127 }
        let text = String(String.UnicodeScalarView(plain))
        return text.isEmpty ? nil : String(text.prefix(mostCharacters))
    }
}
