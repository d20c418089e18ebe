/// Values of made-up files.
extension FileGenerator {
    private static let deepest = 4

    /// Writes a value. A heredoc is only possible where the line can end behind it.
    mutating func value(depth: Int, lines: Bool) {
        if chance(expressions) { return expression(depth: depth) }
        if chance(mistakes) { return text += pick(Self.wrong) }
        let isLeaf = depth >= Self.deepest
        switch random.next(below: isLeaf ? 7 : 12) {
        case 0, 1, 2: string()
        case 3, 4: text += pick(Self.numbers)
        case 5: text += pick(["true", "false"])
        case 6:
            if lines, chance(60) { heredoc() } else { text += pick(["null", "\"\"", "[]", "{}"]) }
        case 7, 8, 9: list(depth: depth, lines: lines)
        default: object(depth: depth, lines: lines)
        }
    }

    // MARK: Leaves

    private static let numbers = [
        "0", "1", "-1", "007", "1.10", "3.14159", "1e3", "2E-7", "-0", "12345678901234567890",
        "0.1", "1e+2", "-2.50", "99999999999999999999999.000000000000000000001", "1.5e300",
        "123456789.123456789123456789", "4e-20", "00.50", "1e0",
    ]

    private static let wrong = [
        "", "foo", "var.x", "upper(\"x\")", "0x10", "1.", ".5", "1_0", "'a'", "\"a", "[1 2]", "{a}",
        "[", "{", "1 +", "? 1 : 2", "\"\\q\"", "\"${\"", "\"${1\"", "\"%{if true}\"", "True", "1 2",
        "<<E\nx\n", "[,]", "{,}", "a.b.c", "f(x)[0]", "\"\\ud800\"", "`x`", "“x”", "1;", "\"a\nb\"",
        "{ a.b = 1 }", "ns::f(1)", "[for x in [1] : y]", "{for x in [1] : x}", "\"${foo}\"", "!",
    ]

    private mutating func string() {
        text += "\""
        for _ in 0..<pick([0, 1, 1, 1, 2, 3]) {
            text +=
                chance(mistakes)
                ? pick(["\\a", "\\u12", "\\U00110000", "${", "%{", "\\", "%{endif}", "\n"])
                : pick(Self.pieces)
        }
        text += "\""
    }

    private static let pieces = [
        "v1.9.2", "siderolabs/qemu-guest-agent", "10.0.0.1/24", "a b", "#", "//", "/*", "é",
        "e\u{301}",
        "\u{A0}", "👨‍👩‍👧", "\u{212B}", "\u{1100}\u{1161}", "\t", "\u{7}", "\\n", "\\r\\t", "\\\"",
        "\\\\", "\\u00e9", "e\\u0301", "\\U0001F600", "$", "%", "$$", "%%", "$${x}", "%%{if}",
        "$$${1}".replacing("1}", with: "1}"), "{", "}", "]", "=", "<<E", "'", "~", "\u{FEFF}",
        "\u{2028}", "日本",
    ]

    private mutating func heredoc() {
        let marker = pick(["EOT", "E", "A-B", "é"])
        let isFlush = chance(50)
        let indent = pick(["", "  ", "\t", " \u{2003}"])
        text += "<<" + (isFlush ? "-" : "") + marker + newline
        for _ in 0..<pick([0, 1, 2, 3]) {
            text += pick(["", indent, indent + "  ", "   "])
            text += pick([
                "text", "", "# no comment", "\"q\" \\n", "$${x} %%{y}", "$ %", "a = 1",
                "é e\u{301}",
                marker + "x", "}", "]", "${1 + 1} x", "%{ if true }y%{ endif }",
            ])
            text += newline
        }
        text += indent + marker + Self.heredocEnd
    }

    // MARK: Lists and objects

    private mutating func list(depth: Int, lines: Bool) {
        let count = pick([0, 1, 2, 2, 3, 4])
        let isLong = chance(50)
        let outer = newline + String(repeating: "  ", count: depth)
        let inner = isLong ? outer + "  " : ""
        text += "["
        if isLong, chance(20) { text += " # head" }
        for index in 0..<count {
            if isLong, chance(20) { text += inner + pick(["# above", "// b \"", "/* c */"]) }
            text += inner + (isLong ? "" : chance(70) && index > 0 ? " " : pick(["", "", " "]))
            value(depth: depth + 1, lines: isLong)
            let hasHeredoc = endHeredoc()
            if hasHeredoc { text += newline + pick(["", "  "]) }
            let isLast = index == count - 1
            if !isLast || (isLong && chance(60)) || chance(8) {
                text += chance(mistakes) ? pick(["", ",,", " ;"]) : ","
            } else if hasHeredoc {
                text += ""
            }
            if isLong, chance(25) { text += pick([" # c", "  // long one", "# é", " /* x */"]) }
            if isLong, chance(8) { text += newline }
        }
        if isLong, chance(10) { text += inner + "# end" }
        text += (isLong ? outer : pick(["", "", " "])) + "]"
    }

    /// Takes the mark away again; true when a heredoc has just ended.
    private mutating func endHeredoc() -> Bool {
        guard text.hasSuffix(Self.heredocEnd) else { return false }
        text.removeLast(Self.heredocEnd.count)
        return true
    }

    private mutating func object(depth: Int, lines: Bool) {
        let count = pick([0, 1, 2, 3, 4])
        // On one line, members may still be followed by newlines where brackets allow it.
        let isLong = chance(60)
        let outer = newline + String(repeating: "  ", count: depth)
        text += "{" + (isLong && chance(15) ? " # head" : "")
        for index in 0..<count {
            if isLong, chance(15) { text += outer + "  " + pick(["# above", "// b", "/* c */"]) }
            text += isLong ? outer + "  " : pick(["", " ", " "])
            key(index)
            text += space() + pick(["=", "=", "=", ":"]) + space()
            value(depth: depth + 1, lines: isLong)
            if endHeredoc() { continue }
            let isLast = index == count - 1
            if isLong {
                text += pick(["", "", "", ",", ", // c", " # d", " /* e */"])
            } else if !isLast || chance(8) {
                text += chance(mistakes) ? pick(["", ",,", " ;"]) : ","
            }
        }
        text += (isLong ? outer : pick(["", " "])) + "}"
    }

    private mutating func key(_ index: Int) {
        if chance(expressions / 3) {
            return text += pick(["(\"k\")", "\"k${1}\"", "(1 + 1)", "(true)"])
        }
        if chance(mistakes) {
            return text += pick(["a.b", "null", "[1]", "a b", "", "a[0]", "f()"])
        }
        text += pick([
            "k\(index)", "k\(index)", "version", "\"cp-\(index)\"", "w-\(index)", "é", "e\u{301}",
            "\"a b\"", "\"\\n\"", "1", "1.50", "true", "if", "\"for\"", "\"\"", "in", "\"$${x}\"",
        ])
    }
}
