/// One construct that is open while an expression is parsed.
struct Frame {
    enum Kind: UInt8 {
        case attribute, tuple, objectKey, objectValue, paren, index, call
        case template, interpolation, ifDirective, forDirective, ternary
        case forCollection, forBody, forValue, forCondition
    }

    /// What an object key looks like so far.
    enum KeyShape: UInt8 { case none, name, traversal }

    var kind: Kind
    /// What closes it, where that differs.
    var closer = Token.Kind.endOfFile
    var keyShape = KeyShape.none
    /// The expression inside is more than a literal.
    var isOpaque = false
    /// The object key is in parentheses, so a name in it is a reference.
    var isComputedKey = false
    /// The body of a `for` over nothing, or over what has to be evaluated.
    var isNeverEvaluated = false
    /// What a conditional depends on, where that is a plain `true` or `false`.
    var condition: Bool?
    /// How many conditionals have been decided before this point of the expression.
    var decidedConditionals: UInt16 = 0
    private let openerIndex: UInt32
    private var nodeIndex: UInt32 = 0
    private var firstNodeIndex: UInt32 = 0
    private var firstByteOffset: UInt32 = 0
    /// What only a `for` or a template needs.
    var details: Details?

    /// More about a `for`, a directive or a template.
    final class Details {
        /// Names of a `for`, and how many names were known before it.
        var names: [Range<Int>] = []
        var outerScope = 0
        /// The key expression of a `for`, its value, and its grouping dots.
        var forKey: Int?
        var forValue = 0
        var forGrouping: Int?
        var directive: Token?
        /// What was wrong in front of the body of a `for`.
        var outerError: SyntaxError?
        /// Directives that were open when the template began.
        var outerDirectives = 0
    }

    init(_ kind: Kind, opener: Int) {
        self.kind = kind
        openerIndex = UInt32(truncatingIfNeeded: opener)
    }

    /// Index of the token to blame when the construct is never closed.
    var opener: Int { Int(openerIndex) }

    /// Node of the list, object or string.
    var node: Int {
        get { Int(nodeIndex) }
        set { nodeIndex = UInt32(truncatingIfNeeded: newValue) }
    }

    /// Where the expression inside begins: its first node.
    var firstNode: Int {
        get { Int(firstNodeIndex) }
        set { firstNodeIndex = UInt32(truncatingIfNeeded: newValue) }
    }

    /// Where the expression inside begins: its first byte.
    var firstByte: Int {
        get { Int(firstByteOffset) }
        set { firstByteOffset = UInt32(truncatingIfNeeded: newValue) }
    }
}

/// An `if` or `for` of a template that is still open.
struct TemplateDirective {
    let isLoop: Bool
    var hasElse = false
    let outerScope: Int
    /// What an `if` depends on, where that is a plain `true` or `false`.
    let condition: Bool?
    /// This part is not sure to be evaluated.
    var isUnevaluated: Bool
}
