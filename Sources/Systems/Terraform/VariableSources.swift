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
        /// What the file is encrypted with, nil when it is not.
        var encryption: String?

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
        /// A file that is not of this repository; `name` is what was typed.
        case foreign(SourceFile, name: String)
        case value(name: String)
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
        arguments = try ArgumentVariables.words(environment, command: "plan").map { word in
            switch word {
            case .variable(let name, _): .value(name: name)
            case .file(let name): try Self.argument(name, below: path, root: root)
            }
        }
    }

    /// Relative names count from the Terraform directory.
    private static func argument(
        _ name: String, below directory: String, root: String
    ) throws -> Argument {
        let base = URL(fileURLWithPath: directory, isDirectory: true)
        let path = URL(fileURLWithPath: name, relativeTo: base).standardizedFileURL.path
        let top = URL(fileURLWithPath: root).standardizedFileURL.path + "/"
        guard path.hasPrefix(top) else {
            return .foreign(try SourceFile(name, at: path), name: name)
        }
        return .file(try SourceFile(String(path.dropFirst(top.count)), root: root))
    }

    func isDeclared(_ name: String) -> Bool { declared.contains(name) }

    /// Names of all declared variables, sorted.
    var names: [String] { declared.sorted() }

    /// The files of values, in the order in which Terraform loads them.
    var loadedFiles: [String] { files.map(\.name) }

    /// Parsed, those that override others last.
    var configurationFiles: [SourceFile] { defaults }

    /// A file that is one of the sources.
    func file(_ name: String) -> SourceFile? {
        let given = arguments.compactMap { if case .file(let file) = $0 { file } else { nil } }
        return (defaults + files + given).first { $0.name == name }
    }

    /// What keeps the state, with its place; nil for a file beside the configuration.
    var backend: (type: String, place: String)? {
        for file in defaults where file.document.syntax == .module {
            // An override replaces the backend.
            if let found = HCLModule(file.document).backends.last {
                return (found.type, "\(file.name):\(found.line)")
            }
        }
        return nil
    }

    /// Names of all outputs, in file order.
    var outputs: [String] {
        defaults.filter { $0.document.syntax == .module }
            .flatMap { HCLModule($0.document).outputs }
    }

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
            case .file(let file): found += [setting(path, in: file)].compactMap(\.self)
            case .foreign(let file, let name):
                guard var outside = setting(path, in: file) else { continue }
                outside.origin = .outside("-var-file=\(name) in TF_CLI_ARGS")
                found.append(outside)
            case .value(let name) where name == path.name:
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
            isExpression: value.isExpression, encryption: file.encryption)
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
        ordered((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
    }

    /// Those of `names` that Terraform loads, in its order.
    static func ordered(_ names: [String]) -> [String] {
        let automatic =
            names
            .filter { $0.hasSuffix(".auto.tfvars") || $0.hasSuffix(".auto.tfvars.json") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return ["terraform.tfvars", "terraform.tfvars.json"].filter(names.contains) + automatic
    }
}
