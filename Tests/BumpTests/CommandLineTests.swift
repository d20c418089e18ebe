import Foundation
import Testing

extension EndToEnd {
    /// What is wrong before a cluster is looked at.
    struct CommandLineTests {
        @Test(arguments: [
            "v1.99", "1.9.4.1", "latestt", "", "v1.9.x", "-1.9.4", "v99999999999999999999.1.1",
        ])
        func `what is no version is refused`(_ version: String) async throws {
            try await Self.inRepository { sandbox, root in
                let run = try await sandbox.run(
                    [Sandbox.binary, "talos", "--yes", "--", version], in: root)
                #expect(run.status == 64, "\(run)")
                #expect(run.err.contains("\(version) is not a Talos version."), "\(run)")
                #expect(run.err.contains("v1.9.4"), "an example is shown: \(run)")
            }
        }

        @Test func `a minor alone is answered with its newest version`() async throws {
            try await Self.inRepository { sandbox, root in
                for (command, text, version) in [
                    ("talos", "v1.9", "v1.9.6"), ("kubernetes", "1.31", "1.31.14"),
                ] {
                    let run = try await sandbox.run([Sandbox.binary, command, text], in: root)
                    #expect(run.status == 64, "\(run)")
                    #expect(run.err.contains("fix: bump \(command) \(version) --plan"), "\(run)")
                }
            }
        }

        @Test(arguments: [
            (["talos"], "version"), (["talos", "v1.9.4", "--what"], "--what"),
            (["talos", "v1.9.4", "--soak", "5"], "--soak"),
            (["talos", "v1.9.4", "--max-unavailable", "0"], "--max-unavailable"),
            (["talos", "v1.9.4", "--push", "--no-commit"], "--no-commit"),
            (["talos", "v1.9.4", "--on-failure", "cry"], "--on-failure"),
            (["nothing"], "nothing"),
            (["extensions", "add", "siderolabs/"], "--available"),
            (["extensions", "remove", " "], "--available"),
        ])
        func `a wrong command line is explained`(_ arguments: [String], _ word: String) async throws
        {
            try await Self.inRepository { sandbox, root in
                let run = try await sandbox.run([Sandbox.binary] + arguments, in: root)
                #expect(run.status == 64, "\(run)")
                #expect(run.err.contains(word), "\(run)")
            }
        }

        @Test(arguments: [
            ["talos", "v1.9.4", "--yes"], ["status"], ["talos", "v1.9.4", "--plan"],
        ])
        func `a folder outside of git is refused`(_ arguments: [String]) async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let folder = sandbox.home.appending(path: "plain")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let run = try await sandbox.run([Sandbox.binary] + arguments, in: folder)
            #expect(run.status == 3, "\(run)")
            #expect(run.flat.contains("is not in a git repository."), "\(run)")
            #expect(run.err.contains("git init"), "\(run)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }

        @Test(arguments: [
            ([:], ["No Terraform directory", "talos_version"]),
            (["main.tf": "variable \"other\" {}\n"], ["No Terraform directory", "talos_version"]),
            (
                ["a/main.tf": declaration, "b/main.tf": declaration],
                ["Several Terraform directories", " a\n", " b\n", "terraform: {directory: a}"]
            ),
            (
                [".bump.yaml": "terraform: {directory: nowhere}\n", "a/main.tf": declaration],
                ["nowhere"]
            ),
            ([".bump.yaml": "teraform: {}\n"], [".bump.yaml:1:1", "teraform"]),
        ])
        func `the Terraform directory is found, or the trouble is named`(
            _ files: [String: String], _ words: [String]
        ) async throws {
            try await Self.inRepository(files) { sandbox, root in
                let run = try await sandbox.run(
                    [Sandbox.binary, "talos", "v1.9.4", "--yes"], in: root)
                #expect(run.status == 3, "\(run)")
                for word in words { #expect(run.err.contains(word), "\(run)") }
            }
        }

        private static let declaration = "variable \"talos_version\" {}\n"

        /// A committed repository without a cluster, which must be the same afterwards.
        private static func inRepository(
            _ files: [String: String] = [:], _ body: (Sandbox, URL) async throws -> Void
        ) async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let root = sandbox.home.appending(path: "repo")
            for (name, text) in files.merging(["README.md": "ours\n"], uniquingKeysWith: { $1 }) {
                let file = root.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            for command in [
                ["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "first"],
            ] { try await sandbox.run(["git"] + command, in: root) }
            let before = try await Traces(repository: root, sandbox: sandbox)
            try await body(sandbox, root)
            let after = try await Traces(repository: root, sandbox: sandbox)
            #expect(after.differences(from: before) == [])
        }
    }
}
