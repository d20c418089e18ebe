/// One token: a kind and the bytes it covers. White space between tokens is not kept, because
/// the bytes themselves are.
struct Token: Equatable {
    enum Kind: UInt8 {
        case openBrace, closeBrace, openBracket, closeBracket, openParen, closeParen
        case openQuote, closeQuote, openHeredoc, closeHeredoc
        case star, slash, percent, plus, minus
        case equal, equalTo, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case and, or, bang, dot, comma, ellipsis, fatArrow, question, colon, doubleColon
        case interpolation, directive, sequenceEnd
        case quotedText, heredocText, number, identifier, comment, newline, endOfFile
        // From here on: what no valid file has.
        case bitwise, apostrophe, backtick, semicolon, invalid, badUTF8, quotedNewline
    }

    let kind: Kind
    /// A backslash or a doubled `$` or `%` occurs in this piece of text.
    let hasEscape: Bool
    private let startOffset: UInt32
    private let endOffset: UInt32

    init(_ kind: Kind, _ start: Int, _ end: Int, hasEscape: Bool = false) {
        self.kind = kind
        self.hasEscape = hasEscape
        startOffset = UInt32(truncatingIfNeeded: start)
        endOffset = UInt32(truncatingIfNeeded: end)
    }

    var start: Int { Int(startOffset) }
    var end: Int { Int(endOffset) }
    var count: Int { end - start }
}

extension Token {
    /// Ends a line of source: a newline, or a comment that includes one.
    func endsLine(in bytes: [UInt8]) -> Bool {
        switch kind {
        case .newline: true
        case .comment: end > start && bytes[end - 1] == UInt8(ascii: "\n")
        default: false
        }
    }

    /// How much this token changes the number of open brackets.
    var bracketChange: Int {
        switch kind {
        case .openBrace, .openBracket, .openParen, .interpolation, .directive: 1
        case .closeBrace, .closeBracket, .closeParen, .sequenceEnd: -1
        default: 0
        }
    }
}
