import Foundation
import HCL
import Model
import Terraform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A variables file on disk, or `-` for stdin and stdout.
struct TfvarsFile {
    /// As it was typed.
    private let argument: String
    private let name: String
    private let file: DiskFile?
    private let source: SourceFile

    /// - Throws: a `Problem` with file:line:column, the line and a caret for a mistake in the file.
    init(_ argument: String, in world: World) throws {
        self.argument = argument
        let isStdin = argument == "-"
        name = isStdin ? "stdin" : argument
        file = isStdin ? nil : DiskFile(world.url(argument).path)
        let bytes: [UInt8]
        do throws(DiskFile.Failure) {
            if let file {
                bytes = try file.read()
            } else {
                bytes = try DiskFile.bytes(of: STDIN_FILENO)
            }
        } catch {
            throw Problem(
                .usage, "\(name) cannot be read.", at: name, fix: "ls -l \(argument)",
                causes: [error.reason])
        }
        // Only JSON begins with a brace.
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        let isJSON = isStdin && first == UInt8(ascii: "{")
        source = try SourceFile(name, bytes: bytes, as: isJSON ? .json : nil)
    }

    var attributes: [HCLAttribute] { source.document.attributes }

    func value(at typed: String) throws -> HCLValue {
        let path = try path(typed)
        return try step(fix: "bump tfvars get \(argument)") { () throws(HCLError) in
            try source.document.requiredValue(at: path).value
        }
    }

    /// The file with one value changed.
    func edited(_ typed: String, _ edit: TfvarsEdit) throws -> HCLDocument {
        try source.checkEditable(at: name)
        let document = source.document
        let path = try path(typed, isNew: edit.isInsertion)
        if let expression = edit.expression {
            do {
                _ = try document.checkedExpression(expression)
            } catch {
                throw Problem(
                    typed: error,
                    fix: document.syntax == .json
                        ? #"Give one value as JSON, such as '["a", "b"]'."#
                        : #"Give one value as in the file, such as '["a", "b"]'."#)
            }
        }
        let fix = "Give what fits there, or replace it with --expression."
        return try step(fix: fix) { () throws(HCLError) in
            try edit.apply(to: document, at: path)
        }
    }

    /// Writes what has become of the file; nothing is touched when nothing changed.
    ///
    /// Not synced to the disk: what this replaces is an editor, and the file is whole either way.
    func write(_ changed: HCLDocument) throws {
        if file != nil, !isChanged(changed) { return }
        do throws(DiskFile.Failure) {
            if let file {
                try file.replace(with: changed.bytes, synced: false)
            } else {
                try DiskFile.write(changed.bytes, to: STDOUT_FILENO)
            }
        } catch {
            throw Problem(
                .refused, "\(file == nil ? "stdout" : name) cannot be written.",
                fix: file == nil ? nil : "ls -l \(argument)", causes: [error.reason])
        }
    }

    func isChanged(_ document: HCLDocument) -> Bool { document.bytes != source.document.bytes }

    /// A path as it was typed, inside this file.
    private func path(_ typed: String, isNew: Bool = false) throws -> HCLPath {
        let path: HCLPath
        do {
            path = try HCLPath(typed)
        } catch {
            throw Problem(
                typed: error, fix: #"Write it like talos_image.version or 'nodes["cp-1"].ip'."#)
        }
        let inside = source.path(to: path)
        if (path.steps.isEmpty && isNew) || attributes.contains(where: { $0.name == inside.name }) {
            return inside
        }
        throw Problem(
            .refused,
            source.document.syntax == .module
                ? "No variable named \(path.name) has a default in \(name)."
                : "Nothing named \(path.name) is set in \(name).", at: name,
            fix: "bump tfvars get \(argument)")
    }

    /// Runs a step of the editor and turns its error into a problem about this file.
    private func step<Value>(
        fix: String, _ body: () throws(HCLError) -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            throw Problem(error, in: name, fix: fix)
        }
    }
}
