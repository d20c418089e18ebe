import Model

/// YAML as the Image Factory writes it: four spaces a level, lists indented under their key,
/// scalars in the style that go-yaml v3 chooses.
indirect enum CanonicalYAML: Sendable, Equatable {
    /// Written as it is: numbers, true, false, null.
    case word(String)
    /// A string, in the style that reads back as it.
    case text(String)
    case list([CanonicalYAML])
    case map([(key: String, value: CanonicalYAML)])

    /// Keys are sorted.
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .word("null")
        case .bool(let flag): self = .word(String(flag))
        case .integer(let number): self = .word(String(number))
        case .number(let number): self = .word(String(number))
        case .string(let text): self = .text(text)
        case .array(let items): self = .list(items.map { CanonicalYAML($0) })
        case .object(let members):
            self = .map(
                members.sorted { $0.key < $1.key }.map { (key: $0.key, value: .init($0.value)) })
        }
    }

    static func == (left: CanonicalYAML, right: CanonicalYAML) -> Bool {
        left.document == right.document
    }

    var isEmpty: Bool {
        switch self {
        case .list(let items): items.isEmpty
        case .map(let members): members.isEmpty
        default: false
        }
    }

    /// The whole text, with the newline at its end.
    var document: String {
        guard !isEmpty else { return inline(0) + "\n" }
        return block(0)
    }

    private func block(_ depth: Int) -> String {
        let pad = String(repeating: " ", count: depth * 4)
        switch self {
        case .map(let members):
            return members.map { key, value in
                pad + YAMLScalarStyle.inline(key, indent: 0) + ":" + value.tail(depth)
            }.joined()
        case .list(let items):
            return items.map { item in
                switch item {
                case .map(let members) where !members.isEmpty:
                    // The first key stands behind the dash, the others below it.
                    return members.enumerated().map { number, member in
                        pad + (number == 0 ? "- " : "  ")
                            + YAMLScalarStyle.inline(member.key, indent: 0) + ":"
                            + member.value.tail(depth)
                    }.joined()
                case .list(let inner) where !inner.isEmpty:
                    return pad + "- " + item.block(depth + 1).dropFirst(depth * 4 + 4)
                default: return pad + "- " + item.inline(depth) + "\n"
                }
            }.joined()
        default: return pad + inline(depth) + "\n"
        }
    }

    /// What follows a key's colon.
    private func tail(_ depth: Int) -> String {
        isNested ? "\n" + block(depth + 1) : " " + inline(depth) + "\n"
    }

    private var isNested: Bool {
        switch self {
        case .list, .map: !isEmpty
        default: false
        }
    }

    private func inline(_ depth: Int) -> String {
        switch self {
        case .word(let word): word
        case .text(let text): YAMLScalarStyle.inline(text, indent: depth)
        case .list: "[]"
        case .map: "{}"
        }
    }
}
