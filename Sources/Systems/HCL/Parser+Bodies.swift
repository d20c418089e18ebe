/// Files and blocks: attributes, blocks and what separates them.
extension Parser {
    private struct OpenBlock {
        let block: Int
        let brace: Token
    }

    mutating func parseBody() throws(SyntaxError) {
        var open: [OpenBlock] = []
        while true {
            let next = next
            switch next.kind {
            case .newline, .comment: read()
            case .identifier:
                if let block = try parseItem(in: open.last?.block) { open.append(block) }
            case .endOfFile:
                guard let block = open.last else { return }
                throw failure(
                    "Unclosed configuration block",
                    "There is no closing brace for this block before the end of the file. This may "
                        + "be caused by incorrect brace nesting elsewhere in this file.",
                    at: block.brace)
            case .closeBrace where !open.isEmpty:
                read()
                let block = open.removeLast()
                tree.blocks[block.block].body = block.brace.end..<next.start
                try parseEndOfBlock()
            case .openQuote:
                throw failure(
                    "Invalid argument name", "Argument names must not be quoted.", at: next)
            default:
                throw failure(
                    "Argument or block definition required",
                    "An argument or block definition is required here.", at: next)
            }
        }
    }

    /// Parses an attribute, or the header of a block, which is returned when its body follows.
    private mutating func parseItem(in block: Int?) throws(SyntaxError) -> OpenBlock? {
        let name = read()
        switch nextKind {
        case .equal:
            try parseAttribute(name, in: block)
            try parseEndOfAttribute()
            return nil
        case .openQuote, .openBrace, .identifier: return try parseBlock(name, in: block)
        default: throw missingDefinition(at: name)
        }
    }

    private func missingDefinition(at name: Token) -> SyntaxError {
        failure(
            "Argument or block definition required",
            "An argument or block definition is required here. To set an argument, use the equals "
                + "sign \"=\" to introduce the argument value.", at: name)
    }

    private mutating func parseAttribute(_ name: Token, in block: Int?) throws(SyntaxError) {
        let hash = AttributeIndex.hash(text(name), block: block)
        if let known = tree.index.find(
            text(name), block: block, hash: hash, in: tree.attributes, bytes)
        {
            let place = SourcePlace(of: tree.attributes[known].name.lowerBound, in: bytes)
            throw failure(
                "Attribute redefined",
                "The argument \"\(String(decoding: text(name), as: UTF8.self))\" was already set "
                    + "at line \(place.line), column \(place.column). Each argument may be set "
                    + "only once.", at: name)
        }
        read()
        let value = tree.nodes.count
        try parseExpression()
        tree.attributes.append(
            AttributeRecord(name: name.start..<name.end, value: value, block: block, hash: hash))
        tree.index.insertLast(of: tree.attributes)
    }

    private mutating func parseEndOfAttribute() throws(SyntaxError) {
        let end = next
        switch end.kind {
        case .newline, .comment, .endOfFile: read()
        case .comma:
            throw failure(
                "Unexpected comma after argument",
                "Argument definitions must be separated by newlines, not commas. An argument "
                    + "definition must end with a newline.", at: end)
        default:
            throw failure(
                "Missing newline after argument", "An argument definition must end with a newline.",
                at: end)
        }
    }

    private mutating func parseBlock(
        _ type: Token, in parent: Int?
    ) throws(SyntaxError) -> OpenBlock? {
        let block = tree.blocks.count
        tree.blocks.append(BlockRecord(type: type.start..<type.end, parent: parent))
        while next.kind != .openBrace {
            let label = try parseLabel()
            tree.blocks[block].labels.append(label)
        }
        let brace = read()
        try checkDepth(of: block, at: brace)
        switch nextKind {
        case .newline, .endOfFile, .closeBrace: return OpenBlock(block: block, brace: brace)
        default:
            try parseOnlyAttribute(of: block, brace: brace)
            return nil
        }
    }

    private func checkDepth(of block: Int, at brace: Token) throws(SyntaxError) {
        var depth = 0
        var parent = tree.blocks[block].parent
        while let outer = parent, depth <= Parser.deepestNesting {
            depth += 1
            parent = tree.blocks[outer].parent
        }
        if depth >= 100 { throw nestedTooDeeply(at: brace) }
    }

    private mutating func parseLabel() throws(SyntaxError) -> Range<Int> {
        let token = next
        switch token.kind {
        case .identifier:
            read()
            return token.start..<token.end
        case .openQuote: return try parseQuotedLabel()
        case .equal:
            throw failure(
                "Invalid block definition",
                "The equals sign \"=\" indicates an argument definition, and must not be used when "
                    + "defining a block.", at: token)
        case .newline, .comment:
            throw failure(
                "Invalid block definition",
                "A block definition must have block content delimited by \"{\" and \"}\", starting "
                    + "on the same line as the block header.", at: token)
        default:
            throw failure(
                "Invalid block definition",
                "Either a quoted string block label or an opening brace (\"{\") is expected here.",
                at: token)
        }
    }

    private mutating func parseQuotedLabel() throws(SyntaxError) -> Range<Int> {
        let quote = read()
        while true {
            let token = read()
            switch token.kind {
            case .closeQuote: return quote.start..<token.end
            case .quotedText, .escapedText: try checkEscapes(of: token)
            case .interpolation, .directive:
                throw failure(
                    "Invalid string literal",
                    "Template sequences are not allowed in this string. To include a literal "
                        + "\"$\" or \"%\", double it to escape it.", at: token)
            case .endOfFile:
                throw failure(
                    "Unterminated string literal",
                    "Unable to find the closing quote mark before the end of the file.", at: token)
            default:
                throw failure(
                    "Invalid string literal", "This item is not valid in a string literal.",
                    at: token)
            }
        }
    }

    /// The body of a block that is written on the line of its header.
    private mutating func parseOnlyAttribute(
        of block: Int, brace: Token
    ) throws(SyntaxError) {
        let name = read()
        guard name.kind == .identifier else {
            throw failure(
                "Argument or block definition required",
                "An argument or block definition is required here.", at: name)
        }
        switch nextKind {
        case .equal: try parseAttribute(name, in: block)
        case .openQuote, .openBrace, .identifier:
            throw failure(
                "Argument definition required",
                "A single-line block definition can contain only a single argument. To define a "
                    + "nested block, place it on a line of its own within its parent block.",
                at: name)
        default: throw missingDefinition(at: name)
        }
        let end = next
        switch end.kind {
        case .closeBrace:
            read()
            tree.blocks[block].body = brace.end..<end.start
            try parseEndOfBlock()
        case .endOfFile:
            throw failure(
                "Unclosed configuration block",
                "There is no closing brace for this block before the end of the file. This may be "
                    + "caused by incorrect brace nesting elsewhere in this file.", at: brace)
        default:
            throw failure(
                "Invalid single-argument block definition",
                "A single-line block definition must end with a closing brace immediately after "
                    + "its single argument definition.", at: end)
        }
    }

    private mutating func parseEndOfBlock() throws(SyntaxError) {
        let end = next
        switch end.kind {
        case .newline, .comment, .endOfFile: read()
        default:
            throw failure(
                "Missing newline after block definition",
                "A block definition must end with a newline.", at: end)
        }
    }
}
