/// `for` expressions, and the names in their headers.
extension Parser {
    /// Reads the names of a `for`: the caller has set newlines to be ignored.
    mutating func openFor(
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

    mutating func finishCollection() throws(SyntaxError) -> State {
        let colon = next
        guard colon.kind == .colon else {
            throw invalidFor(
                "For expression requires a colon after the collection expression.", at: colon)
        }
        read()
        if !isLiteralWithElements {
            top.isNeverEvaluated = true
            unevaluatedDepth += 1
        }
        scope.append(contentsOf: top.details?.names ?? [])
        top.details?.outerError = tree.evaluationError
        top.kind = .forBody
        beginExpression()
        return .operand
    }

    /// The expression so far is a list or object with something in it, so that a loop over it is
    /// sure to be run.
    var isLiteralWithElements: Bool {
        let first = top.firstNode
        guard !top.isOpaque, first < tree.nodes.count else { return false }
        let node = tree.nodes[first]
        return (node.kind == .list || node.kind == .object) && node.next > first + 1
    }

    mutating func finishForBody() throws(SyntaxError) -> State {
        let start = top.firstByte
        guard next.kind == .fatArrow else { return try finishForValue(from: start) }
        read()
        top.details?.forKey = start
        top.kind = .forValue
        beginExpression()
        return .operand
    }

    mutating func finishForValue(from start: Int) throws(SyntaxError) -> State {
        if next.kind == .ellipsis { top.details?.forGrouping = read().start }
        // Kept for the complaint about a missing key.
        top.details?.forValue = start
        guard isWord("if", next) else { return try closeFor() }
        read()
        // Whether anything in front of the condition is evaluated depends on it.
        tree.evaluationError = top.details?.outerError
        top.kind = .forCondition
        beginExpression()
        return .operand
    }

    mutating func closeFor() throws(SyntaxError) -> State {
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
