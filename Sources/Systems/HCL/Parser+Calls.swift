/// Function calls. A variables file must not have any, but they have to be skipped to tell.
extension Parser {
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

    mutating func finishArgument() throws(SyntaxError) -> State {
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
}
