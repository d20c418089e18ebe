import Foundation
import Git
import Model
import Testing

struct HistoryTests {
    @Test func `a file's versions come newest first, each with the run that brought it`()
        async throws
    {
        let box = try Sandbox()
        let repository = try box.open()
        func commit(_ text: String, _ message: String, path: String = Sandbox.path) throws {
            try box.write(path, text)
            try box.git("add", path)
            try box.git("commit", "--quiet", "--message", message)
        }
        try commit("a", "by hand")
        try commit("b", "talos: a to b\n\nBump-Run: run-1\n")
        try commit("other", "something else\n\nBump-Run: run-2\n", path: "other.txt")
        try commit("c", "by hand again")
        let versions = try await repository.versions(of: Sandbox.path)
        #expect(
            versions.prefix(3).map { String(decoding: $0.contents, as: UTF8.self) } == [
                "c", "b", "a",
            ])
        #expect(versions.prefix(3).map(\.run) == [nil, RunID("run-1"), nil])
        #expect(try await repository.versions(of: "never.txt").isEmpty)
    }
}
