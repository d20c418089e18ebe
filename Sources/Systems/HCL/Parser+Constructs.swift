/// Lists, objects, calls, `for` expressions: what surrounds an inner expression.
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

    private mutating func pop() {
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
        popFrame()
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
    private var opener: Token { tokens[top.opener] }

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

    // MARK: Calls

    mutating func openCall(_ name: Token) throws(SyntaxError) -> State {
        let nameIndex = index - 1
        var open = read()
        while open.kind == .doubleColon {
            let part = read()
            guard part.kind == .identifier else {
                throw failure(
                    "Missing function name",
                    "Function scope resolution symbol :: must be followed by a function name in "
                        + "this scope.", at: part)
            }
            open = read()
        }
        guard open.kind == .openParen else {
            throw failure(
                "Missing open parenthesis",
                "Function selector must be followed by an open parenthesis to begin the function "
                    + "call.", at: open)
        }
        markOpaque()
        noteEvaluationError(
            "Function calls not allowed", "Functions may not be called here.", at: name.start)
        unevaluatedDepth += 1
        pushNewlines(count: false)
        try push(.call, opener: nameIndex)
        return nextArgument()
    }

    private mutating func nextArgument() -> State {
        if next.kind == .closeParen { return closeCall() }
        beginExpression()
        return .operand
    }

    private mutating func closeCall() -> State {
        read()
        unevaluatedDepth -= 1
        pop()
        return .postfix
    }

    private mutating func finishArgument() throws(SyntaxError) -> State {
        let separator = next
        switch separator.kind {
        case .closeParen: return closeCall()
        case .ellipsis:
            read()
            guard next.kind == .closeParen else {
                throw failure(
                    "Missing closing parenthesis",
                    "An expanded function argument (with ...) must be immediately followed by "
                        + "closing parentheses.", at: separator)
            }
            return closeCall()
        case .comma:
            read()
            return nextArgument()
        case .endOfFile:
            throw failure(
                "Unterminated function call",
                "There is no closing parenthesis for this function call before the end of the "
                    + "file. This may be caused by incorrect parenthesis nesting elsewhere in this "
                    + "file.", at: opener)
        default:
            throw failure(
                "Missing argument separator",
                "A comma is required to separate each function argument from the next.",
                at: separator)
        }
    }

    // MARK: For expressions

    /// Reads the names of a `for`: the caller has set newlines to be ignored.
    private mutating func openFor(
        _ opener: Int, closer: Token.Kind
    ) throws(SyntaxError) -> State {
        read()
        markOpaque()
        try push(.forCollection, opener: opener)
        top.closer = closer
        let details = Frame.Details()
        details.outerScope = scope.count
        details.names = try parseForNames(what: "expression", title: "Invalid 'for' expression")
        top.details = details
        beginExpression()
        return .operand
    }

    /// `name in` or `key, value in`.
    mutating func parseForNames(
        what: String, title: String
    ) throws(SyntaxError) -> [Range<Int>] {
        var names: [Range<Int>] = []
        let first = next
        guard first.kind == .identifier else {
            throw failure(title, "For \(what) requires variable name after 'for'.", at: first)
        }
        read()
        names.append(first.start..<first.end)
        if next.kind == .comma {
            read()
            let second = next
            guard second.kind == .identifier else {
                throw failure(
                    title, "For \(what) requires value variable name after comma.", at: second)
            }
            read()
            names.append(second.start..<second.end)
        }
        let word = next
        guard isWord("in", word) else {
            throw failure(title, "For \(what) requires 'in' keyword after names.", at: word)
        }
        read()
        return names
    }

    private func invalidFor(_ detail: String, at token: Token) -> SyntaxError {
        failure("Invalid 'for' expression", detail, at: token)
    }

    private mutating func finishCollection() throws(SyntaxError) -> State {
        let colon = next
        guard colon.kind == .colon else {
            throw invalidFor(
                "For expression requires a colon after the collection expression.", at: colon)
        }
        read()
        let first = top.firstNode
        if !top.isOpaque, first < tree.nodes.count,
            tree.nodes[first].kind == .list || tree.nodes[first].kind == .object,
            tree.nodes[first].next == first + 1
        {
            // Nothing is done for each of no elements.
            top.isNeverEvaluated = true
            unevaluatedDepth += 1
        }
        scope.append(contentsOf: top.details?.names ?? [])
        top.kind = .forBody
        beginExpression()
        return .operand
    }

    private mutating func finishForBody() throws(SyntaxError) -> State {
        let start = top.firstByte
        guard next.kind == .fatArrow else { return try finishForValue(from: start) }
        read()
        top.details?.forKey = start
        top.kind = .forValue
        beginExpression()
        return .operand
    }

    private mutating func finishForValue(from start: Int) throws(SyntaxError) -> State {
        if next.kind == .ellipsis { top.details?.forGrouping = read().start }
        // Kept for the complaint about a missing key.
        top.details?.forValue = start
        guard isWord("if", next) else { return try closeFor() }
        read()
        top.kind = .forCondition
        beginExpression()
        return .operand
    }

    private mutating func closeFor() throws(SyntaxError) -> State {
        let frame = top
        let close = next
        guard close.kind == frame.closer else {
            throw invalidFor("Extra characters after the end of the 'for' expression.", at: close)
        }
        read()
        let title = "Invalid 'for' expression"
        if frame.closer == .closeBrace {
            if frame.details?.forKey == nil {
                throw SyntaxError(
                    title, "Key expression is required when building an object.",
                    at: frame.details?.forValue ?? frame.firstByte)
            }
        } else if let key = frame.details?.forKey {
            throw SyntaxError(
                title, "Key expression is not valid when building a tuple.", at: key)
        } else if let grouping = frame.details?.forGrouping {
            throw SyntaxError(
                title, "Grouping ellipsis (...) cannot be used when building a tuple.",
                at: grouping)
        }
        scope.removeLast(scope.count - (frame.details?.outerScope ?? 0))
        if frame.isNeverEvaluated { unevaluatedDepth -= 1 }
        pop()
        return .postfix
    }
}
