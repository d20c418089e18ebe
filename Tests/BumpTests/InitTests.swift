import Foundation
import Testing

extension EndToEnd {
    /// `bump init` in repositories that need no cluster.
    struct InitTests {
        static let main = """
            variable "talos_version" { type = string }
            variable "token" { default = "" }
            data "talos_machine_configuration" "worker" {
              machine_type = "worker"
            }

            """

        /// A committed repository with these files.
        private static func with(
            _ files: [String: String], _ body: (Sandbox, URL) async throws -> Void
        ) async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let root = sandbox.home.appending(path: "infra")
            for (name, text) in files {
                let file = root.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            for words in [
                ["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"],
            ] {
                let outcome = try await sandbox.run(["git"] + words, in: root)
                try #require(outcome.status == 0, "\(outcome)")
            }
            try await body(sandbox, root)
        }

        private static let hidden = [
            "terraform/main.tf": "variable \"talos_version\" {}\nvariable \"token\" {}\n",
            "terraform/terraform.tfvars": "token = \"t\"\ntalos_version = \"v1.9.2\"\n",
            ".gitignore": "*.tfvars\n.bump/\n",
        ]

        @Test func `says what would be written, and changes nothing unasked`() async throws {
            try await Self.with(Self.hidden) { sandbox, root in
                let plan = try await sandbox.run([Sandbox.binary, "init", "--plan"], in: root)
                #expect(plan.status == 2, "\(plan)")
                #expect(plan.flat.contains("v1.9.2 (certain: talos_version, terraform/terraform"))
                #expect(plan.flat.contains("would move to terraform/versions.auto.tfvars"))
                #expect(plan.flat.contains("!/terraform/versions.auto.tfvars would be added"))
                let silent = try await sandbox.run([Sandbox.binary, "init"], in: root)
                #expect(silent.status == 3, "\(silent)")
                #expect(silent.flat.contains("bump init --yes"))
                let status = try await sandbox.run(["git", "status", "--porcelain"], in: root)
                #expect(status.out.isEmpty, "\(status)")
            }
        }

        @Test func `moves the versions where git sees them, and is then content`() async throws {
            try await Self.with(Self.hidden) { sandbox, root in
                let done = try await sandbox.run([Sandbox.binary, "init", "--yes"], in: root)
                #expect(done.status == 0, "\(done)")
                let status = try await sandbox.run(
                    ["git", "status", "--porcelain", "--untracked-files=all"], in: root)
                #expect(status.out == " M .gitignore\n?? terraform/versions.auto.tfvars\n")
                let left = try String(
                    contentsOf: root.appending(path: "terraform/terraform.tfvars"), encoding: .utf8)
                #expect(left == "token = \"t\"\n")
                let command = try #require(done.err.firstMatch(of: /To keep it: (.*)/)).1
                let kept = try await sandbox.run(["sh", "-c", String(command)], in: root)
                #expect(kept.status == 0, "\(kept)")
                let again = try await sandbox.run([Sandbox.binary, "init", "--plan"], in: root)
                #expect(again.status == 0, "\(again)")
                #expect(again.flat.contains("Nothing has to be written."))
            }
        }

        @Test func `moves nothing into a file that a filter catches as well`() async throws {
            var files = Self.hidden
            files[".gitattributes"] = "*.tfvars filter=git-crypt\n"
            files[".gitignore"] = ".bump/\n"
            try await Self.with(files) { sandbox, root in
                let look = try await sandbox.run([Sandbox.binary, "init"], in: root)
                #expect(look.status == 0, "\(look)")
                #expect(look.flat.contains("versions.auto.tfvars has the git attribute"), "\(look)")
            }
        }

        @Test func `writes settings where convention does not lead`() async throws {
            let files = [
                "tofu/main.tf": "variable \"talos_image\" {}\n",
                "tofu/image.auto.tfvars": "talos_image = {\n  version = \"v1.9.3\"\n}\n",
            ]
            try await Self.with(files) { sandbox, root in
                let done = try await sandbox.run([Sandbox.binary, "init", "--yes"], in: root)
                #expect(done.status == 0, "\(done)")
                #expect(done.flat.contains("v1.9.3 (likely: talos_image.version"))
                let settings = try String(
                    contentsOf: root.appending(path: ".bump.yaml"), encoding: .utf8)
                #expect(settings.contains("  talos: talos_image.version\n"), "\(settings)")
            }
        }

        @Test func `pins Kubernetes when told which runs`() async throws {
            let files = [
                "terraform/main.tf": Self.main,
                "terraform/terraform.tfvars": "talos_version = \"v1.9.2\"\n",
            ]
            try await Self.with(files) { sandbox, root in
                let look = try await sandbox.run([Sandbox.binary, "init"], in: root)
                #expect(look.status == 0, "\(look)")
                #expect(look.flat.contains("unpinned: an apply takes Kubernetes to the version"))
                let done = try await sandbox.run(
                    [Sandbox.binary, "init", "--kubernetes", "v1.32.1", "--yes"], in: root)
                #expect(done.status == 0, "\(done)")
                let text = try String(
                    contentsOf: root.appending(path: "terraform/main.tf"), encoding: .utf8)
                #expect(text.contains("  kubernetes_version = var.kubernetes_version\n"))
                let again = try await sandbox.run([Sandbox.binary, "init"], in: root)
                #expect(again.flat.contains("1.32.1 (certain: kubernetes_version"), "\(again)")
            }
        }

        @Test(.enabled(if: Sandbox.has("python3"), "needs python3 for a terminal"))
        func `asks on a terminal, and takes no for an answer`() async throws {
            try await Self.with(Self.hidden) { sandbox, root in
                for (answer, isMoved) in [("n", false), ("y", true)] {
                    let asked = try await sandbox.run(
                        ["python3", "-c", Self.terminal, answer, Sandbox.binary, "init"], in: root)
                    #expect(asked.status == 0, "\(asked)")
                    #expect(asked.flat.contains("Move the versions to terraform/versions.auto"))
                    let file = root.appending(path: "terraform/versions.auto.tfvars").path
                    #expect(FileManager.default.fileExists(atPath: file) == isMoved)
                }
            }
        }

        /// Runs a program on a terminal of its own and answers its first question.
        private static let terminal = """
            import os, pty, sys
            answer, program = sys.argv[1], sys.argv[2:]
            child, terminal = pty.fork()
            if child == 0:
                os.execvp(program[0], program)
            said, answered = b"", False
            while True:
                try:
                    part = os.read(terminal, 4096)
                except OSError:
                    break
                if not part:
                    break
                said += part
                if not answered and b"[y/N]" in said:
                    os.write(terminal, answer.encode() + b"\\n")
                    answered = True
            sys.stdout.write(said.decode())
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
    }
}
