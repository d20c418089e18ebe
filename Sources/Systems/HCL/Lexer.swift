/// Splits a file into tokens in one pass.
///
/// The rules are those of HCL's native syntax scanner
/// (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md). Nothing fails here: a byte that
/// no token allows becomes a token of an invalid kind.
struct Lexer: ~Copyable {
    enum Mode { case expression, quoted, heredoc }

    struct Heredoc {
        let marker: Range<Int>
        var atLineStart = true
    }

    let bytes: [UInt8]
    let count: Int
    var position: Int
    var tokens: [Token] = []
    private(set) var mode = Mode.expression
    private var outerModes: [Mode] = []
    var braces = 0
    var interpolations: [Int] = []
    var heredocs: [Heredoc] = []
    private var hasBlockCommentEnd = true

    static func tokens(of bytes: [UInt8]) -> [Token] {
        var lexer = Lexer(bytes)
        lexer.run()
        return lexer.tokens
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        count = bytes.count
        position = SourcePlace.firstByte(of: bytes)
        tokens.reserveCapacity(bytes.count / 3 + 8)
    }

    private mutating func run() {
        while position < count {
            switch mode {
            case .expression: readToken()
            case .quoted: readQuoted()
            case .heredoc: readHeredocPart()
            }
        }
        tokens.append(Token(.endOfFile, count, count))
    }

    mutating func pushMode(_ inner: Mode) {
        outerModes.append(mode)
        mode = inner
    }

    mutating func popMode() { mode = outerModes.popLast() ?? .expression }

    func byte(at index: Int) -> UInt8 { index < count ? bytes[index] : 0 }

    mutating func emit(_ kind: Token.Kind, to end: Int) {
        tokens.append(Token(kind, position, end))
        position = end
    }

    // MARK: Expressions

    private mutating func readToken() {
        let first = bytes[position]
        switch first {
        case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"):
            emit(.identifier, to: endOfIdentifier(from: position + 1))
        case UInt8(ascii: "0")...UInt8(ascii: "9"): emit(.number, to: endOfNumber())
        case UInt8(ascii: "\n"): emit(.newline, to: position + 1)
        case UInt8(ascii: "\r"):
            let isNewline = byte(at: position + 1) == UInt8(ascii: "\n")
            emit(isNewline ? .newline : .invalid, to: position + (isNewline ? 2 : 1))
        case UInt8(ascii: "\""):
            emit(.openQuote, to: position + 1)
            pushMode(.quoted)
        case UInt8(ascii: "#"): emit(.comment, to: endOfLineComment())
        case UInt8(ascii: "/"): readSlash()
        case UInt8(ascii: "{"):
            emit(.openBrace, to: position + 1)
            braces += 1
        case UInt8(ascii: "}"): closeBrace(length: 1, plain: .closeBrace)
        case UInt8(ascii: "~"):
            if byte(at: position + 1) == UInt8(ascii: "}") {
                closeBrace(length: 2, plain: .sequenceEnd)
            } else {
                emit(.bitwise, to: position + 1)
            }
        case 0x80...: readNonASCII()
        default: readPunctuation(first)
        }
    }

