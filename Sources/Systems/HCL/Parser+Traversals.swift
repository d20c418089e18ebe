/// What may follow an operand: attributes, indexes, splats.
extension Parser {
    mutating func parsePostfix() throws(SyntaxError) -> State {
        let opener = nextIndex
        switch next.kind {
        case .dot:
            markTraversal()
            read()
            return try parseDot()
        case .openBracket:
            markTraversal()
            read()
            if next.kind == .star {
                read()
                let close = read()
                guard close.kind == .closeBracket else {
                    throw failure(
                        "Missing close bracket on splat index",
                        "The star for a full splat operator must be immediately followed by a "
                            + "closing bracket (\"]\").", at: nextCloseBracket())
                }
                return .postfix
            }
            pushNewlines(count: false)
            try push(.index, opener: opener)
            beginExpression()
            return .operand
        default: return .operation
        }
    }

    private mutating func markTraversal() {
        guard top.keyShape == .none else {
            top.keyShape = .traversal
            top.isOpaque = true
            return
        }
        markOpaque()
    }

    private mutating func parseDot() throws(SyntaxError) -> State {
        let token = next
        switch token.kind {
        case .identifier: read()
        case .number:
            read()
            try checkLegacyIndex(token)
        case .star:
            read()
            while next.kind == .dot {
                read()
                let name = next
                switch name.kind {
                case .identifier: read()
                case .number:
                    read()
                    try checkLegacyIndex(name)
                case .star:
                    throw failure(
                        "Nested splat expression not allowed",
                        "A splat expression (*) cannot be used inside another attribute-only splat "
                            + "expression.", at: name)
                default:
                    throw failure(
                        "Invalid attribute name", "An attribute name is required after a dot.",
                        at: token)
                }
            }
        default:
            throw failure(
                "Invalid attribute name", "An attribute name is required after a dot.", at: token)
        }
        return .postfix
    }

    private func checkLegacyIndex(_ token: Token) throws(SyntaxError) {
        guard !text(token).contains(UInt8(ascii: ".")) else {
            throw failure(
                "Invalid legacy index syntax",
                "When using the legacy index syntax, chaining two indexes together is not "
                    + "permitted. Use the proper index syntax instead, like [0][1].", at: token)
        }
        try checkNumber(token)
    }
}
