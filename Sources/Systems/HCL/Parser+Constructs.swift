/// Lists, objects and other constructs around an inner expression.
extension Parser {
    /// An inner expression has ended: goes on with the construct around it.
    mutating func finishInner() throws(SyntaxError) -> State {
        switch top.kind {
        case .tuple: return try finishElement()
        case .objectKey: return try finishKey()
        case .objectValue: return try finishMember()
        case .paren: return try finishParen()
        case .index: return try finishIndex()
        case .call: return try finishArgument()
        case .interpolation: return try finishInterpolation()
        case .ifDirective, .forDirective: return try finishDirective()
        case .ternary: return try finishTrueResult()
        case .forCollection: return try finishCollection()
        case .forBody: return try finishForBody()
        case .forValue: return try finishForValue(from: top.firstByte)
        case .forCondition: return try closeFor()
        case .template, .attribute: return .finished
        }
    }

    /// Ends the innermost construct, and its rule for newlines with it.
    mutating func pop() {
        popFrame()
        popNewlines()
    }

    private mutating func finishTrueResult() throws(SyntaxError) -> State {
        let colon = next
        guard colon.kind == .colon else {
            throw failure(
                "Missing false expression in conditional",
                "The conditional operator (...?...:...) requires a false expression, delimited by "
                    + "a colon.", at: colon)
        }
        read()
        let condition = top.condition
        popFrame()
        // Terraform ignores what is wrong with the result that is not chosen; which one that is
        // is not known when the condition has to be evaluated.
        if condition != true { unevaluatedDepth -= 1 }
        if condition != false, top.decidedConditionals < .max {
            top.decidedConditionals += 1
            unevaluatedDepth += 1
        }
        return .operand
    }

    private mutating func finishParen() throws(SyntaxError) -> State {
        let close = next
        guard close.kind == .closeParen else {
            throw failure(
                "Unbalanced parentheses",
                "Expected a closing parenthesis to terminate the expression.", at: close)
        }
        read()
        pop()
        return .postfix
    }

    private mutating func finishIndex() throws(SyntaxError) -> State {
        let close = read()
        guard close.kind == .closeBracket else {
            throw failure(
                "Missing close bracket on index",
                "The index operator must end with a closing bracket (\"]\").",
                at: nextCloseBracket())
        }
        pop()
        return .postfix
    }

    /// The closing bracket that Terraform blames for one that is missing earlier.
    func nextCloseBracket() -> Token {
        var depth = 0
        for token in tokens[min(index, tokens.count - 1)...] {
            if token.kind == .openBracket { depth += 1 }
            guard token.kind == .closeBracket else { continue }
            if depth == 0 { return token }
            depth -= 1
        }
        return tokens[tokens.count - 1]
    }

    // MARK: Lists

    mutating func openTuple(_ opener: Int) throws(SyntaxError) -> State {
        pushNewlines(count: false)
        if isWord("for", next) { return try openFor(opener, closer: .closeBracket) }
        try push(.tuple, opener: opener)
        openContainer(.list, at: opener)
        return nextElement()
    }

    private mutating func openContainer(_ kind: Node.Kind, at opener: Int) {
        top.node = tree.nodes.count
        tree.nodes.append(Node(kind, tokens[opener].start, 0, next: 0))
    }

    private mutating func closeContainer() -> State {
        let close = read()
        let node = top.node
        tree.nodes[node].end = close.end
        tree.nodes[node].next = tree.nodes.count
        pop()
        return .postfix
    }

    private mutating func nextElement() -> State {
        if next.kind == .closeBracket { return closeContainer() }
        beginExpression()
        return .operand
    }

    private mutating func finishElement() throws(SyntaxError) -> State {
        endExpression()
        let next = next
        switch next.kind {
        case .closeBracket: return closeContainer()
        case .comma:
            read()
            return nextElement()
        case .endOfFile:
            throw failure(
                "Unterminated tuple constructor expression",
                "There is no corresponding closing bracket before the end of the file. This may be "
                    + "caused by incorrect bracket nesting elsewhere in this file.", at: opener)
        default:
            throw failure(
                "Missing item separator",
                "Expected a comma to mark the beginning of the next item.", at: next)
        }
    }

    /// The token that opened the innermost construct.
    var opener: Token { tokens[top.opener] }

    // MARK: Objects

    mutating func openObject(_ opener: Int) throws(SyntaxError) -> State {
        pushNewlines(count: false)
        if isWord("for", next) { return try openFor(opener, closer: .closeBrace) }
        setNewlines(count: true)
        try push(.objectKey, opener: opener)
        openContainer(.object, at: opener)
        return nextMember()
    }

    private mutating func nextMember() -> State {
        while nextKind == .newline { read() }
        if next.kind == .closeBrace { return closeContainer() }
        top.kind = .objectKey
        top.isComputedKey = false
        beginExpression()
        return .operand
    }

    private mutating func finishKey() throws(SyntaxError) -> State {
        let frame = top
        if frame.keyShape == .traversal, !frame.isComputedKey {
            noteEvaluationError(
                "Ambiguous attribute key",
                "If this expression is intended to be a reference, wrap it in parentheses. If it's "
                    + "instead intended as a literal name containing periods, wrap it in quotes to "
                    + "create a string literal.", at: frame.firstByte)
        }
        endExpression()
        let key = tree.nodes[top.firstNode]
        if key.kind == .list || key.kind == .object {
            noteEvaluationError(
                "Incorrect key type", "Can't use this value as a key: string required.",
                at: key.start)
        }
        let next = next
        switch next.kind {
        case .equal, .colon:
            read()
            top.kind = .objectValue
            beginExpression()
            return .operand
        case .newline, .comment, .comma:
            throw failure(
                "Missing attribute value",
                "Expected an attribute value, introduced by an equals sign (\"=\").", at: next)
        case .identifier:
            throw failure(
                "Missing key/value separator",
                "Expected an equals sign (\"=\") to mark the beginning of the attribute value. If "
                    + "you intended to given an attribute name containing periods or spaces, write "
                    + "the name in quotes to create a string literal.", at: next)
        case .endOfFile: throw unterminatedObject()
        default:
            throw failure(
                "Missing key/value separator",
                "Expected an equals sign (\"=\") to mark the beginning of the attribute value.",
                at: next)
        }
    }

    private mutating func finishMember() throws(SyntaxError) -> State {
        endExpression()
        let next = next
        switch next.kind {
        case .closeBrace: return closeContainer()
        case .comma, .newline, .comment:
            read()
            return nextMember()
        case .endOfFile: throw unterminatedObject()
        default:
            throw failure(
                "Missing attribute separator",
                "Expected a newline or comma to mark the beginning of the next attribute.",
                at: next)
        }
    }

    private func unterminatedObject() -> SyntaxError {
        failure(
            "Unterminated object constructor expression",
            "There is no corresponding closing brace before the end of the file. This may be "
                + "caused by incorrect brace nesting elsewhere in this file.", at: opener)
    }
}
