/// Makes up variable files: what people write, what the language allows, and what it does not.
///
/// The same seed gives the same files. Names begin with a prefix of their own, so that Terraform
/// can read many files at once without one value hiding another.
struct FileGenerator {
    var random: SplitMix
    let prefix: String
    var text = ""
    var newline = "\n"
    /// Chance in a hundred of what has to be evaluated, and of what may not be there at all.
    var expressions = 0
    var mistakes = 0
    /// Names bound by the `for` expressions around.
    var names: [String] = []

    init(seed: UInt64, index: Int) {
        random = SplitMix(state: seed &+ UInt64(index) &* 0x2545_F491_4F6C_DD1D)
        prefix = "f\(index)"
    }

    /// A file, which is valid more often than not.
    mutating func file() -> [UInt8] {
        newline = chance(15) ? "\r\n" : "\n"
        expressions = chance(60) ? 0 : 25
        mistakes = chance(80) ? 0 : 4
        var bytes = Array(body().utf8)
        if chance(4) { bytes = [0xEF, 0xBB, 0xBF] + bytes }
        if chance(4) { bytes += Array("# ".utf8) + [0xFF, 0xC3, 0x28] + Array(newline.utf8) }
        if chance(25) { damage(&bytes) }
        return bytes
    }

    mutating func chance(_ percent: Int) -> Bool { random.next(below: 100) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[random.next(below: elements.count)]
    }

    // MARK: Lines

    private mutating func body() -> String {
        text = ""
        let count = pick([0, 1, 1, 2, 2, 3, 4, 6])
        for index in 0..<count {
            while chance(20) { trivia() }
            attribute(index)
        }
        if chance(10) { trivia() }
        if chance(3) { text += "b\(prefix) {\(newline)}\(newline)" }
        if chance(10), text.hasSuffix(newline) { text.removeLast() }
        return text
    }

    private mutating func trivia() {
        text += pick([
            newline, "# comment\(newline)", "  // é \u{A0} \"${\(newline)", "/* a\(newline) b */ ",
            "\t\(newline)", "#\(newline)", "/**/\(newline)",
        ])
    }

    private mutating func attribute(_ index: Int) {
        let kind = pick(["", "", "_version", "-x", "_\u{E9}", "_e\u{301}", "_\u{3B1}"])
        let name = prefix + "_\(chance(mistakes) ? 0 : index)" + kind
        let equal = chance(mistakes) ? pick([":", "==", "", "+=", "=>"]) : "="
        text += name + space() + equal + space()
        value(depth: 0, lines: true)
        let hasHeredoc = text.hasSuffix(Self.heredocEnd)
        if hasHeredoc { text.removeLast(Self.heredocEnd.count) }
        if chance(25), !hasHeredoc {
            text += pick([" # c", "  // é", " /* x */", "# 1 = 2", "\t#"])
        }
        if chance(mistakes) { text += pick([",", ";", " 1", "]", "}", "\""]) }
        text += newline
    }

    /// Marks the end of a heredoc, which has to end its line.
    static let heredocEnd = "\u{0}heredoc"

    mutating func space() -> String {
        if chance(70) { return " " }
        return chance(mistakes) ? "\u{A0}" : pick(["", "  ", "\t", " /* c */ ", "     "])
    }

    // MARK: Damage

    private mutating func damage(_ bytes: inout [UInt8]) {
        for _ in 0...random.next(below: 3) {
            let start = random.next(below: bytes.count + 1)
            let end = min(bytes.count, start + random.next(below: 4))
            switch random.next(below: 8) {
            case 0:
                bytes.replaceSubrange(start..<end, with: [UInt8(truncatingIfNeeded: random.next())])
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.removeSubrange(start...)
            case 3:
                // A piece of the file once more, somewhere else.
                let from = random.next(below: bytes.count + 1)
                let piece = Array(bytes[from..<min(bytes.count, from + random.next(below: 12))])
                bytes.insert(contentsOf: piece, at: start)
            default:
                let piece = pick(Fixtures.pieces)
                    .replacing("b = 1\n", with: "\(prefix)_b = 1\(newline)")
                bytes.replaceSubrange(start..<end, with: Array(piece.utf8))
            }
        }
    }
}
