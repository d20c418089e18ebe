import Foundation
import HCL
import Model

/// A file of the Terraform directory, parsed.
struct SourceFile {
    /// Relative to the repository root.
    var name: String
    var document: HCLDocument

    /// - Throws: a `Problem` of kind `refused`, with line, column and caret for a mistake in it.
    init(_ name: String, root: String) throws {
        self.name = name
        let path = root + "/" + name
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem(.refused, "\(name) cannot be read.", at: name, fix: "ls -l \(name)")
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
            document = try HCLDocument(parsing: [UInt8](data), as: syntax)
        } catch {
            throw Self.problem(error, in: name)
        }
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
