extension SyntaxTree {
    /// The tree after one string, number or bool has been replaced by another of its kind, without
    /// parsing the rest again: everything behind it moves, nothing else can change.
    ///
    /// A leaf keeps its kind, so a bracket, a newline or a separator can neither appear nor go.
    func replacingLeaf(_ node: Int, with value: [UInt8]) -> SyntaxTree {
        let range = nodes[node].range
        let growth = value.count - range.count
        let lower = firstToken(from: range.lowerBound)
        let upper = firstToken(from: range.upperBound)
        let leaf = Lexer.tokens(of: value).dropLast().map { $0.moved(by: range.lowerBound) }
        var tree = self
        if growth == 0, leaf.elementsEqual(tokens[lower..<upper]) { return tree }
        tree.tokens.replaceSubrange(lower..<upper, with: leaf)
        guard growth != 0 else { return tree }
        for index in (lower + leaf.count)..<tree.tokens.count {
            tree.tokens[index] = tree.tokens[index].moved(by: growth)
        }
        for index in tree.nodes.indices {
            tree.nodes[index].move(by: growth, behind: range.lowerBound)
        }
        for index in tree.attributes.indices {
            tree.attributes[index].move(by: growth, behind: range.lowerBound)
        }
        for index in tree.blocks.indices {
            tree.blocks[index].move(by: growth, behind: range.lowerBound)
        }
        return tree
    }

    /// The tree after white space between tokens has changed, without parsing anything again.
    func moved(by splices: [Splice]) -> SyntaxTree {
        let shift = Shift(splices)
        var tree = self
        for index in firstToken(from: shift.first)..<tokens.count {
            tree.tokens[index] = tokens[index].moved(
                by: shift.distance(ofStart: tokens[index].start))
        }
        for index in nodes.indices where nodes[index].end > shift.first {
            tree.nodes[index].move(by: shift)
        }
        for index in attributes.indices where attributes[index].name.upperBound > shift.first {
            tree.attributes[index].move(by: shift)
        }
        for index in blocks.indices {
            tree.blocks[index].type = shift.moved(blocks[index].type)
            tree.blocks[index].body = shift.moved(blocks[index].body)
            tree.blocks[index].labels = blocks[index].labels.map(shift.moved)
        }
        return tree
    }

    /// The index of the first token that starts at an offset or after it.
    func firstToken(from offset: Int) -> Int {
        var low = 0
        var high = tokens.count
        while low < high {
            let middle = (low + high) / 2
            if tokens[middle].start >= offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Token {
    fileprivate func moved(by distance: Int) -> Token {
        Token(kind, start + distance, end + distance)
    }
}

extension BlockRecord {
    fileprivate mutating func move(by distance: Int, behind offset: Int) {
        type = type.moved(by: distance, behind: offset)
        body = body.moved(by: distance, behind: offset)
        for index in labels.indices {
            labels[index] = labels[index].moved(by: distance, behind: offset)
        }
    }
}

extension Range<Int> {
    fileprivate func moved(by distance: Int, behind offset: Int) -> Range<Int> {
        let start = lowerBound > offset ? lowerBound + distance : lowerBound
        return start..<Swift.max(start, upperBound > offset ? upperBound + distance : upperBound)
    }
}
