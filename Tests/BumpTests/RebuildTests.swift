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
                #expect(nobody.status == 3 && nobody.err.contains("--confirm demo"), "\(nobody)")
                #expect(try await lab.events("machine-destroyed").isEmpty)
            }
        }

        @Test
        func `what Terraform will not destroy is refused first, what it half made is made anew`()
            async throws
        {
            try await LabFixture.with(speed: 20) { lab in
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let file = "terraform/main.tf"
                let configuration = try lab.text(file)
                let machine = #"resource "terraform_data" "machine" {"#
                try lab.write(
                    file,
                    configuration.replacing(
                        machine, with: machine + "\n  lifecycle { prevent_destroy = true }"))
                let kept = try await lab.bump("rebuild", "--confirm", "demo")
                #expect(
                    kept.status == 3 && kept.flat.contains("take prevent_destroy out"), "\(kept)")
                #expect(try await lab.events("machine-destroyed").isEmpty)
                try lab.write(file, configuration)

                let maker = ".lab/bin/machine"
                let script = try lab.text(maker)
                try lab.write(
                    maker,
                    script.replacing(
                        "\nexec ",
                        with: "\n[ \"$1 $MACHINE_NAME\" = 'create demo-worker-1' ] && exit 1\nexec "
                    ))
                let half = try await lab.bump("rebuild", "--confirm", "demo")
                #expect(half.status == 1 && half.flat.contains("then: bump resume"), "\(half)")
                #expect(!half.flat.contains("while putting things back"), "\(half)")
                try lab.write(maker, script)
                let again = try await lab.bump("rebuild", "--confirm", "demo")
                #expect(
                    again.status == 3 && again.flat.contains("A rebuild is under way"), "\(again)")
                let resumed = try await lab.bump("resume", "--yes")
                #expect(resumed.status == 0, "\(resumed)")
                #expect(try await lab.bump("check").status == 0)
            }
        }

        @Test func `a hook that fails keeps what it prints to itself, and is mended`() async throws
        {
            try await LabFixture.with(speed: 20, scenario: "no-velero") { lab in
                let install = [".lab/velero/1-definitions.yaml", ".lab/velero/2-velero.yaml"]
                for file in install { try await kubectl(lab, "apply", "-f", file) }
                let available = try await eventually(within: .seconds(30)) {
                    try await kubectl(lab, "get", "bsl", "-n", "velero").out.contains("Available")
                }
                try #require(available)
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let settings = try lab.text(".bump.yaml")
                let hooks = { (command: String) in
                    try lab.write(
                        ".bump.yaml", settings + "\nrebuild:\n  hooks:\n    velero: \(command)\n")
                }
                try lab.write(".lab/password", "s3cr3t-of-mine\n")
                try hooks("cat .lab/password; exit 7")
                let failed = try await lab.bump("rebuild", "--confirm", "demo")
                #expect(failed.status == 1 && failed.flat.contains("exit status 7"), "\(failed)")
                let told = try await lab.sandbox.run(
                    ["grep", "-rl", "s3cr3t-of-mine", ".bump"], in: lab.root)
                #expect(
                    told.out.contains("hook-velero.log") && !told.out.contains("journal")
                        && !told.out.contains("events"), "\(told)")
                #expect(!failed.flat.contains("\ns3cr3t"), "\(failed)")
                // It hears Ctrl-C in the new cluster as well, and takes the hook along.
                try hooks("kill -INT $PPID; sleep 300")
                let interrupted = try await lab.bump("resume", "--yes")
                #expect(interrupted.status == 130, "\(interrupted)")
                try hooks(install.map { "kubectl apply -f \($0)" }.joined(separator: " && "))
                let resumed = try await lab.bump("resume", "--yes")
                #expect(resumed.status == 0, "\(resumed)")
            }
        }

        @Test
        func `a saved plan is carried out by the cluster's name alone`()
            async throws
        {
            try await LabFixture.with(speed: 20) { lab in
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let plan = try await lab.bump("rebuild", "--plan", "--json", "--out", "plan.json")
                #expect(plan.status == 2, "\(plan)")
                let yes = try await lab.bump("apply", "plan.json", "--yes")
                #expect(yes.status == 3 && yes.flat.contains("--confirm demo"), "\(yes)")
                #expect(try await lab.events("machine-destroyed").isEmpty)
                let done = try await lab.bump("apply", "plan.json", "--confirm", "demo")
                #expect(done.status == 0, "\(done)")
                #expect(try await lab.events("machine-created").count == 4)
            }
        }

        @Test func `a restore that ends badly is done once more, and a location stays as it was`()
            async throws
        {
            try await LabFixture.with(speed: 20, scenario: "stateful") { lab in
                let claim = ".lab/volumes/shop/data-db-0/known"
                try lab.write(claim, "what the volume held\n")
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let settings = try lab.text(".bump.yaml")
                let closing =
                    "kubectl -n velero patch bsl default --type merge "
                    + "-p '{\"spec\":{\"accessMode\":\"ReadOnly\"}}' && bump lab fault . restore-partial"
                try lab.write(
                    ".bump.yaml",
                    settings + "\nrebuild:\n  hooks:\n    closing: >-\n      "
                        + closing.replacing("bump lab", with: "'\(Sandbox.binary)' lab") + "\n")
                let stopped = try await lab.sandbox.run(
                    [Sandbox.binary, "rebuild", "--confirm", "demo"], in: lab.root,
                    within: .seconds(120))
                #expect(
                    stopped.status == 1 && stopped.flat.contains("PartiallyFailed"), "\(stopped)")
                #expect(stopped.flat.contains("The old machines are destroyed"), "\(stopped)")
                let resumed = try await lab.sandbox.run(
                    [Sandbox.binary, "resume", "--yes"], in: lab.root, within: .seconds(120))
                #expect(resumed.status == 0, "\(resumed)")
                #expect(resumed.flat.contains("default was read-only before, and stays so"))
                #expect(try lab.text(claim) == "what the volume held\n")
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
