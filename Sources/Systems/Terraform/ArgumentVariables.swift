/// Variables that `TF_CLI_ARGS` and its like add to a command.
/// Source: https://developer.hashicorp.com/terraform/cli/config/environment-variables
enum ArgumentVariables {
    enum Word: Equatable { case variable(name: String, text: String), file(String) }

    /// The variables among the arguments that the environment adds to `command`, in the order in
    /// which they count: the generic arguments come after the specific ones.
    static func words(_ environment: [String: String], command: String) -> [Word] {
        let text = [environment["TF_CLI_ARGS_" + command], environment["TF_CLI_ARGS"]]
            .compactMap(\.self).joined(separator: " ")
        var found: [Word] = []
        var pending: String?
        for word in split(text) {
            if let name = pending {
                pending = nil
                found += Self.word(name, word)
                continue
            }
            guard word.hasPrefix("-") else { continue }
            let flag = word.drop { $0 == "-" }
            if flag == "var" || flag == "var-file" {
                pending = String(flag)
            } else if let sign = flag.firstIndex(of: "=") {
                found += Self.word(
                    String(flag[..<sign]), String(flag[flag.index(after: sign)...]))
            }
        }
        return found
    }

    private static func word(_ flag: String, _ text: String) -> [Word] {
        switch flag {
        case "var-file": return [.file(text)]
        case "var":
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return [] }
            return [.variable(name: String(parts[0]), text: String(parts[1]))]
        default: return []
        }
    }

    /// Splits like a shell: spaces, quotes and backslashes, no expansion.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap(\.self)
    }
}
