/// One value of the tree: its kind and the bytes it covers.
///
/// Nodes lie in one array, parents before children, so `next` (the index after the last
/// descendant) is all a walk needs: the first child is at `index + 1`, a sibling at `next`.
/// The children of an object are key, value, key, value.
struct Node: Equatable {
    enum Kind: UInt8 {
        /// A quoted string without interpolation.
        case string
        /// A heredoc without interpolation.
        case heredoc
        case number, bool, null
        case list, object
        /// An object key written as a bare name.
        case name
        /// Anything that has to be evaluated.
        case expression
    }

    var kind: Kind
    private var startOffset: UInt32
    private var endOffset: UInt32
    private var nextIndex: UInt32

    init(_ kind: Kind, _ start: Int, _ end: Int, next: Int) {
        self.kind = kind
        startOffset = UInt32(truncatingIfNeeded: start)
        endOffset = UInt32(truncatingIfNeeded: end)
        nextIndex = UInt32(truncatingIfNeeded: next)
    }

    var start: Int { Int(startOffset) }

    var end: Int {
        get { Int(endOffset) }
        set { endOffset = UInt32(truncatingIfNeeded: newValue) }
    }

    var next: Int {
        get { Int(nextIndex) }
        set { nextIndex = UInt32(truncatingIfNeeded: newValue) }
    }

    var range: Range<Int> { start..<end }

    /// Follows the bytes when some in front of it, or inside it, have changed in number.
    mutating func move(by distance: Int, behind offset: Int) {
        if start > offset { startOffset = UInt32(truncatingIfNeeded: start + distance) }
        if end > offset { endOffset = UInt32(truncatingIfNeeded: end + distance) }
    }

    mutating func move(by shift: Shift) {
        startOffset = UInt32(truncatingIfNeeded: start + shift.distance(ofStart: start))
        endOffset = UInt32(truncatingIfNeeded: end + shift.distance(ofEnd: end))
    }
}

/// `type "label" { … }` somewhere in a file.
struct BlockRecord {
    var type: Range<Int>
    /// The bytes of each label, with its quotes if it has any.
    var labels: [Range<Int>] = []
    var body = 0..<0
    let parent: Int?
}

/// What a parser makes of a file.
struct SyntaxTree {
    var tokens: [Token] = []
    var nodes: [Node] = []
    var attributes: [AttributeRecord] = []
    var blocks: [BlockRecord] = []
    /// Finds an attribute by block and name.
    var index = AttributeIndex()
    /// The first thing that parses but that a variables file must not hold.
    var evaluationError: SyntaxError?
}
