/// Quoted strings and heredocs, with the sequences in them.
extension Parser {
    mutating func openTemplate(_ opener: Int) throws(SyntaxError) -> State {
        let isQuoted = tokens[opener].kind == .openQuote
        let node = tree.nodes.count
        tree.nodes.append(
            Node(isQuoted ? .string : .heredoc, tokens[opener].start, 0, next: node + 1))
        // The usual case, without a frame: one piece of text between quotes.
        if isQuoted, let end = try plainStringEnd() {
            tree.nodes[node].end = end
            return .postfix
        }
        try push(.template, opener: min(opener + 1, tokens.count - 1))
        top.node = node
        top.closer = isQuoted ? .closeQuote : .closeHeredoc
        let details = Frame.Details()
        details.outerDirectives = directives.count
        top.details = details
        return .template
    }

    private mutating func plainStringEnd() throws(SyntaxError) -> Int? {
        guard index < tokens.count else { return nil }
        var close = index
        let text = tokens[close]
        if text.kind == .quotedText || text.kind == .escapedText {
            try checkEscapes(of: text)
            close += 1
        }
        guard close < tokens.count, tokens[close].kind == .closeQuote else { return nil }
        skip(to: close + 1)
        return tokens[close].end
    }

    func checkEscapes(of token: Token) throws(SyntaxError) {
        guard token.kind == .escapedText else { return }
        _ = try StringText.decode(bytes, token.start..<token.end)
    }

    mutating func parseTemplatePart() throws(SyntaxError) -> State {
        let opener = nextIndex
        let token = read()
        switch token.kind {
        case top.closer: return try closeTemplate(at: token)
        case .quotedText, .escapedText, .heredocText:
            try checkEscapes(of: token)
            return .template
        case .interpolation:
            top.isOpaque = true
            pushNewlines(count: false)
            let closer = top.closer
            try push(.interpolation, opener: top.opener)
            top.closer = closer
            beginExpression()
            return .operand
        case .directive:
            top.isOpaque = true
            pushNewlines(count: false)
            return try parseDirective(token, opener: opener)
        default:
            throw failure(
                "Unterminated template string", "No closing marker was found for the string.",
                at: token)
        }
    }

    private mutating func closeTemplate(at token: Token) throws(SyntaxError) -> State {
        let frame = top
        popFrame()
        if directives.count > frame.details?.outerDirectives ?? 0, let open = directives.last {
            throw failure(
                "Unexpected end of template",
                "The \(open.isLoop ? "for" : "if") directive is missing its corresponding "
                    + "\(open.isLoop ? "endfor" : "endif") directive.", at: token)
        }
        tree.nodes.removeLast(tree.nodes.count - frame.node - 1)
        tree.nodes[frame.node].end = token.end
        if frame.isOpaque { tree.nodes[frame.node].kind = .expression }
        return .postfix
    }

    mutating func finishInterpolation() throws(SyntaxError) -> State {
        let close = next
        let frame = top
        if close.kind == .sequenceEnd {
            read()
            popFrame()
            popNewlines()
            return .template
        }
        let unclosed = "Unclosed template interpolation sequence"
        let extra = "Extra characters after interpolation expression"
        switch close.kind {
        case .endOfFile:
            throw failure(
                unclosed,
                "There is no closing brace for this interpolation sequence before the end of the "
                    + "file. This might be caused by incorrect nesting inside the given "
                    + "expression.", at: tokens[frame.opener])
        case .closeQuote where frame.closer == .closeQuote,
            .openQuote where frame.closer == .closeQuote:
            throw failure(
                unclosed,
                "There is no closing brace for this interpolation sequence before the end of the "
                    + "quoted template. This might be caused by incorrect nesting inside the given "
                    + "expression.", at: tokens[frame.opener])
        case .colon:
            throw failure(
                extra,
                "Template interpolation doesn't expect a colon at this location. A literal "
                    + "sequence is escaped by starting with \"$${\" instead of just \"${\".",
                at: close)
        default:
            throw failure(
                extra,
                "Expected a closing brace to end the interpolation expression, but found extra "
                    + "characters. A sequence of another language is escaped by starting with "
                    + "\"$${\" instead of just \"${\".", at: close)
        }
    }

    // MARK: Directives

    private mutating func parseDirective(
        _ start: Token, opener: Int
    ) throws(SyntaxError) -> State {
        let word = next
        guard word.kind == .identifier else {
            throw failure(
                "Invalid template directive",
                "A template directive keyword (\"if\", \"for\", etc) is expected at the beginning "
                    + "of a %{ sequence.", at: word)
        }
        read()
        if isWord("if", word) || isWord("for", word) {
            let isLoop = isWord("for", word)
            let names =
                isLoop
                ? try parseForNames(what: "directive", title: "Invalid 'for' directive") : []
            try push(isLoop ? .forDirective : .ifDirective, opener: opener)
            let details = Frame.Details()
            details.names = names
            details.directive = word
            top.details = details
            beginExpression()
            return .operand
        }
        guard ["else", "endif", "endfor"].contains(where: { text(word).elementsEqual($0.utf8) })
        else {
            throw failure(
                "Invalid template control keyword",
                "\"\(String(decoding: text(word), as: UTF8.self))\" is not a valid template "
                    + "control keyword.", at: word)
        }
        try endDirective(word, at: start)
        try parseSequenceEnd(word)
        return .template
    }

    /// The expression of an `if` or `for` directive has ended.
    mutating func finishDirective() throws(SyntaxError) -> State {
        let frame = top
        guard let word = frame.details?.directive else { return .template }
        let isLoop = frame.kind == .forDirective
        let condition = isLoop ? nil : literalCondition
        let isSure = isLoop ? isLiteralWithElements : condition == true
        popFrame()
        try parseSequenceEnd(word)
        directives.append(
            TemplateDirective(
                isLoop: isLoop, outerScope: scope.count, condition: condition,
                isUnevaluated: !isSure))
        if !isSure { unevaluatedDepth += 1 }
        scope.append(contentsOf: frame.details?.names ?? [])
        return .template
    }

    private mutating func parseSequenceEnd(_ word: Token) throws(SyntaxError) {
        let close = next
        guard close.kind == .sequenceEnd else {
            throw failure(
                "Extra characters in \(String(decoding: text(word), as: UTF8.self)) marker",
                "Expected a closing brace to end the sequence, but found extra characters.",
                at: close)
        }
        read()
        popNewlines()
    }

    private mutating func endDirective(_ word: Token, at start: Token) throws(SyntaxError) {
        let name = String(decoding: text(word), as: UTF8.self)
        let isOpen = directives.count > top.details?.outerDirectives ?? 0
        guard isOpen, var open = directives.popLast(),
            isWord("else", word) ? !open.isLoop && !open.hasElse : open.isLoop == (name == "endfor")
        else {
            throw failure(
                "Unexpected \(name) directive",
                "The control directives within this template are unbalanced.", at: start)
        }
        if open.isUnevaluated { unevaluatedDepth -= 1 }
        if isWord("else", word) {
            open.hasElse = true
            open.isUnevaluated = open.condition != false
            if open.isUnevaluated { unevaluatedDepth += 1 }
            directives.append(open)
        } else {
            scope.removeLast(scope.count - open.outerScope)
        }
    }
}
