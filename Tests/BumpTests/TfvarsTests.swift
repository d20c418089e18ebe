import Foundation
import Testing

extension EndToEnd {
    /// The editor by itself: `bump tfvars`.
    struct TfvarsTests {
        /// A file in an empty folder.
        private static func with(
            _ name: String, _ text: String, _ body: (Sandbox, URL) async throws -> Void
        ) async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let file = sandbox.home.appending(path: name)
            try Data(text.utf8).write(to: file)
            try await body(sandbox, file)
        }

        private static let values = """
            \u{FEFF}talos_version = "v1.9.2" # renovate
            big = 12345678901234567890.50
            extensions = ["a", "b"]
            sum = 1 + 2

            """

        @Test(arguments: [
            ("talos_version", "v1.9.2", "\"v1.9.2\""),
            ("big", "12345678901234567890.5", "12345678901234567890.5"),
            ("extensions", "[\"a\",\"b\"]", "[\"a\",\"b\"]"), ("sum", "1 + 2", "\"1 + 2\""),
        ])
        func `a value is printed for people and as JSON`(
            path: String, plain: String, json: String
        ) async throws {
            try await Self.with("x.tfvars", Self.values) { sandbox, file in
                let get = [Sandbox.binary, "tfvars", "get", file.path, path]
                let forPeople = try await sandbox.run(get)
                #expect(forPeople.out == plain + "\n")
                let forPrograms = try await sandbox.run(get + ["--json"])
                #expect(forPrograms.out == json + "\n")
            }
        }

        @Test func `one value changes, and the file keeps its link and its rights`() async throws {
            try await Self.with("x.tfvars", Self.values) { sandbox, file in
                let link = sandbox.home.appending(path: "link.tfvars")
                let files = FileManager.default
                try files.createSymbolicLink(at: link, withDestinationURL: file)
                try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
                let run = try await sandbox.run(
                    [Sandbox.binary, "tfvars", "set", link.path, "talos_version", "v1", "--json"])
                #expect(run.out == "{\"changed\":true}\n", "\(run)")
                let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                #expect(text == Self.values.replacing("v1.9.2", with: "v1"))
                #expect(try files.destinationOfSymbolicLink(atPath: link.path) == file.path)
                let attributes = try files.attributesOfItem(atPath: file.path)
                #expect(attributes[.posixPermissions] as? Int == 0o640)
                let names = try files.contentsOfDirectory(atPath: sandbox.home.path)
                #expect(!names.contains { $0.contains("bump-") }, "\(names)")
            }
        }

        private static let edits: [(input: String, words: [String], output: String?)] = [
            ("a = [1]\n", ["a[0]", "2", "--expression"], "a = [2]\n"),
            ("a = [1]\n", ["a[1]", "x", "--insert"], "a = [1, \"x\"]\n"),
            ("a = [1, 2]\n", ["a[0]", "--remove"], "a = [2]\n"),
            ("a = 1\n", ["b", "2", "--insert", "--expression"], "a = 1\nb = 2\n"),
            ("a = 1\n", ["a", "--", "-5"], "a = -5\n"),
            (" {\"a\": 1}", ["a", "2"], " {\"a\": 2}"),
            ("{\"a\": 1}", ["b.c", "x", "--insert"], nil),
            ("{\"a\": {}}", ["a.c", "x", "--insert"], "{\"a\": {\"c\": \"x\"}}"),
        ]

        @Test(arguments: edits)
        func `stdin is changed on its way to stdout`(
            input: String, arguments: [String], output: String?
        ) async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let run = try await sandbox.run(
                [Sandbox.binary, "tfvars", "set", "-"] + arguments, input: input)
            #expect(run.out == output ?? "", "\(run)")
            #expect(run.status == (output == nil ? 3 : 0), "\(run)")
        }

        @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
        func `a full disk behind stdout is told`() async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let script = "echo a = 1 | \(Sandbox.binary) tfvars set - a 2 >/dev/full"
            let run = try await sandbox.run(["sh", "-c", script])
            #expect(run.status == 3, "\(run)")
            #expect(run.err.contains("stdout cannot be written."), "\(run)")
        }

        @Test func `a default in a module is found by the name of its variable`() async throws {
            let module = """
                variable "image" {
                  default = { version = "v1.9.2" } # renovate
                }

                """
            try await Self.with("variables.tf", module) { sandbox, file in
                let path = [file.path, "image.version"]
                let get = try await sandbox.run([Sandbox.binary, "tfvars", "get"] + path)
                #expect(get.out == "v1.9.2\n", "\(get)")
                let set = try await sandbox.run([Sandbox.binary, "tfvars", "set"] + path + ["v2"])
                #expect(set.status == 0, "\(set)")
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(text == module.replacing("v1.9.2", with: "v2"))
            }
        }

        private static let mistakes: [(words: [String], status: Int32, said: [String])] = [
            (["get", "x.tfvars", "sum["], 64, ["sum[\n    ^", "Write it like"]),
            (["set", "x.tfvars", "sum", "[1", "--expression"], 64, ["[1\n^", "Give one value"]),
            (["set", "x.tfvars", "sum", "a.b", "--expression"], 64, ["a.b\n^", "Variables not"]),
            (["get", "x.tfvars", "nope"], 3, ["Nothing named nope", "bump tfvars get x.tfvars"]),
            (["set", "x.tfvars", "big", "much"], 3, ["x.tfvars:2:7", "      ^", "a number"]),
            (["get", "none.tfvars"], 64, ["none.tfvars cannot be read.", "No such file"]),
            (["get", "."], 64, ["Is a directory"]),
            (["get", "x.tf"], 3, ["x.tf:1:10", "\t        ^", "Correct line 1 of x.tf"]),
            (["set", "-", "a", "b", "--json"], 64, ["stdout is the file itself"]),
            (["set", "x.tfvars", "big"], 64, ["Missing expected argument '<value>'"]),
            (["set", "x.tfvars", "big", "1", "--remove"], 64, ["--remove takes no value"]),
            (["get", "-", "nope"], 3, ["Nothing named nope is set in stdin.", "tfvars get -"]),
        ]

        @Test(arguments: mistakes)
        func `a mistake is shown where it was made`(
            arguments: [String], status: Int32, words: [String]
        ) async throws {
            try await Self.with("x.tfvars", Self.values) { sandbox, file in
                let module = file.deletingLastPathComponent().appending(path: "x.tf")
                try Data("\tlocals {\u{1}\n".utf8).write(to: module)
                let run = try await sandbox.run([Sandbox.binary, "tfvars"] + arguments)
                #expect(run.status == status, "\(run)")
                for word in words { #expect(run.err.contains(word), "\(word): \(run)") }
                #expect(run.out.isEmpty)
                let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                #expect(text == Self.values)
            }
        }
    }
}
