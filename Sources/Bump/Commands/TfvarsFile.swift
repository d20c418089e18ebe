import Foundation
import HCL
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A variables file on disk, or `-` for stdin and stdout.
struct TfvarsFile {
    private let name: String
    private let url: URL

    init(_ name: String, in world: World) {
        self.name = name
        url = world.url(name)
    }

    /// Throws a `Problem` with file:line:column, the line and a caret.
    func parse() throws -> HCLDocument {
        let bytes = try read()
        let syntax: HCLDocument.Syntax =
            name.hasSuffix(".json") ? .json : name.hasSuffix(".tf") ? .module : .variables
        return try Self.translating(name) { () throws(HCLError) in
            try HCLDocument(parsing: bytes, as: syntax)
        }
    }

    /// Writes beside and renames, keeping the mode; nothing is written when nothing changed.
    func write(_ bytes: [UInt8], instead old: [UInt8]) throws {
        if name == "-" {
            FileHandle.standardOutput.write(Data(bytes))
            return
        }
        if bytes == old { return }
        let target = url.resolvingSymlinksInPath()
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: target.path)
            let beside = target.deletingLastPathComponent()
                .appending(path: ".\(target.lastPathComponent).bump-\(UUID().uuidString.prefix(8))")
            try Data(bytes).write(to: beside)
            if let mode = attributes[.posixPermissions] {
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: beside.path)
            }
            guard rename(beside.path, target.path) == 0 else {
                try? FileManager.default.removeItem(at: beside)
                throw CocoaError(.fileWriteUnknown)
            }
        } catch {
            throw Problem(
                .refused, "The file cannot be written.", at: name, fix: "ls -l \(name)",
                causes: [error.localizedDescription])
        }
    }

    /// Runs a step of the editor and turns its error into a problem about this file.
    static func translating<Value>(
        _ name: String, _ body: () throws(HCLError) -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            let place = "\(name == "-" ? "stdin" : name):\(error.line):\(error.column)"
            let caret = String(repeating: " ", count: max(0, error.column - 1)) + "^"
            let source = error.sourceLine.isEmpty ? [] : [error.sourceLine, caret]
            throw Problem(.refused, error.summary, at: place, details: source + [error.detail])
        }
    }

    private func read() throws -> [UInt8] {
        if name == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        do {
            return Array(try Data(contentsOf: url))
        } catch {
            throw Problem(
                .usage, "The file cannot be read.", at: name, fix: "ls -l \(name)",
                causes: [error.localizedDescription])
        }
    }
}
