import Foundation
import Model
import Testing

@testable import Git

/// A commit of one edit, while somebody else works on the same file.
struct EditCommitTests {
    private static let edit = ValueEdit(
        place: Place(file: Sandbox.path, path: "talos_version", line: 1, column: 1),
        old: "v1.9.2", new: "v1.9.4")

    private static func editing(_ edit: ValueEdit, _ bytes: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains(edit.old) || text.contains(edit.new) else {
            throw Problem(.refused, "a third value", fix: "git diff")
        }
        return [UInt8](text.replacing(edit.old, with: edit.new).utf8)
    }

    private func commit(_ box: Sandbox) async throws -> String {
        try await box.open().commit(
            CommitRequest(Self.edit, message: "bump"), editing: Self.editing)
    }

    @Test(arguments: ["\n", "\r\n"])
    func `what somebody else stages and writes in the file stays staged and unstaged`(
        _ end: String
    ) async throws {
        let box = try Sandbox()
        if end == "\r\n" {
            try box.git("config", "core.autocrlf", "true")
        }
        func write(_ text: String) throws {
            try box.write(Sandbox.path, text.replacing("\n", with: end))
        }
        // Staged before our edit: the old value stands beside the new lines.
        try write(Sandbox.text + "# staged\n")
        try box.git("add", "--all")
        try write(Sandbox.newText + "# staged\n# written\n")
        let id = try await commit(box)
        #expect(try box.git("show", "\(id):\(Sandbox.path)") + "\n" == Sandbox.newText)
        #expect(
            try box.git("show", ":" + Sandbox.path) + "\n" == Sandbox.newText + "# staged\n")
        #expect(
            try box.read(Sandbox.path)
                == (Sandbox.newText + "# staged\n# written\n").replacing("\n", with: end))
        #expect(try await commit(box) == id)
        #expect(try box.git("status", "--porcelain") == "MM " + Sandbox.path)
    }

    @Test func `a file that only holds our edit is clean afterwards`() async throws {
        let box = try Sandbox()
        try box.write(Sandbox.path, Sandbox.newText)
        let id = try await commit(box)
        #expect(try box.git("show", "\(id):\(Sandbox.path)") + "\n" == Sandbox.newText)
        #expect(try box.git("status", "--porcelain") == "")
    }

    @Test(arguments: [true, false])
    func `a third value in HEAD or the old one in the file is refused, and nothing changes`(
        _ isInHead: Bool
    ) async throws {
        let box = try Sandbox()
        if isInHead {
            try box.write(Sandbox.path, "talos_version = \"v1.9.5\"\n")
            try box.git("commit", "--quiet", "--all", "--message", "theirs")
            try box.write(Sandbox.path, Sandbox.newText)
        }
        let head = try box.git("rev-parse", "HEAD")
        let status = try box.git("status", "--porcelain")
        let problem = await #expect(throws: Problem.self) { try await commit(box) }
        #expect(problem?.fix?.contains(isInHead ? "git commit" : "bump tfvars set") == true)
        #expect(try box.git("rev-parse", "HEAD") == head)
        #expect(try box.git("status", "--porcelain") == status)
    }
}
