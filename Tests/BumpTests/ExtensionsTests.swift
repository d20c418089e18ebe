import Foundation
import Testing

extension EndToEnd {
    /// `bump extensions`, judged by the lab's events.
    struct ExtensionsTests {
        @Test func `added, renamed and taken away, every node is rolled once and proven`()
            async throws
        {
            try await LabFixture.with(workers: 2, speed: 50, generation: .between) { lab in
                // The lab's configuration sorts the names, so that the order is not the declared.
                try await change(lab, "add", "iscsi-tools", "i915-ucode")
                try await expectExtensions(lab, ["qemu-guest-agent", "iscsi-tools", "i915"])
                #expect(try await lab.events("installed").count == 3)
                #expect(Set(try await lab.events("went-down").compactMap(\.node)).count == 3)
                for (name, status, words) in [
                    ("iscsi-tool", Int32(3), "did you mean iscsi-tools"),
                    ("iscsi-tools", 0, "Nothing to do"),
                ] {
                    let run = try await lab.bump("extensions", "add", name, "--yes")
                    #expect(run.status == status && run.flat.contains(words), "\(run)")
                }
                #expect(try await lab.events("installed").count == 3)
                try await change(lab, "remove", "i915")
                try await expectExtensions(lab, ["qemu-guest-agent", "iscsi-tools"])
                #expect(try await lab.events("installed").count == 6)
            }
        }

        @Test func `a node that comes back without one stops the roll, and all go back`()
            async throws
        {
            try await LabFixture.with(workers: 2, speed: 50, generation: .between) { lab in
                let fault = try await lab.bump(
                    "lab", "fault", lab.root.path, "extension-missing", "--node", "demo-worker-2")
                try #require(fault.status == 0, "\(fault)")
                let run = try await lab.bump("extensions", "add", "zfs", "--yes")
                #expect(run.status == 1, "\(run)")
                #expect(run.flat.contains("it lacked: extension zfs"), "\(run)")
                #expect(run.flat.contains("demo-worker-2 ran v1.10.6 with schematic"), "\(run)")
                let installed = try await lab.events("installed").compactMap(\.node)
                #expect(!installed.contains("demo-cp-1"), "\(installed)")
                let abort = try await lab.bump("abort", "--yes")
                try #require(abort.status == 0, "\(abort)")
                try await expectExtensions(lab, ["qemu-guest-agent"])
                let subject = try await lab.git("log", "-1", "--format=%s")
                #expect(subject.hasPrefix("extensions: back from"), "\(subject)")
                let plan = try await lab.terraform("plan", "-detailed-exitcode", "-no-color")
                #expect(plan.status == 0, "Terraform has gone back as well: \(plan)")
            }
        }

        @Test func `a filter that drops or doubles one is caught before any node is touched`()
            async throws
        {
            try await LabFixture.with(speed: 50, scenario: "substring-filter") { lab in
                let run = try await lab.bump("extensions", "add", "gvisor", "--yes")
                #expect(run.status == 1, "\(run)")
                #expect(run.flat.contains("No node was touched"), "\(run)")
                let abort = try await lab.bump("abort", "--yes")
                try #require(abort.status == 0, "\(abort)")
                try await expectExtensions(lab, ["qemu-guest-agent"])
                let disturbed = try await lab.events("cordoned", "installed", "went-down")
                #expect(disturbed.map(\.description) == [])
                let plan = try await lab.terraform("plan", "-detailed-exitcode", "-no-color")
                #expect(plan.status == 0, "\(plan)")
            }
        }

        @Test func `a node with a schematic of its own keeps it`() async throws {
            try await LabFixture.with(speed: 50, scenario: "gpu-worker") { lab in
                try await change(lab, "add", "util-linux-tools")
                let installed = try await lab.events("installed").compactMap(\.node)
                #expect(Set(installed) == ["demo-cp-1", "demo-worker-1"] && installed.count == 2)
            }
        }

        @Test func `without a declared list it says what to do`() async throws {
            try await LabFixture.with(speed: 50) { lab in
                for name in ["main.tf", "variables.tf", "terraform.tfvars"] {
                    try await lab.replace(
                        "talos_extensions", with: "wanted_modules", in: "terraform/" + name)
                }
                let run = try await lab.bump("extensions", "add", "zfs", "--yes")
                #expect(run.status == 3, "\(run)")
                #expect(run.flat.contains("No list of extensions is declared"), "\(run)")
                #expect(run.flat.contains("variables.extensions in .bump.yaml"), "\(run)")
                #expect(try await lab.events("installed").isEmpty)
            }
        }

        private func change(_ lab: LabFixture, _ words: String...) async throws {
            let run = try await lab.sandbox.run(
                [Sandbox.binary, "extensions"] + words + ["--yes"], in: lab.root,
                within: .seconds(90))
            try #require(run.status == 0, "\(run)")
        }

        private func expectExtensions(_ lab: LabFixture, _ names: [String]) async throws {
            let verify = try await lab.bump("extensions", "verify")
            #expect(verify.status == 0, "\(verify)")
            let list = "[" + names.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
            #expect(try lab.text(LabFixture.tfvarsPath).contains("talos_extensions = " + list))
            let status = try await lab.status()
            #expect(status.nodes.allSatisfy { $0.ready == true && $0.cordoned == false })
            #expect(try await lab.git("status", "--porcelain") == "")
        }
    }
}
