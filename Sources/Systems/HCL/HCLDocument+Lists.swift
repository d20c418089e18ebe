/// Adding and removing elements of a list in the style it is written in.
extension HCLDocument {
    /// Puts an element into the list at a path, in front of the element that now has that index,
    /// or at the end when it is the count. Lists over several lines get a line of their own.
    package func inserting(
        _ expression: String, intoListAt path: HCLPath, at index: Int
    ) throws(HCLError) -> HCLDocument {
        let node = try list(at: path)
        let elements = elements(of: node).map { tree.nodes[$0].range }
        guard (0...elements.count).contains(index) else {
            throw failure(
                "No such place",
                "\(path) has \(elements.count) elements; there is no place "
                    + "\(index).", at: node)
        }
        let value = try checkedExpression(expression)
        if elements.isEmpty { return try applying([insertion(of: value, intoEmpty: node)]) }
        if index < elements.count {
            return try applying([insertion(of: value, before: elements[index], in: node)])
        }
        return try applying(insertion(of: value, after: elements[index - 1], in: node))
    }

    /// Adds a string at the end of the list at a path.
    package func appending(
        string: String, toListAt path: HCLPath
    ) throws(HCLError) -> HCLDocument {
        let count = elements(of: try list(at: path)).count
        return try inserting(literal(string), intoListAt: path, at: count)
    }

    /// Removes an element of a list, with its comma, the comment behind it and the comments on
    /// lines of their own directly above it. The path ends in an index.
    package func removingElement(at path: HCLPath) throws(HCLError) -> HCLDocument {
        guard case .index(let index)? = path.steps.last else {
            throw HCLError(
                "Not an element", "\(path) does not end in an index.", at: 0, in: bytes)
        }
        _ = try node(at: path)
        let parent = HCLPath(name: path.name, steps: Array(path.steps.dropLast()))
        let node = try list(at: parent)
        let elements = elements(of: node).map { tree.nodes[$0].range }
        return try applying(removal(of: index, from: elements, in: node))
    }

    /// The node of the list at a path.
    func list(at path: HCLPath) throws(HCLError) -> Int {
        let node = try node(at: path)
        guard tree.nodes[node].kind == .list else {
            throw failure(
                "Not a list", "\(path) is \(HCLDocument.kindName(tree.nodes[node].kind)).",
                at: node)
        }
        return node
    }

    // MARK: Insertion

    /// Newlines separate the members of an object as well as commas do, but not those of JSON.
    private func isSeparatedByLines(_ node: Int) -> Bool {
        tree.nodes[node].kind == .object && syntax != .json
    }

