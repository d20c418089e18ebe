/// Some bytes of a text and what takes their place.
struct Splice {
    let range: Range<Int>
    let replacement: [UInt8]

    init(_ range: Range<Int>, _ replacement: [UInt8]) {
        self.range = range
        self.replacement = replacement
    }

    /// The text after all splices, which must not overlap.
    static func apply(_ splices: [Splice], to bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + splices.reduce(0) { $0 + $1.replacement.count })
        var position = 0
        for splice in splices.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where splice.range.lowerBound >= position {
            result.append(contentsOf: bytes[position..<splice.range.lowerBound])
            result.append(contentsOf: splice.replacement)
            position = splice.range.upperBound
        }
        result.append(contentsOf: bytes[position...])
        return result
    }
}

extension HCLDocument {
    /// Makes changes, lets alignment follow where it was kept, and parses the result again, so
    /// that no edit can ever write a file that Terraform would not read.
    func applying(_ splices: [Splice]) throws(HCLError) -> HCLDocument {
        let edited = try HCLDocument(parsing: Splice.apply(splices, to: bytes), as: syntax)
        return aligned(edited, after: splices)
    }

    /// Replaces a string, number or bool by another of its kind.
    func replacingLeaf(_ node: Int, with value: [UInt8]) throws(HCLError) -> HCLDocument {
        let range = tree.nodes[node].range
        if bytes[range].elementsEqual(value) { return self }
        let splice = Splice(range, value)
        // In JSON a value is one token, so there is nothing to be gained.
        guard syntax != .json else { return try applying([splice]) }
        let edited = HCLDocument(
            Splice.apply([splice], to: bytes), tree.replacingLeaf(node, with: value), syntax)
        return aligned(edited, after: [splice])
    }

    /// The padding of comments and equals signs next to an edit follows where it was aligned.
    private func aligned(_ edited: HCLDocument, after splices: [Splice]) -> HCLDocument {
        guard syntax != .json, let first = splices.map(\.range.lowerBound).min(),
            let last = splices.map(\.range.upperBound).max()
        else { return edited }
        let before = Alignment(tokens: tree.tokens, bytes: bytes)
        let after = Alignment(tokens: edited.tree.tokens, bytes: edited.bytes)
        let growth = edited.bytes.count - bytes.count
        let padding = after.padding(
            around: first..<(last + growth), followingFrom: before, around: first..<last)
        guard !padding.isEmpty else { return edited }
        return HCLDocument(
            Splice.apply(padding, to: edited.bytes), edited.tree.moved(by: padding), syntax)
    }
}
