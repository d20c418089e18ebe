/// The columns that `terraform fmt` aligns: `=` signs and trailing comments of neighbouring lines.
///
/// The rules are those of https://github.com/hashicorp/hcl/blob/main/hclwrite/format.go: lines
/// that follow each other and have the cell in question form a run, and the cell starts one space
/// after the widest text in front of it.
struct Alignment {
    let tokens: [Token]
    let bytes: [UInt8]

    /// The padding to change so that runs stay aligned which were aligned before an edit. Runs
    /// that were not aligned are left alone.
    func padding(
        around range: Range<Int>, followingFrom old: Alignment, around oldRange: Range<Int>
    ) -> [Splice] {
        var result: [Splice] = []
        var moved: [Int: Int] = [:]
        let signsWereAligned =
            old.isPlain(at: oldRange.lowerBound)
            && old.runs(.sign, around: oldRange).allSatisfy {
                old.isAligned($0, .sign, moved: [:])
            }
        if signsWereAligned {
            if let (line, splice, growth) = opening(at: range.lowerBound) {
                result.append(splice)
                moved[line] = growth
            }
            for run in runs(.sign, around: range) {
                for (line, splice, growth) in repadding(run, .sign, moved: [:]) {
                    result.append(splice)
                    moved[line] = growth
                }
            }
        }
        let commentsWereAligned = old.runs(.comment, around: oldRange).allSatisfy {
            old.isAligned($0, .comment, moved: [:])
        }
        if commentsWereAligned {
            for run in runs(.comment, around: range) {
                result += repadding(run, .comment, moved: moved).map(\.splice)
            }
        }
        return result
    }

    /// A sign that is not aligned, because its line opens a bracket, has one space in front.
    private func isPlain(at offset: Int) -> Bool {
        let line = line(containing: tokenIndex(at: offset))
        let sign = line.tokens.dropFirst().first { tokens[$0].kind == .equal }
        guard line.sign == nil, let sign, tokens[sign].start < offset else { return true }
        let gap = tokens[sign - 1].end..<tokens[sign].start
        return bytes[gap].elementsEqual([UInt8(ascii: " ")])
    }

    /// An edited line that now opens a bracket is not aligned any more: one space.
    private func opening(at offset: Int) -> (line: Int, splice: Splice, growth: Int)? {
        let line = line(containing: tokenIndex(at: offset))
        let sign = line.tokens.dropFirst().first { tokens[$0].kind == .equal }
        guard line.sign == nil, let sign, tokens[sign].start < offset else { return nil }
        let gap = tokens[sign - 1].end..<tokens[sign].start
        guard gap.count > 1, bytes[gap].allSatisfy({ $0 == UInt8(ascii: " ") }) else { return nil }
        let splice = Splice(gap, [UInt8(ascii: " ")])
        return (line.tokens.lowerBound, splice, 1 - gap.count)
    }

    // MARK: Lines

    private enum Cell { case sign, comment }

    /// One line, as the tokens in it; a line of the formatter ends at a newline token, so a
    /// heredoc is part of the line it begins on.
    private struct Line {
        let tokens: Range<Int>
        /// Index of the aligned `=`, or nil.
        let sign: Int?
        /// Index of the comment at the end, or nil.
        let comment: Int?
    }

    private func cell(_ cell: Cell, of line: Line) -> Int? {
        switch cell {
        case .sign: line.sign
        case .comment: line.comment
        }
    }

    private func isLineEnd(_ index: Int) -> Bool { tokens[index].endsLine(in: bytes) }

    /// The line that a token belongs to.
    private func line(containing index: Int) -> Line {
        var start = index
        while start > 0, !isLineEnd(start - 1) { start -= 1 }
        var end = index
        while end < tokens.count - 1, !isLineEnd(end) { end += 1 }
        // The token that marks the end of the file belongs to no line.
        let stop = tokens[end].kind == .endOfFile ? end : end + 1
        return analysed(start..<max(start, stop))
    }

    private func analysed(_ range: Range<Int>) -> Line {
        var code = range
        var comment: Int?
        if range.count > 1, tokens[range.upperBound - 1].kind == .comment {
            comment = range.upperBound - 1
            code = range.lowerBound..<(range.upperBound - 1)
        }
        let sign = code.dropFirst().first { tokens[$0].kind == .equal }
        guard let sign else { return Line(tokens: range, sign: nil, comment: comment) }
        let balance = (sign..<code.upperBound).reduce(0) { $0 + tokens[$1].bracketChange }
        return Line(tokens: range, sign: balance == 0 ? sign : nil, comment: comment)
    }

