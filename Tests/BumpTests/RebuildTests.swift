import Foundation
import Testing

extension EndToEnd {
    /// Destroyed by the real terraform, built anew, and every object and byte back.
    @Suite(.enabled(if: Sandbox.has("kubectl"), "kubectl is not installed"))
    struct RebuildTests {
        @Test func `killed at each part and resumed, everything the backup held is back`()
            async throws
        {
            try await LabFixture.with(speed: 20, scenario: "stateful") {
                lab in
                let claim = ".lab/volumes/shop/data-db-0/known"
                try lab.write(claim, "what the volume held\n")
                try await kubectl(lab, "create", "configmap", "kept", "--from-literal=a=b")
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")

                let command = ["rebuild", "--confirm", "demo", "--backup", "kept"]
                var end = try await lab.bumpKilled(after: 5, command)
                var kills = 0
                while end == nil, kills < 40 {
                    kills += 1
                    end = try await lab.bumpKilled(after: 3 + kills % 4, ["resume", "--yes"])
                }
                let last = try #require(end)
                #expect(last.status == 0, "\(last)")
                #expect(kills >= 4, "killed \(kills) times only")

                #expect(try lab.text(claim) == "what the volume held\n")
                let kept = try await kubectl(lab, "get", "configmap", "kept", "-o", "json")
                #expect(kept.out.contains("\"a\": \"b\""), "\(kept)")
                #expect(try await lab.events("machine-destroyed").count == 6)
                #expect(try await lab.events("machine-created").count == 12)
                let flux = try await kubectl(lab, "get", "kustomizations", "-A")
                #expect(flux.out.contains("apps"), "\(flux)")
                #expect(try await lab.git("status", "--porcelain").isEmpty)
                let again = try await lab.bump("check")
                #expect(again.status == 0, "\(again)")
            }
        }

        @Test func `what was killed here is finished in another copy of the repository`()
            async throws
        {
            try await LabFixture.with(speed: 20, scenario: "stateful") { lab in
                let claim = ".lab/volumes/shop/data-db-0/known"
                try lab.write(claim, "what the volume held\n")
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let plan = try await lab.bump("rebuild", "--plan")
                #expect(plan.flat.contains("objects and the files of 6 volumes"), "\(plan)")
                let end = try await lab.bumpKilled(
                    after: 10, ["rebuild", "--confirm", "demo", "--backup", "kept"])
                try #require(end == nil, "\(String(describing: end))")
                // Terraform itself goes on, and is waited for before its state is copied.
                let files = FileManager.default
                let lock = lab.path("terraform/.terraform.tfstate.lock.info")
                let isOver = try await eventually(within: .seconds(30)) {
                    !files.fileExists(atPath: lock)
                }
                try #require(isOver)

                let other = lab.sandbox.home.appending(path: "other")
                try await lab.git("clone", "--quiet", lab.root.path, other.path)
                for name in [".lab", "generated"] {
                    try files.createSymbolicLink(
                        atPath: other.path + "/" + name, withDestinationPath: lab.path(name))
                }
                for name in [".bump", "terraform/terraform.tfstate", "terraform/.terraform"]
                where files.fileExists(atPath: lab.path(name)) {
                    try files.copyItem(atPath: lab.path(name), toPath: other.path + "/" + name)
                }
                let resumed = try await lab.bump("resume", "--yes", in: other)
                #expect(resumed.status == 0, "\(resumed)")
                #expect(try lab.text(claim) == "what the volume held\n")
                #expect(try await lab.events("machine-destroyed").count == 6)
                #expect(try await lab.bump("check", in: other).status == 0)
            }
        }

        @Test func `a control plane that is dead already, and a cluster that is gone, come back`()
            async throws
        {
            try await LabFixture.with(speed: 20, scenario: "stateful") { lab in
                let claim = ".lab/volumes/shop/data-db-0/known"
                try lab.write(claim, "what the volume held\n")
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let command = ["rebuild", "--confirm", "demo", "--backup", "kept"]

                for name in ["demo-cp-1", "demo-cp-2", "demo-cp-3"] {
                    try await lab.destroyMachine(name)
                }
                let dead = try await lab.sandbox.run(
                    [Sandbox.binary] + command, in: lab.root, within: .seconds(120))
                #expect(dead.status == 0, "\(dead)")
                #expect(dead.flat.contains("the history of this repository says it was"), "\(dead)")
                #expect(dead.err.contains("Plan: 0 to add, 0 to change, 8 to destroy"), "\(dead)")
                for part in ["prepare", "destroy", "build", "restore", "finish"] {
                    #expect(dead.err.contains(try Regex("\\n  \(part) +[0-9.]+ s")), "\(dead)")
                }
                #expect(try lab.text(claim) == "what the volume held\n")
                #expect(try await lab.bump("check").status == 0)

                let destroyed = try await lab.terraform("destroy", "-auto-approve", "-no-color")
                try #require(destroyed.status == 0, "\(destroyed)")
                let plan = try await lab.bump("rebuild", "--plan", "--backup", "kept")
                #expect(plan.status == 2, "\(plan)")
                #expect(plan.flat.contains("Terraform's state is empty and no machine"), "\(plan)")
                let gone = try await lab.sandbox.run(
                    [Sandbox.binary] + command, in: lab.root, within: .seconds(120))
                #expect(gone.status == 0, "\(gone)")
                #expect(try lab.text(claim) == "what the volume held\n")
                #expect(try await lab.bump("check").status == 0)
                #expect(try await lab.git("status", "--porcelain").isEmpty)
            }
        }

        @Test func `without a usable backup, or the right name, nothing is destroyed`() async throws
        {
            try await LabFixture.with(speed: 20) { lab in
                let none = try await lab.bump(
                    "rebuild", "--confirm", "demo", "--backup", "never-made")
                #expect(none.status == 3 && none.err.contains("never-made"), "\(none)")
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let wrong = try await lab.bump("rebuild", "--confirm", "other")
                #expect(wrong.status == 3 && wrong.err.contains("called demo"), "\(wrong)")
                let nobody = try await lab.bump("rebuild")
                #expect(nobody.status == 64 && nobody.err.contains("--confirm demo"), "\(nobody)")
                #expect(try await lab.events("machine-destroyed").isEmpty)
            }
        }

        @discardableResult
        private func kubectl(_ lab: LabFixture, _ arguments: String...) async throws -> Outcome {
            let outcome = try await lab.sandbox.run(
                ["kubectl"] + arguments, in: lab.root,
                environment: [
                    "KUBECONFIG": lab.path("generated/kubeconfig"),
                    "HOME": lab.sandbox.home.path,
                ])
            #expect(outcome.status == 0, "\(outcome)")
            return outcome
        }
    }
}
