import Testing

@testable import Display

struct StyleTests {
    @Test(arguments: [
        (true, ["TERM": "xterm"], false, true), (true, ["TERM": "dumb"], false, false),
        (true, [:], false, false), (false, ["TERM": "xterm"], false, false),
        (true, ["TERM": "xterm"], true, false),
        (true, ["TERM": "xterm", "NO_COLOR": "1"], false, false),
        (true, ["TERM": "xterm", "NO_COLOR": ""], false, true),
    ])
    func `colour needs a terminal that can, and nobody who forbids it`(
        isTerminal: Bool, environment: [String: String], noColor: Bool, expected: Bool
    ) {
        let style = Style(isTerminal: isTerminal, environment: environment, noColor: noColor)
        #expect(style.hasColour == expected)
        #expect(style.paint("text", .red).contains("\u{1B}") == expected)
    }

    @Test(arguments: [
        ([:], true), (["LANG": "C"], false), (["LANG": "de_DE.UTF-8"], true),
        (["LANG": "en_US.utf8", "LC_ALL": "POSIX"], false),
        (["LANG": "C", "LC_CTYPE": "C.UTF-8"], true),
        (["TERM": "dumb", "LANG": "C.UTF-8"], false),
    ])
    func `signs beyond ASCII need a locale that has them`(
        environment: [String: String], expected: Bool
    ) {
        let style = Style(isTerminal: true, environment: environment, noColor: false)
        #expect(style.hasUnicode == expected)
        #expect(style.line("v1 → v2…") == (expected ? "v1 → v2…" : "v1 -> v2..."))
    }

    @Test(arguments: [(nil, 100), (20, 60), (90, 90), (300, 100)])
    func `the width is kept readable`(columns: Int?, width: Int) {
        let style = Style(isTerminal: true, environment: [:], noColor: false, columns: columns)
        #expect(style.width == width)
    }

    @Test func `text from outside cannot steer the terminal`() {
        let hostile = "\u{1B}[2Jcleared\u{9B}31m\r\nnext\tcolumn"
        #expect(Style().line(hostile) == "[2Jcleared31m next column")
        #expect(Style().verbatim("\tx\u{7}") == "\tx")
    }

    @Test func `a long word stays whole and the rest is broken at blanks`() {
        #expect(
            Paragraph.wrap("see terraform/terraform.tfvars:3:17 for more", to: 12)
                == ["see", "terraform/terraform.tfvars:3:17", "for more"])
    }

    @Test func `many names are counted instead of listed`() {
        let names = (1...11).map { "n\($0)" }
        #expect(Paragraph.list(names, limit: 3) == "n1, n2, n3 and 8 more")
        #expect(Paragraph.list(["a", "b"], limit: 3) == "a, b")
    }
}
