/// Turns tokens into a tree, accepting and rejecting what Terraform 1.11 (HCL 2.23) does.
///
/// Expressions are parsed with a stack of our own instead of recursion, so deep nesting costs no
/// call stack. Anything that is more than a literal is kept as one opaque span: its syntax is
/// checked, its value is not worked out.
struct Parser: ~Copyable {
    /// The deepest nesting that is read. Terraform has no limit of its own.
    static let deepestNesting = 1000
    /// The largest file that is read, in bytes.
    static let largestFile = 256 << 20

    let bytes: [UInt8]
    let tokens: [Token]
    /// The index after the last token that was read.
    private(set) var index = 0
    /// The next token that means something here, and its index.
    private(set) var next = Token(.endOfFile, 0, 0)
    private(set) var nextIndex = 0
    private var newlinesCount = true
    private var newlineModes: [Bool] = []
    /// The innermost open construct, and those around it.
    var top = Frame(.attribute, opener: 0)
    var outerFrames: [Frame] = []
    var directives: [TemplateDirective] = []
    var scope: [Range<Int>] = []
    /// How many constructs are open whose insides Terraform does not look at: arguments of calls
    /// that are refused anyway, bodies of loops over nothing.
    var unevaluatedDepth = 0
    var tree = SyntaxTree()

    static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> SyntaxTree {
        guard bytes.count <= largestFile else {
            throw SyntaxError(
                "File too large", "The file has more than \(largestFile >> 20) MiB.", at: 0)
        }
        var parser = Parser(bytes)
        let invalid = parser.firstInvalidToken()
        do throws(SyntaxError) {
            try parser.parseBody()
        } catch {
            if let invalid, invalid.offset <= error.offset { throw invalid }
            throw error
        }
        if let invalid { throw invalid }
        parser.tree.tokens = parser.tokens
        return parser.tree
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        tokens = Lexer.tokens(of: bytes)
        tree.nodes.reserveCapacity(tokens.count / 2)
        findNext()
    }

    // MARK: Tokens

    /// Finds the next token that means something here, after a step or a change of the rule for
    /// newlines.
    private mutating func findNext() {
        var found = index
        while found < tokens.count {
            next = tokens[found]
            switch next.kind {
            case .comment:
                if newlinesCount, next.endsLine(in: bytes) {
                    nextIndex = found
                    return
                }
            case .newline:
                if newlinesCount {
                    nextIndex = found
                    return
                }
            default:
                nextIndex = found
                return
            }
            found += 1
        }
        nextIndex = tokens.count - 1
        next = tokens[nextIndex]
    }

    /// The kind of the next token, with a comment that ends a line counted as its newline.
    var nextKind: Token.Kind { next.kind == .comment ? .newline : next.kind }

    @discardableResult
    mutating func read() -> Token {
        let token = next
        index = min(nextIndex + 1, tokens.count)
        findNext()
        return token
    }

    /// Goes on after a token that was reached without reading the ones before it.
    mutating func skip(to newIndex: Int) {
        index = newIndex
        findNext()
    }

    /// Where the last token that was read ends.
    var previousEnd: Int { index > 0 ? tokens[index - 1].end : 0 }

    mutating func pushNewlines(count: Bool) {
        newlineModes.append(newlinesCount)
        setNewlines(count: count)
    }

    mutating func popNewlines() { setNewlines(count: newlineModes.popLast() ?? true) }

    mutating func setNewlines(count: Bool) {
        guard newlinesCount != count else { return }
        newlinesCount = count
        findNext()
    }

    func text(_ token: Token) -> ArraySlice<UInt8> { bytes[token.start..<token.end] }

    func isWord(_ word: StaticString, _ token: Token) -> Bool {
        guard token.kind == .identifier, token.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { $0.elementsEqual(bytes[token.start..<token.end]) }
    }

    // MARK: Errors

    func failure(_ summary: String, _ detail: String, at token: Token) -> SyntaxError {
        SyntaxError(summary, detail, at: token.start)
    }

    /// Remembers the first thing in the file that parses but cannot be evaluated in a variables
    /// file.
    mutating func noteEvaluationError(_ summary: String, _ detail: String, at offset: Int) {
        guard unevaluatedDepth == 0 else { return }
        if let known = tree.evaluationError, known.offset <= offset { return }
        tree.evaluationError = SyntaxError(summary, detail, at: offset)
    }

    private func firstInvalidToken() -> SyntaxError? {
        for token in tokens {
            if token.count == Token.longest {
                return failure(
                    "Text too long",
                    "A comment or a text of more than \(Token.longest >> 20) MiB is not read.",
                    at: token)
            }
            guard token.kind.rawValue >= Token.Kind.bitwise.rawValue else { continue }
            switch token.kind {
            case .bitwise: return failure("Unsupported operator", bitwiseDetail(token), at: token)
            case .backtick:
                return failure(
                    "Invalid character",
                    "The \"`\" character is not valid. To create a multi-line string, use the "
                        + "\"heredoc\" syntax, like \"<<EOT\".", at: token)
            case .apostrophe:
                return failure(
                    "Invalid character",
                    "Single quotes are not valid. Use double quotes (\") to enclose strings.",
                    at: token)
            case .semicolon:
                return failure(
                    "Invalid character",
                    "The \";\" character is not valid. Use newlines to separate arguments and "
                        + "blocks, and commas to separate items in collection values.", at: token)
            case .badUTF8:
                return failure(
                    "Invalid character encoding",
                    "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is "
                        + "selected in your editor.", at: token)
            case .quotedNewline:
                return failure(
                    "Invalid multi-line string",
                    "Quoted strings may not be split over multiple lines. To produce a multi-line "
                        + "string, either use the \\n escape to represent a newline character or "
                        + "use the \"heredoc\" multi-line template syntax.", at: token)
            case .invalid:
                return failure(
                    "Invalid character", "This character is not used within the language.",
                    at: token)
            default: continue
            }
        }
        return nil
    }

    private func bitwiseDetail(_ token: Token) -> String {
        let hint =
            switch bytes[token.start] {
            case UInt8(ascii: "&"): " Did you mean boolean AND (\"&&\")?"
            case UInt8(ascii: "|"): " Did you mean boolean OR (\"||\")?"
            case UInt8(ascii: "~"): " Did you mean boolean NOT (\"!\")?"
            default: ""
            }
        return "Bitwise operators are not supported." + hint
    }
}