    func insertion(of value: [UInt8], intoEmpty node: Int) -> Splice {
        let isLined = isSeparatedByLines(node)
        let range = tree.nodes[node].range
        let close = range.upperBound - 1
        let inner = (range.lowerBound + 1)..<close
        if bytes[inner].allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
            let space = [UInt8](repeating: UInt8(ascii: " "), count: isLined ? 1 : 0)
            return Splice(inner, space + value + space)
        }
        guard startsLine(close) else { return Splice(close..<close, value) }
        let start = lineStart(of: close)
        let opened = bracketChange(onLineOf: range.lowerBound)
        let closed = -bracketChange(onLineOf: close)
        // Brackets that are opened on one line indent only once, until all of them are closed.
        let isDeeper = syntax == .json || (closed > 0 && closed >= opened)
        let indent = Array(bytes[start..<close]) + Array((isDeeper ? "  " : "").utf8)
        let comma = syntax == .json || isLined ? [] : [UInt8(ascii: ",")]
        return Splice(start..<start, indent + value + comma + newline)
    }

    private func insertion(
        of value: [UInt8], before element: Range<Int>, in node: Int
    ) -> Splice {
        let start = element.lowerBound
        guard startsLine(start) else {
            return Splice(start..<start, value + Array(", ".utf8))
        }
        let indent = bytes[lineStart(of: start)..<start]
        let place = startOfComments(above: start, in: node)
        return Splice(place..<place, Array(indent) + value + [UInt8(ascii: ",")] + newline)
    }

    func insertion(
        of value: [UInt8], after element: Range<Int>, in node: Int
    ) -> [Splice] {
        let comma = UInt8(ascii: ",")
        let trailing = commaEnd(after: element, in: node)
        let isLined = isSeparatedByLines(node)
        guard startsLine(element.lowerBound) || (isLined && endsInHeredoc(element)) else {
            if isHeredoc(element) {
                return [insertion(of: value, afterHeredoc: element, trailing, in: node)]
            }
            return [Splice(element.end, Array(", ".utf8) + value)]
        }
        let indent = Array(
            bytes[lineStart(of: element.lowerBound)...].prefix {
                $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
            })
        let line = restOfLine(after: trailing ?? element.upperBound, in: node)
        if isHeredoc(element), trailing == nil {
            // A comma cannot follow the end marker, so it starts the next line.
            return [Splice(line..<line, indent + [comma, UInt8(ascii: " ")] + value + newline)]
        }
        let separator = trailing == nil && !isLined ? [Splice(element.end, [comma])] : []
        let last = trailing == nil ? [] : [comma]
        let isWholeLine = line > 0 && bytes[line - 1] == UInt8(ascii: "\n")
        let addition =
            isWholeLine ? indent + value + last + newline : newline + indent + value + last
        if !isWholeLine, let separator = separator.first, separator.range.lowerBound == line {
            return [Splice(line..<line, [comma] + addition)]
        }
        return separator + [Splice(line..<line, addition)]
    }

    /// Nothing can follow the end marker of a heredoc on its line, not even a comma.
    private func insertion(
        of value: [UInt8], afterHeredoc element: Range<Int>, _ comma: Int?, in node: Int
    ) -> Splice {
        if let comma {
            let addition = [UInt8(ascii: " ")] + value + [UInt8(ascii: ",")]
            return Splice(comma..<comma, addition)
        }
        let line = restOfLine(after: element.upperBound, in: node)
        let isLast = tree.tokens[tree.firstToken(from: line)].start == tree.nodes[node].end - 1
        return Splice(line..<line, Array(", ".utf8) + value + (isLast ? [] : newline))
    }

    private func isHeredoc(_ element: Range<Int>) -> Bool {
        bytes[element.lowerBound] == UInt8(ascii: "<")
    }

    /// The value of a member is a heredoc, so its line is its last.
    private func endsInHeredoc(_ element: Range<Int>) -> Bool {
        let last = tree.firstToken(from: element.upperBound) - 1
        return last >= 0 && tree.tokens[last].kind == .closeHeredoc
    }

    /// How many more brackets are opened than closed on the line of a byte.
    private func bracketChange(onLineOf offset: Int) -> Int {
        var index = tree.firstToken(from: offset)
        while index > 0, !tree.tokens[index - 1].endsLine(in: bytes) { index -= 1 }
        var change = 0
        while index < tree.tokens.count {
            change += tree.tokens[index].bracketChange
            if tree.tokens[index].endsLine(in: bytes) { break }
            index += 1
        }
        return change
    }

    // MARK: Removal

    private func removal(
        of index: Int, from elements: [Range<Int>], in node: Int
    ) -> [Splice] {
        let element = elements[index]
        let isLast = index == elements.count - 1
        let comma = commaEnd(after: element, in: node)
        let end = comma ?? element.upperBound
        if startsLine(element.lowerBound) {
            let line = restOfLine(after: end, in: node)
            if line > 0, bytes[line - 1] == UInt8(ascii: "\n") {
                let start = startOfComments(above: element.lowerBound, in: node)
                var splices = [Splice(start..<line, [])]
                if isLast, comma == nil, index > 0 {
                    splices += removalOfComma(after: elements[index - 1], in: node)
                }
                return splices
            }
        }
        if elements.count == 1 { return [Splice(element.lowerBound..<end, [])] + blanks(in: node) }
        if !isLast, lineStart(of: elements[index + 1].lowerBound) <= end {
            return [Splice(element.lowerBound..<elements[index + 1].lowerBound, [])]
        }
        if index > 0, !startsLine(element.lowerBound) {
            let start = commaEnd(after: elements[index - 1], in: node).map { $0 - 1 }
            return [Splice((start ?? element.lowerBound)..<element.upperBound, [])]
        }
        guard isLast, index > 0 else { return [Splice(element.lowerBound..<end, [])] }
        return removalOfComma(after: elements[index - 1], in: node)
            + [Splice(element.lowerBound..<element.upperBound, [])]
    }

    /// The comma behind an element, which is one too many once the element is the last.
    private func removalOfComma(after element: Range<Int>, in node: Int) -> [Splice] {
        guard let end = commaEnd(after: element, in: node) else { return [] }
        let start = lineStart(of: end - 1)
        if startsLine(end - 1), let rest = bytes[end...].firstIndex(where: { !isBlank($0) }),
            bytes[rest] == UInt8(ascii: "\n")
        {
            return [Splice(start..<(rest + 1), [])]
        }
        return [Splice((end - 1)..<end, [])]
    }

    /// Nothing but spaces is left of a list on one line: these go too.
    private func blanks(in node: Int) -> [Splice] {
        let range = tree.nodes[node].range
        guard let only = elements(of: node).first else { return [] }
        let element = tree.nodes[only].range
        let end = commaEnd(after: element, in: node) ?? element.upperBound
        let sides = [(range.lowerBound + 1)..<element.lowerBound, end..<(range.upperBound - 1)]
        let isBlank = sides.allSatisfy { side in
            bytes[side].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        }
        return isBlank ? sides.filter { !$0.isEmpty }.map { Splice($0, []) } : []
    }

    // MARK: Lines

    func lineStart(of offset: Int) -> Int {
        var start = offset
        while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return max(start, min(offset, SourcePlace.firstByte(of: bytes)))
    }

    /// Nothing but white space is in front of a byte on its line.
    func startsLine(_ offset: Int) -> Bool {
        bytes[lineStart(of: offset)..<offset].allSatisfy {
            $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
        }
    }

    /// The end of the comma that follows an element.
    private func commaEnd(after element: Range<Int>, in node: Int) -> Int? {
        var index = tree.firstToken(from: element.upperBound)
        while index < tree.tokens.count, tree.tokens[index].start < tree.nodes[node].end {
            switch tree.tokens[index].kind {
            case .comment, .newline: index += 1
            case .comma: return tree.tokens[index].end
            default: return nil
            }
        }
        return nil
    }

    /// The end of the line after a byte, its comment and newline included, or the byte itself
    /// when something else follows on the line.
    private func restOfLine(after offset: Int, in node: Int) -> Int {
        if syntax == .json {
            // There are no newline tokens in JSON.
            let end = bytes[offset...].firstIndex { !isBlank($0) } ?? offset
            return end < bytes.count && bytes[end] == UInt8(ascii: "\n") ? end + 1 : offset
        }
        var index = tree.firstToken(from: offset)
        while index < tree.tokens.count, tree.tokens[index].start < tree.nodes[node].end {
            let token = tree.tokens[index]
            if token.endsLine(in: bytes) { return token.end }
            guard token.kind == .comment else { return offset }
            index += 1
        }
        return offset
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    /// Where the comment lines directly above a line begin, or the line itself.
    private func startOfComments(above offset: Int, in node: Int) -> Int {
        var start = lineStart(of: offset)
        var index = tree.firstToken(from: start) - 1
        while index > 0, tree.tokens[index].start > tree.nodes[node].start {
            // A comment between slashes and stars does not include its newline.
            let isNewline = tree.tokens[index].kind == .newline && tree.tokens[index].end == start
            let comment = tree.tokens[isNewline ? index - 1 : index]
            guard comment.kind == .comment, isNewline != comment.endsLine(in: bytes),
                isNewline || comment.end == start, startsLine(comment.start),
                comment.start > tree.nodes[node].start
            else { break }
            start = lineStart(of: comment.start)
            index -= isNewline ? 2 : 1
        }
        return start
    }
}

extension Range<Int> {
    /// The empty range behind this one.
    fileprivate var end: Range<Int> { upperBound..<upperBound }
}
