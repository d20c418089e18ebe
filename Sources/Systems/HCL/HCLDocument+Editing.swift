/// Changing one value.
extension HCLDocument {
    /// Replaces the value at a path by a text that someone typed, keeping its type: a string
    /// stays a quoted string, a number needs a number, a bool needs `true` or `false`. A text
    /// that means what is there already changes nothing. Anything but these three is refused.
    package func setting(_ path: HCLPath, to text: String) throws(HCLError) -> HCLDocument {
        let node = try node(at: path)
        switch tree.nodes[node].kind {
        case .string:
            if self.text(ofString: tree.nodes[node].range).utf8.elementsEqual(text.utf8) {
                return self
            }
            return try replacingLeaf(node, with: quoted(text))
        case .number:
            guard NumberText.isValidValue(text), syntax != .json || JSONText.isNumber(text) else {
                throw failure(
                    "Not a number", "\(path) is a number, and \"\(text)\" is not.", at: node)
            }
            return try replacingLeaf(node, with: Array(text.utf8))
        case .bool:
            guard text == "true" || text == "false" else {
                throw failure(
                    "Not a bool",
                    "\(path) is \(source(of: node)); it can be set to true or false, not to "
                        + "\"\(text)\".", at: node)
            }
            return try replacingLeaf(node, with: Array(text.utf8))
        case .expression, .heredoc:
            throw failure(
                "Not a plain value",
                "\(path) is \(HCLDocument.kindName(tree.nodes[node].kind)), not a plain value. It "
                    + "can only be replaced as a whole, by an expression.", at: node)
        case .null, .list, .object, .name:
            throw failure(
                "Not a single value",
                "\(path) is \(HCLDocument.kindName(tree.nodes[node].kind)). It can only be "
                    + "replaced as a whole, by an expression.", at: node)
        }
    }

    /// Replaces whatever is at a path by an expression (HCL, or JSON in a JSON file).
    package func setting(
        _ path: HCLPath, toExpression expression: String
    ) throws(HCLError) -> HCLDocument {
        let node = try node(at: path)
        return try replacing(node, with: try checkedExpression(expression))
    }

    /// Adds `name = expression` at the end of a file of values. Throws when the name is set
    /// already.
    package func appending(
        _ name: String, expression: String
    ) throws(HCLError) -> HCLDocument {
        if syntax == .json { return try inserting(expression, as: name, intoObject: 0) }
        guard syntax == .variables, UTF8Bytes.isIdentifier(name) else {
            throw HCLError(
                "Invalid argument name",
                "\"\(name)\" cannot be added to this file as an argument.", at: bytes.count,
                in: bytes)
        }
        if let known = try? node(at: HCLPath(name: name)) {
            throw failure("Set already", "\(name) is set already.", at: known)
        }
        let value = try checkedExpression(expression)
        let newline = newline
        let addition = Array(name.utf8) + Array(" = ".utf8) + value + newline
        // Blanks behind the last thing in the file make room.
        let end = tree.tokens.dropLast().last?.end ?? SourcePlace.firstByte(of: bytes)
        let isEnded = end == lineStart(of: end)
        return try applying([Splice(end..<bytes.count, (isEnded ? [] : newline) + addition)])
    }

    /// Adds a string value at the end of a file of values.
    package func appending(_ name: String, string: String) throws(HCLError) -> HCLDocument {
        try appending(name, expression: String(decoding: quoted(string), as: UTF8.self))
    }

    /// Without some ranges of bytes, such as whole statements. What was aligned stays so.
    package func removing(_ ranges: [Range<Int>]) throws(HCLError) -> HCLDocument {
        try applying(ranges.map { Splice($0, []) })
    }

    /// A string as it is written in this kind of file, with its quotes.
    package func literal(_ text: String) -> String {
        String(decoding: quoted(text), as: UTF8.self)
    }

    func quoted(_ text: String) -> [UInt8] {
        syntax == .json ? JSONText.quoted(text) : StringText.quoted(text)
    }

    /// The line ending of the file.
    var newline: [UInt8] {
        guard let first = bytes.firstIndex(of: UInt8(ascii: "\n")), first > 0,
            bytes[first - 1] == UInt8(ascii: "\r")
        else { return [UInt8(ascii: "\n")] }
        return [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    /// The bytes of an expression, if it is exactly one. The error's place is a place in it.
    package func checkedExpression(_ expression: String) throws(HCLError) -> [UInt8] {
        let text = Array(expression.utf8)
        let value = Array(UTF8Bytes.trimmed(text, 0..<text.count))
        let opening = Array((syntax == .json ? "{\"v\":" : "v = ").utf8)
        let closing = Array((syntax == .json ? "}" : "\n").utf8)
        do throws(HCLError) {
            let parsed = try HCLDocument(
                parsing: opening + value + closing, as: syntax == .json ? .json : .variables)
            let ends = parsed.attributes.first?.value.byteRange
            guard parsed.attributes.count == 1, ends?.count == value.count else {
                throw HCLError(
                    "Invalid expression", "This is not exactly one value.", at: opening.count,
                    in: opening + value)
            }
            return value
        } catch {
            let offset = min(max(0, error.byteOffset - opening.count), value.count)
            throw HCLError(error.summary, error.detail, at: offset, in: value)
        }
    }

    func replacing(_ node: Int, with value: [UInt8]) throws(HCLError) -> HCLDocument {
        let range = tree.nodes[node].range
        if bytes[range].elementsEqual(value) { return self }
        return try applying([Splice(range, value)])
    }
}
