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
        /// Text of a string, without and with escapes.
        case quotedText, escapedText
        case heredocText, number, identifier, comment, newline, endOfFile
        // From here on: what no valid file has.
        case bitwise, apostrophe, backtick, semicolon, invalid, badUTF8, quotedNewline
    }

    /// The longest piece of text that a token can cover, in bytes.
    static let longest = (1 << 24) - 1

    // In this order a token takes eight bytes: reading is bound by memory.
    private let startOffset: UInt32
    private let lengthLow: UInt16
    private let lengthHigh: UInt8
    let kind: Kind

    init(_ kind: Kind, _ start: Int, _ end: Int) {
        self.kind = kind
        startOffset = UInt32(truncatingIfNeeded: start)
        let length = min(end - start, Token.longest)
        lengthLow = UInt16(truncatingIfNeeded: length)
        lengthHigh = UInt8(truncatingIfNeeded: length >> 16)
    }

    var start: Int { Int(startOffset) }
    var count: Int { Int(lengthLow) | Int(lengthHigh) << 16 }
    var end: Int { start + count }
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
