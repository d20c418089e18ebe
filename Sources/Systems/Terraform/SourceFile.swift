import Foundation
package import HCL
import Model

/// A file of the Terraform directory, parsed.
package struct SourceFile {
    /// Relative to the repository root.
    let name: String
    package let document: HCLDocument

    /// A file of the repository.
    /// - Throws: a `Problem` of kind `refused`, with line, column and caret for a mistake in it.
    init(_ name: String, root: String) throws {
        try self.init(name, at: root + "/" + name)
    }

    /// - Parameter path: Absolute, or relative to the working directory.
    init(_ name: String, at path: String) throws {
        let bytes: [UInt8]
        do {
            bytes = try DiskFile(path).read()
        } catch {
            throw Problem(
                .refused, "\(name) cannot be read.", at: name, fix: "ls -l \(name)",
                causes: [error.reason])
        }
        try self.init(name, bytes: bytes)
    }

    /// - Parameter syntax: Nil when the name says it.
    package init(_ name: String, bytes: [UInt8], as syntax: HCLDocument.Syntax? = nil) throws {
        self.name = name
        guard !bytes.starts(with: Data("\0GITCRYPT\0".utf8)) else {
            throw Problem(
                .refused, "\(name) is encrypted with git-crypt, and locked.", at: name,
                fix: "git-crypt unlock")
        }
        do {
            document = try HCLDocument(
                parsing: bytes, as: syntax ?? HCLDocument.Syntax(ofFile: name))
        } catch {
            throw Problem(error, in: name)
        }
    }

    /// `sops` when that program wrote the file: each value is sealed, and an edit would break the
    /// seal over the whole.
    var encryption: String? {
        guard document.syntax == .json else { return nil }
        return document.value(at: HCLPath(name: "sops", steps: [.key("mac")])) == nil
            ? nil : "sops"
    }

    /// - Throws: a `Problem` for a file in which nothing can be changed.
    package func checkEditable(at place: String) throws {
        guard encryption != nil else { return }
        throw Problem(
            .refused, "\(name) is encrypted, so nothing in it can be changed here.", at: place,
            fix: "sops \(name)")
    }

    /// The path inside this file that leads to a variable's value.
    package func path(to variable: HCLPath) -> HCLPath {
        guard name.hasSuffix(".tf.json") || name.hasSuffix(".tofu.json") else { return variable }
        return HCLPath(
            name: "variable", steps: [.key(variable.name), .key("default")] + variable.steps)
    }
}