    private func line(before line: Line) -> Line? {
        line.tokens.lowerBound > 0 ? self.line(containing: line.tokens.lowerBound - 1) : nil
    }

    private func line(after line: Line) -> Line? {
        let next = line.tokens.upperBound
        guard next < tokens.count, tokens[next].kind != .endOfFile else { return nil }
        return self.line(containing: next)
    }

    /// The index of the first token that ends after an offset.
    private func tokenIndex(at offset: Int) -> Int {
        var low = 0
        var high = tokens.count - 1
        while low < high {
            let middle = (low + high) / 2
            if tokens[middle].end > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: Runs

    /// The runs that touch the lines of a range or the lines next to them.
    private func runs(_ cell: Cell, around range: Range<Int>) -> [[Line]] {
        guard !tokens.isEmpty else { return [] }
        var lines = [line(containing: tokenIndex(at: max(0, range.lowerBound)))]
        while let last = lines.last, let next = line(after: last),
            tokens[next.tokens.lowerBound].start < range.upperBound
        {
            lines.append(next)
        }
        if let first = lines.first, let previous = line(before: first) {
            lines.insert(previous, at: 0)
        }
        if let last = lines.last, let next = line(after: last) { lines.append(next) }
        var above: [Line] = []
        while let first = above.last ?? lines.first, self.cell(cell, of: first) != nil,
            let previous = line(before: first), self.cell(cell, of: previous) != nil
        {
            above.append(previous)
        }
        lines.insert(contentsOf: above.reversed(), at: 0)
        while let last = lines.last, self.cell(cell, of: last) != nil,
            let next = line(after: last), self.cell(cell, of: next) != nil
        {
            lines.append(next)
        }
        return lines.split { self.cell(cell, of: $0) == nil }.map(Array.init)
    }

    private struct Measure {
        /// The width of the text in front of the cell, and where it ends.
        let width: Int
        let end: Int
        /// Where the cell starts.
        let start: Int
    }

    /// Nil when there is no text in front of the cell.
    private func measure(_ line: Line, _ cell: Cell) -> Measure? {
        guard let index = self.cell(cell, of: line), index > line.tokens.lowerBound else {
            return nil
        }
        let end = tokens[index - 1].end
        let start = tokens[line.tokens.lowerBound].start
        var lineStart = start
        while lineStart > 0, bytes[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
        lineStart = max(lineStart, SourcePlace.firstByte(of: bytes))
        guard lineStart <= end else { return nil }
        // The formatter counts a newline within a comment as one character more.
        let width = SourcePlace.width(of: bytes, from: lineStart, to: end)
        return Measure(width: width, end: end, start: tokens[index].start)
    }

    private func isAligned(_ run: [Line], _ cell: Cell, moved: [Int: Int]) -> Bool {
        guard run.allSatisfy({ measure($0, cell) != nil }) else { return false }
        return repadding(run, cell, moved: moved).isEmpty
    }

    /// What is needed to align a run: by line its padding, and how much it grows.
    private func repadding(
        _ run: [Line], _ cell: Cell, moved: [Int: Int]
    ) -> [(line: Int, splice: Splice, growth: Int)] {
        let measures = run.map { measure($0, cell) }
        guard !measures.contains(where: { $0 == nil }) else { return [] }
        let widths = zip(run, measures).map { line, measure in
            (measure?.width ?? 0) + (moved[line.tokens.lowerBound] ?? 0)
        }
        let widest = widths.max() ?? 0
        return zip(run, zip(measures, widths)).compactMap { line, measured in
            guard let measure = measured.0 else { return nil }
            let wanted = widest - measured.1 + 1
            let gap = bytes[measure.end..<measure.start]
            if gap.count == wanted, gap.allSatisfy({ $0 == UInt8(ascii: " ") }) { return nil }
            let spaces = [UInt8](repeating: UInt8(ascii: " "), count: wanted)
            return (
                line.tokens.lowerBound, Splice(measure.end..<measure.start, spaces),
                wanted - gap.count
            )
        }
    }
}
