/// Operands, operators and what may follow them.
extension Parser {
    /// What the parser looks for next inside an expression.
    enum State { case operand, postfix, operation, template, finished }

    /// Parses one expression and leaves its nodes in the tree.
    mutating func parseExpression() throws(SyntaxError) {
        top = Frame(.attribute, opener: index)
        beginExpression()
        var state = State.operand
        while true {
            switch state {
            case .operand: state = try parseOperand()
            case .postfix: state = try parsePostfix()
            case .operation: state = parseOperation()
            case .template: state = try parseTemplatePart()
            case .finished:
                unevaluatedDepth -= Int(top.decidedConditionals)
                top.decidedConditionals = 0
                if top.kind == .attribute {
                    endExpression()
                    return
                }
                state = try finishInner()
            }
        }
    }

    // MARK: Frames

    mutating func push(_ kind: Frame.Kind, opener: Int) throws(SyntaxError) {
        guard outerFrames.count < Parser.deepestNesting else {
            throw nestedTooDeeply(at: tokens[min(opener, tokens.count - 1)])
        }
        outerFrames.append(top)
        top = Frame(kind, opener: opener)
    }

    mutating func popFrame() {
        if let outer = outerFrames.popLast() { top = outer }
    }

    func nestedTooDeeply(at token: Token) -> SyntaxError {
        failure(
            "Nested too deeply",
            "Values nested in more than \(Parser.deepestNesting) levels are not read.", at: token)
    }

    /// Starts a new expression in the innermost construct.
    mutating func beginExpression() {
        top.firstNode = tree.nodes.count
        top.firstByte = next.start
        top.isOpaque = false
        top.keyShape = .none
    }

    /// Ends it: what is more than a literal becomes one opaque node.
    mutating func endExpression() {
        guard top.isOpaque else { return }
        tree.nodes.removeLast(tree.nodes.count - top.firstNode)
        tree.nodes.append(Node(.expression, top.firstByte, previousEnd, next: top.firstNode + 1))
    }

    /// The expression of the innermost construct is more than a literal.
    mutating func markOpaque() {
        top.isOpaque = true
        guard top.keyShape == .name, top.kind == .objectKey else { return }
        // A bare word as a key is a name, but in front of an operator it is a reference.
        top.keyShape = .none
        noteReference(at: top.firstByte)
    }

    private mutating func appendLeaf(_ kind: Node.Kind, _ start: Int, _ end: Int) {
        tree.nodes.append(Node(kind, start, end, next: tree.nodes.count + 1))
    }

    /// Nothing of the innermost expression has been read yet.
    private func isAtStart(_ token: Token) -> Bool {
        !top.isOpaque && token.start == top.firstByte
    }

    // MARK: Operands

    private mutating func parseOperand() throws(SyntaxError) -> State {
        let opener = nextIndex
        let token = tokens[opener]
        switch token.kind {
        case .minus:
            read()
            let digits = next
            if isAtStart(token), digits.kind == .number, digits.start == token.end {
                read()
                try checkNumber(digits)
                appendLeaf(.number, token.start, digits.end)
                return .postfix
            }
            markOpaque()
            return .operand
        case .bang:
            read()
            markOpaque()
            return .operand
        case .number:
            read()
            try checkNumber(token)
            appendLeaf(.number, token.start, token.end)
            return .postfix
        case .identifier:
            read()
            return try parseWord(token)
        case .openQuote, .openHeredoc:
            read()
            return try openTemplate(opener)
        case .openBracket:
            read()
            return try openTuple(opener)
        case .openBrace:
            read()
            return try openObject(opener)
        case .openParen:
            read()
            if isAtStart(token) { top.isComputedKey = true }
            markOpaque()
            pushNewlines(count: false)
            try push(.paren, opener: opener)
            beginExpression()
            return .operand
        case .endOfFile:
            throw failure(
                "Missing expression",
                "Expected the start of an expression, but found the end of the file.", at: token)
        default:
            throw failure(
                "Invalid expression",
                "Expected the start of an expression, but found an invalid expression token.",
                at: token)
        }
    }

    private mutating func parseWord(_ word: Token) throws(SyntaxError) -> State {
        let next = next.kind
        if next == .openParen || next == .doubleColon { return try openCall(word) }
        if top.kind == .objectKey, isAtStart(word) {
            top.keyShape = .name
            appendLeaf(.name, word.start, word.end)
        } else if isWord("true", word) || isWord("false", word) {
            appendLeaf(.bool, word.start, word.end)
        } else if isWord("null", word) {
            appendLeaf(.null, word.start, word.end)
        } else {
            markOpaque()
            noteReference(at: word.start)
        }
        return .postfix
    }

    /// A name that is not bound by a `for` around it may not occur in a variables file.
    private mutating func noteReference(at start: Int) {
        let end = UTF8Bytes.endOfIdentifier(in: bytes, from: start)
        let name = bytes[start..<end]
        if scope.contains(where: { bytes[$0].elementsEqual(name) }) { return }
        for keyword in ["true", "false", "null"] where name.elementsEqual(keyword.utf8) { return }
        if scope.isEmpty {
            noteEvaluationError(
                "Variables not allowed", "Variables may not be used here.", at: start)
        } else {
            noteEvaluationError(
                "Unknown variable",
                "There is no variable named \"\(String(decoding: name, as: UTF8.self))\".",
                at: start)
        }
    }

    func checkNumber(_ token: Token) throws(SyntaxError) {
        guard NumberText.isValid(text(token)) else {
            throw failure(
                "Invalid number literal", "Failed to recognize the value of this number literal.",
                at: token)
        }
    }

    // MARK: Operators

    private mutating func parseOperation() -> State {
        let opener = nextIndex
        switch next.kind {
        case .or, .and, .equalTo, .notEqual, .greater, .greaterOrEqual, .less, .lessOrEqual,
            .plus, .minus, .star, .slash, .percent:
            demoteKey()
            read()
            return .operand
        case .question:
            let condition = literalCondition
            demoteKey()
            read()
            // A conditional opens a construct that its colon closes; it cannot nest deeper than
            // the tokens of the file, and it holds no values of its own.
            outerFrames.append(top)
            top = Frame(.ternary, opener: opener)
            top.condition = condition
            if condition != true { unevaluatedDepth += 1 }
            beginExpression()
            return .operand
        default: return .finished
        }
    }

    /// The expression so far, if it is just `true` or `false`.
    var literalCondition: Bool? {
        guard !top.isOpaque, tree.nodes.count == top.firstNode + 1,
            let node = tree.nodes.last, node.kind == .bool
        else { return nil }
        return bytes[node.start] == UInt8(ascii: "t")
    }

    /// The key so far turns out to be an operand, so its name is a reference after all.
    private mutating func demoteKey() {
        if top.kind == .objectKey, top.keyShape == .traversal {
            top.keyShape = .none
            noteReference(at: top.firstByte)
        }
        markOpaque()
    }
}
