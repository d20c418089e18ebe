import Foundation
import HCL
import Model

/// Where a variable is set, in Terraform's order: later beats earlier, and whole values replace
/// each other.
/// Source: https://developer.hashicorp.com/terraform/language/values/variables#precedence
struct VariableSources {
    enum Origin: Equatable {
        case file(Place)
        /// Cannot be edited: a name such as `the environment variable TF_VAR_talos_version`.
        case outside(String)
    }

    struct Setting {
        var origin: Origin
        /// Nil when this source sets the variable, but has nothing at the path into it.
        var value: HCLValue?
        var isExpression = false

        var place: String {
            switch origin {
            case .file(let place): place.description
            case .outside(let name): name
            }
        }
    }

    private let environment: [String: String]
    private let declared: Set<String>
    /// Defaults first, then in the order in which they win.
    private let defaults: [SourceFile]
    private let files: [SourceFile]
    /// Files and values that `TF_CLI_ARGS` adds, which come last.
    private let arguments: [Argument]

    private enum Argument {
        case file(SourceFile)
        case value(name: String, text: String)
    }

    /// Reads all files of the directory. A mistake in any is a `Problem` with its place.
    init(root: String, directory: String, environment: [String: String]) throws {
        let prefix = directory == "." ? "" : directory + "/"
        let path = root + "/" + directory
        defaults = try TerraformDirectory.configurationFiles(in: path).map {
            try SourceFile(prefix + $0, root: root)
        }
        declared = Set(defaults.flatMap(Self.declarations))
        files = try Self.variableFiles(in: path).map { try SourceFile(prefix + $0, root: root) }
        self.environment = environment
        arguments = try Self.words(environment).compactMap { word in
            switch word {
            case .variable(let name, let text): return .value(name: name, text: text)
            case .file(let name):
                let file = name.hasPrefix("/") ? name : prefix + name
                guard !name.hasPrefix("/") else { return nil }
                return .file(try SourceFile(file, root: root))
            }
        }
    }

    func isDeclared(_ name: String) -> Bool { declared.contains(name) }

    /// All places that set the variable at `path`; the last is the one that takes effect.
    func settings(of path: HCLPath) -> [Setting] {
        var found = defaults.compactMap { setting(path, in: $0) }
        if environment["TF_VAR_" + path.name] != nil {
            found.append(
                Setting(origin: .outside("the environment variable TF_VAR_\(path.name)")))
        }
        found += files.compactMap { setting(path, in: $0) }
        for argument in arguments {
            switch argument {
            case .file(let file): if let found1 = setting(path, in: file) { found.append(found1) }
            case .value(let name, _) where name == path.name:
                found.append(Setting(origin: .outside("-var \(name)=… in TF_CLI_ARGS")))
            case .value: continue
            }
        }
        return found
    }

    private func setting(_ path: HCLPath, in file: SourceFile) -> Setting? {
        let inFile = file.path(to: path)
        let top = file.path(to: HCLPath(name: path.name))
        guard let whole = file.document.value(at: top) else { return nil }
        let exact = file.document.value(at: inFile)
        let value = exact ?? whole
        let place = Place(
            file: file.name, path: inFile.description, line: value.line, column: value.column)
        return Setting(
            origin: .file(place), value: exact?.value,
            isExpression: value.isExpression)
    }

    private static func declarations(_ file: SourceFile) -> [String] {
        if file.document.syntax == .module {
            return HCLModule(file.document).variables.map(\.name)
        }
        guard
            case .object(let members)? =
                file.document.value(at: HCLPath(name: "variable"))?.value
        else { return [] }
        return members.map(\.key)
    }

    /// File names in the order in which Terraform loads them.
    static func variableFiles(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let automatic =
            names
            .filter { $0.hasSuffix(".auto.tfvars") || $0.hasSuffix(".auto.tfvars.json") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return ["terraform.tfvars", "terraform.tfvars.json"].filter(names.contains) + automatic
    }

    private enum Word { case variable(String, String), file(String) }

    /// The variables among the arguments that the environment adds to `plan`; the generic ones
    /// come after the specific ones.
    private static func words(_ environment: [String: String]) -> [Word] {
        let text = [environment["TF_CLI_ARGS_plan"], environment["TF_CLI_ARGS"]]
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
            return parts.count == 2 ? [.variable(String(parts[0]), String(parts[1]))] : []
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
