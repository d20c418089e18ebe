/// Where the bytes of a text are after white space in it has grown or shrunk.
struct Shift {
    private let splices: [Splice]
    /// How far what is behind each splice has moved.
    private let distances: [Int]
    /// Nothing in front of this byte moves.
    let first: Int

    init(_ splices: [Splice]) {
        let sorted = splices.sorted { $0.range.lowerBound < $1.range.lowerBound }
        var distance = 0
        distances = sorted.map { splice in
            distance += splice.replacement.count - splice.range.count
            return distance
        }
        self.splices = sorted
        first = sorted.first?.range.lowerBound ?? .max
    }

    /// How far something that starts at a byte moves.
    func distance(ofStart offset: Int) -> Int {
        distance { splices[$0].range.upperBound <= offset }
    }

    /// How far the end of something moves. Space that is put right behind it does not move it.
    func distance(ofEnd offset: Int) -> Int {
        distance { splices[$0].range.lowerBound < offset }
    }

    func moved(_ range: Range<Int>) -> Range<Int> {
        let start = range.lowerBound + distance(ofStart: range.lowerBound)
        return start..<max(start, range.upperBound + distance(ofEnd: range.upperBound))
    }

    /// The distance behind the last splice that is in front.
    private func distance(_ isInFront: (Int) -> Bool) -> Int {
        guard let last = splices.indices.last else { return 0 }
        if isInFront(last) { return distances[last] }
        var low = 0
        var high = last
        while low < high {
            let middle = (low + high) / 2
            if isInFront(middle) { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? distances[low - 1] : 0
    }
}
