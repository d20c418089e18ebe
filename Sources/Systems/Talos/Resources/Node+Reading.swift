import Yams

/// Short ways to read YAML without a trap or a thrown error.
extension Node {
    /// The scalar's text, nil when it is empty or null.
    var nonEmptyString: String? {
        guard let text = string, !text.isEmpty, text != "null", text != "~" else { return nil }
        return text
    }

    /// The texts of a sequence.
    var strings: [String] {
        sequence?.compactMap(\.nonEmptyString) ?? []
    }

    /// True only for a scalar that says so.
    var isTrue: Bool { bool == true }
}

/// Where YAML went wrong, without any of its text: it may hold keys.
enum YAMLPlace {
    /// `:3:17`, or nothing when the error does not know.
    static func suffix(of error: any Error) -> String {
        guard let error = error as? YamlError else { return "" }
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            return ":\(mark.line):\(mark.column)"
        case .duplicatedKeysInMapping(_, let context):
            return ":\(context.mark.line):\(context.mark.column)"
        default:
            return ""
        }
    }
}
