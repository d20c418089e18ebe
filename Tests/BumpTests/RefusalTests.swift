import Foundation
import Testing

extension EndToEnd {
    /// What is wrong with the repository, the cluster or the way to it: each has its own message
    /// and exit code, and changes nothing.
    struct RefusalTests {
        @Test(arguments: [
            ("v1.9.1", "v1.9.1 is older than v1.9.2"), ("1.8.4", "v1.8.4 is older than v1.9.2"),
            ("v2.0.0", "Talos 2.0"),
        ])
        func `a version that cannot be gone to is refused`(
            _ version: String, _ words: String
        ) async throws {
            try await LabFixture.with(workers: 0) { lab in
                try await expectRefusal(lab, to: version, words)
            }
        }

        @Test func `a version that is declared nowhere is asked for`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                try await lab.replace("talos_version      = \"v1.9.2\"\n", with: "")
                try await expectRefusal(
                    lab, "talos_version is set nowhere", "add talos_version to terraform.tfvars")
            }
        }

        @Test func `a mistake in the tfvars is shown in its line`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                try await lab.replace(
                    "talos_version      = \"v1.9.2\"", with: "talos_version      = \"v1.9.2")
                let run = try await expectRefusal(lab, "terraform/terraform.tfvars:4:")
                let lines = run.err.split(separator: "\n").map(String.init)
                let shown = try #require(
                    lines.firstIndex { $0.hasSuffix("talos_version      = \"v1.9.2") }, "\(run)")
                let caret = try #require(lines.indices.contains(shown + 1) ? lines[shown + 1] : nil)
                let place = try #require(run.err.firstMatch(of: /terraform\.tfvars:4:(\d+)/))
                let column = try #require(Int(place.output.1))
                #expect(caret.trimmingCharacters(in: .whitespaces) == "^", "\(run)")
                let indent = lines[shown].count - "talos_version      = \"v1.9.2".count
                #expect(caret.count == indent + column, "the caret is below the place: \(run)")
            }
        }

        @Test func `a dirty tfvars is not swept into a commit`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                try lab.write(
                    LabFixture.tfvarsPath, try lab.text(LabFixture.tfvarsPath) + "# mine\n")
                try await expectRefusal(lab, "changes that are not committed", "git commit")
            }
        }

        @Test func `a schematic that nodes and Terraform disagree on is refused`() async throws {
            try await LabFixture.with { lab in
                try await lab.replace(
                    "[\"qemu-guest-agent\"]", with: "[\"iscsi-tools\", \"qemu-guest-agent\"]")
                let applied = try await lab.terraform("apply", "-auto-approve", "-no-color")
                #expect(applied.status == 0, "\(applied)")
                try await expectRefusal(
                    lab, "runs ce4c980550dd, Terraform's output says dc7b152cb3ea", "demo-cp-1",
                    "demo-worker-1")
            }
        }

        @Test func `an empty Terraform state is refused`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                try FileManager.default.moveItem(
                    atPath: lab.path("terraform/terraform.tfstate"),
                    toPath: lab.sandbox.home.path + "/state")
                try await expectRefusal(
                    lab, "Nothing is applied", "terraform -chdir=terraform apply")
            }
        }

        @Test func `a missing terraform is asked for`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                let folder = lab.sandbox.home.appending(path: "empty")
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true)
                try await expectRefusal(
                    lab, "terraform (or tofu) is not installed", "developer.hashicorp.com",
                    environment: ["PATH": folder.path])
            }
        }

        @Test func `a node that does not answer is named`() async throws {
            try await LabFixture.with { lab in
                try await lab.destroyMachine("demo-worker-1")
                try await expectRefusal(lab, "demo-worker-1 does not answer", status: 4)
                let status = try await lab.status()
                #expect(status.nodes.map(\.name).sorted() == ["demo-cp-1", "demo-worker-1"])
                #expect(status.nodes.first { $0.name == "demo-worker-1" }?.talosVersion == nil)
            }
        }

        @Test(arguments: ["kubelet-down", "node-not-ready"])
        func `a node that is not Ready is named`(_ fault: String) async throws {
            try await LabFixture.with { lab in
                try await lab.fault(fault, node: "demo-worker-1", shows: "not-ready")
                try await expectRefusal(lab, "demo-worker-1", "not ready")
            }
        }
    }
}

/// Runs `bump talos` and expects that it refuses with these words, and changes nothing. A plan
/// alone must end in the same way.
@discardableResult
func expectRefusal(
    _ lab: LabFixture, to version: String = "v1.9.4", _ words: String..., status: Int32 = 3,
    environment: [String: String?] = [:], sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Outcome {
    let before = try await Traces(lab)
    let plan = try await lab.bump("talos", version, "--plan", environment: environment)
    #expect(plan.status == status, "\(plan)", sourceLocation: sourceLocation)
    let run = try await lab.bump("talos", version, "--yes", environment: environment)
    #expect(run.status == status, "\(run)", sourceLocation: sourceLocation)
    for word in words {
        #expect(
            run.flat.contains(word), "“\(word)” is missing: \(run)", sourceLocation: sourceLocation)
    }
    #expect(run.err.contains("\nfix: "), "what to type: \(run)", sourceLocation: sourceLocation)
    let after = try await Traces(lab)
    #expect(after.differences(from: before) == [], sourceLocation: sourceLocation)
    return run
}