    private mutating func readPunctuation(_ first: UInt8) {
        let next = byte(at: position + 1)
        let equal = next == UInt8(ascii: "=")
        func pair(_ double: Token.Kind, _ single: Token.Kind, if isPair: Bool) -> Token {
            Token(isPair ? double : single, position, position + (isPair ? 2 : 1))
        }
        var token: Token
        switch first {
        case UInt8(ascii: "["): token = Token(.openBracket, position, position + 1)
        case UInt8(ascii: "]"): token = Token(.closeBracket, position, position + 1)
        case UInt8(ascii: "("): token = Token(.openParen, position, position + 1)
        case UInt8(ascii: ")"): token = Token(.closeParen, position, position + 1)
        case UInt8(ascii: ","): token = Token(.comma, position, position + 1)
        case UInt8(ascii: "="):
            token = pair(.equalTo, .equal, if: equal)
            if next == UInt8(ascii: ">") { token = Token(.fatArrow, position, position + 2) }
        case UInt8(ascii: "."):
            token = Token(.dot, position, position + 1)
            if next == UInt8(ascii: "."), byte(at: position + 2) == UInt8(ascii: ".") {
                token = Token(.ellipsis, position, position + 3)
            }
        case UInt8(ascii: ":"): token = pair(.doubleColon, .colon, if: next == first)
        case UInt8(ascii: "*"): token = Token(.star, position, position + 1)
        case UInt8(ascii: "%"): token = Token(.percent, position, position + 1)
        case UInt8(ascii: "+"): token = Token(.plus, position, position + 1)
        case UInt8(ascii: "-"): token = Token(.minus, position, position + 1)
        case UInt8(ascii: "!"): token = pair(.notEqual, .bang, if: equal)
        case UInt8(ascii: ">"): token = pair(.greaterOrEqual, .greater, if: equal)
        case UInt8(ascii: "<"):
            if next == first, let marker = heredocMarker() { return openHeredoc(marker) }
            token = pair(.lessOrEqual, .less, if: equal)
        case UInt8(ascii: "&"): token = pair(.and, .bitwise, if: next == first)
        case UInt8(ascii: "|"): token = pair(.or, .bitwise, if: next == first)
        case UInt8(ascii: "?"): token = Token(.question, position, position + 1)
        case UInt8(ascii: "^"): token = Token(.bitwise, position, position + 1)
        case UInt8(ascii: ";"): token = Token(.semicolon, position, position + 1)
        case UInt8(ascii: "`"): token = Token(.backtick, position, position + 1)
        case UInt8(ascii: "'"): token = Token(.apostrophe, position, position + 1)
        default: token = Token(.invalid, position, position + 1)
        }
        tokens.append(token)
        position = token.end
    }

    /// A closing brace ends an interpolation when it is the one that balances its opener.
    private mutating func closeBrace(length: Int, plain: Token.Kind) {
        if let opened = interpolations.last, opened == braces {
            emit(.sequenceEnd, to: position + length)
            interpolations.removeLast()
            popMode()
        } else {
            emit(plain, to: position + length)
        }
        braces -= 1
    }

    private mutating func readSlash() {
        switch byte(at: position + 1) {
        case UInt8(ascii: "/"): emit(.comment, to: endOfLineComment())
        case UInt8(ascii: "*"):
            if hasBlockCommentEnd, let end = endOfBlockComment() {
                emit(.comment, to: end)
            } else {
                // Looked for once: without an end the opener is two operators, as upstream.
                hasBlockCommentEnd = false
                emit(.slash, to: position + 1)
            }
        default: emit(.slash, to: position + 1)
        }
    }

    private mutating func readNonASCII() {
        let length = UTF8Bytes.looseLength(in: bytes, at: position)
        guard length > 0 else { return emit(.badUTF8, to: position + 1) }
        if let scalar = UTF8Bytes.scalar(in: bytes, at: position), scalar.properties.isIDStart {
            emit(.identifier, to: endOfIdentifier(from: position + length))
        } else {
            emit(.invalid, to: position + length)
        }
    }

    private func endOfIdentifier(from start: Int) -> Int {
        UTF8Bytes.endOfIdentifier(in: bytes, from: start)
    }

    private func endOfNumber() -> Int {
        var end = position + 1
        var index = end
        while index < count {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                index += 1
                end = index
            case UInt8(ascii: "."): index += 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                var digit = index + 1
                let sign = byte(at: digit)
                if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { digit += 1 }
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte(at: digit)) else {
                    return end
                }
                index = digit + 1
                end = index
            default: return end
            }
        }
        return end
    }

    private func endOfLineComment() -> Int {
        var index = position + 1
        while index < count {
            index += 1
            if bytes[index - 1] == UInt8(ascii: "\n") { break }
        }
        return index
    }

    private func endOfBlockComment() -> Int? {
        var index = position + 2
        while index + 1 < count {
            if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") {
                return index + 2
            }
            index += 1
        }
        return nil
    }
}
