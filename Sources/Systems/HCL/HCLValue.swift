/// A value as far as it can be told without evaluating anything.
package indirect enum HCLValue: Equatable, Sendable {
    /// Text with all escapes resolved. Unlike Terraform's it is not normalised, but Swift compares
    /// strings by canonical equivalence, which comes to the same.
    case string(String)
    /// A number, as it is written.
    case number(String)
    case bool(Bool)
    case null
    case list([HCLValue])
    /// The members in file order; of members with the same key only the last is kept.
    case object([HCLMember])
    /// Present, but not a plain literal: the source text of what has to be evaluated.
    case expression(String)

    /// The text of a string, nil for anything else.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements of a list, nil for anything else.
    package var list: [HCLValue]? {
        if case .list(let elements) = self { elements } else { nil }
    }

    /// The member of an object with a key, nil when there is none or this is not an object.
    package subscript(key: String) -> HCLValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// What kind of value this is, as it is said in messages.
    package var kindName: String {
        switch self {
        case .string: "a string"
        case .number: "a number"
        case .bool: "a bool"
        case .null: "null"
        case .list: "a list"
        case .object: "an object"
        case .expression: "an expression"
        }
    }
}

/// One `key = value` of an object.
package struct HCLMember: Equatable, Sendable {
    package let key: String
    package let value: HCLValue

    package init(key: String, value: HCLValue) {
        self.key = key
        self.value = value
    }
}

/// A value and where it stands in its file.
package struct HCLLocatedValue: Equatable, Sendable {
    package let value: HCLValue
    /// The bytes of the value, quotes and brackets included.
    package let byteRange: Range<Int>
    /// The line of its first byte, from 1.
    package let line: Int
    /// The column of its first byte, from 1, in characters.
    package let column: Int
    /// The value is written as a heredoc or holds something that has to be evaluated, so it can
    /// only be replaced as a whole, by an expression.
    package let isExpression: Bool
}

/// `name = value` at the top of a file.
package struct HCLAttribute: Equatable, Sendable {
    package let name: String
    /// The bytes of the name.
    package let nameRange: Range<Int>
    package let value: HCLLocatedValue
}
