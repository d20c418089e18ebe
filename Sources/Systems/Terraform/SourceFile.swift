import Foundation
import HCL
import Model

/// A file of the Terraform directory, parsed.
struct SourceFile {
    /// Relative to the repository root.
    var name: String
    var document: HCLDocument

    /// A file of the repository.
    /// - Throws: a `Problem` of kind `refused`, with line, column and caret for a mistake in it.
    init(_ name: String, root: String) throws {
        try self.init(name, at: root + "/" + name)
    }

    /// - Parameter path: Absolute, or relative to the working directory.
    init(_ name: String, at path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem(.refused, "\(name) cannot be read.", at: name, fix: "ls -l \(name)")
        }
        try self.init(name, bytes: [UInt8](data))
    }

    init(_ name: String, bytes: [UInt8]) throws {
        self.name = name
        guard !bytes.starts(with: Data("\0GITCRYPT\0".utf8)) else {
            throw Problem(
                .refused, "\(name) is encrypted with git-crypt, and locked.", at: name,
                fix: "git-crypt unlock")
        }
        let syntax: HCLDocument.Syntax =
            if name.hasSuffix(".json") {
                .json
            } else if name.hasSuffix(".tf") || name.hasSuffix(".tofu") {
                .module
            } else {
                .variables
            }
        do {
            document = try HCLDocument(parsing: bytes, as: syntax)
        } catch {
            throw Self.problem(error, in: name)
        }
    }

    /// `sops` when that program wrote the file: each value is sealed, and an edit would break the
    /// seal over the whole.
    var encryption: String? {
        guard document.syntax == .json else { return nil }
        return document.value(at: HCLPath(name: "sops", steps: [.key("mac")])) == nil
            ? nil : "sops"
    }

    static func problem(_ error: HCLError, in name: String) -> Problem {
        Problem(
            .refused, "\(error.summary).", at: "\(name):\(error.line):\(error.column)",
            details: error.excerpt.split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init) + (error.detail.isEmpty ? [] : [error.detail]),
            fix: "Correct line \(error.line) of \(name).")
    }

    /// The path inside this file that leads to a variable's value.
    func path(to variable: HCLPath) -> HCLPath {
        guard name.hasSuffix(".tf.json") || name.hasSuffix(".tofu.json") else { return variable }
        return HCLPath(
            name: "variable", steps: [.key(variable.name), .key("default")] + variable.steps)
    }
}
