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

        /// Known at once where the plan computes the output, else only from the apply.
        @Test(arguments: [false, true])
        func `a filter that drops or doubles one is caught before any node is touched`(
            _ isLate: Bool
        ) async throws {
            try await LabFixture.with(speed: 50, scenario: "substring-filter") { lab in
                if isLate {
                    try await lab.replace(
                        "value = local.schematic_id",
                        with: "value = terraform_data.schematic.output.id",
                        in: "terraform/outputs.tf")
                }
                let before = try await lab.git("rev-parse", "HEAD")
                let text = try lab.text(LabFixture.tfvarsPath)
                let run = try await lab.bump("extensions", "add", "gvisor", "--yes")
                #expect(run.status == (isLate ? 1 : 3), "\(run)")
                #expect(run.flat.contains("No node was touched"), "\(run)")
                #expect(run.flat.contains("it must compare whole names"), "\(run)")
                #expect(
                    try await lab.git("rev-parse", "HEAD") == before || isLate, "nothing committed")
                if isLate {
                    let abort = try await lab.bump("abort", "--yes")
                    try #require(abort.status == 0, "\(abort)")
                }
                #expect(try lab.text(LabFixture.tfvarsPath) == text)
                try await expectExtensions(lab, ["qemu-guest-agent"])
                let disturbed = try await lab.events("cordoned", "installed", "went-down")
                #expect(disturbed.map(\.description) == [])
                let plan = try await lab.terraform("plan", "-detailed-exitcode", "-no-color")
                #expect(plan.status == 0, "\(plan)")
                let resume = try await lab.bump("resume", "--yes")
                #expect(resume.said.contains("Nothing to resume"), "\(resume)")
            }
        }

        @Test func `a node with a schematic of its own keeps it`() async throws {
            try await LabFixture.with(speed: 50, scenario: "gpu-worker") { lab in
                let verified = try await lab.bump("extensions", "verify")
                #expect(verified.status == 0, "\(verified)")
                #expect(verified.flat.contains("demo-worker-2 has a schematic of its own"))
                try await change(lab, "add", "util-linux-tools")
                let lacking = try await lab.bump("extensions", "verify")
                #expect(lacking.status == 3, "\(lacking)")
                #expect(lacking.flat.contains("demo-worker-2 lacks util-linux-tools"))
                let installed = try await lab.events("installed").compactMap(\.node)
                #expect(Set(installed) == ["demo-cp-1", "demo-worker-1"] && installed.count == 2)
                let own = ["nvidia-container-toolkit-lts", "nvidia-open-gpu-kernel-modules-lts"]
                let talos = try await lab.bump("talos", "v1.9.4", "--yes")
                try #require(talos.status == 0, "\(talos)")
                try await expectGoodEnd(lab, at: "v1.9.4")
                for node in try await lab.status().nodes {
                    let has = Set(node.extensions ?? [])
                    #expect(has.isSuperset(of: own) == (node.name == "demo-worker-2"), "\(node)")
                    #expect(
                        has.contains("util-linux-tools") == (node.name != "demo-worker-2"),
                        "\(node)")
                }
            }
        }

        @Test func `one that the new Talos calls otherwise is proven by its new name`()
            async throws
        {
            try await LabFixture.with(
                speed: 50, extensions: "i915-ucode,qemu-guest-agent", talos: "v1.8.4",
                kubernetes: "1.31.4"
            ) { lab in
                let run = try await lab.bump("talos", "v1.9.6", "--yes")
                try #require(run.status == 0, "\(run)")
                #expect(run.flat.contains("i915-ucode is called i915"), "\(run)")
                try await expectGoodEnd(lab, at: "v1.9.6")
                try await expectClean(lab)
                let status = try await lab.bump("status")
                #expect(status.said.contains("nothing differs"), "\(status)")
                let again = try await lab.bump("extensions", "add", "i915", "--yes")
                #expect(again.status == 0 && again.said.contains("Nothing to do"), "\(again)")
            }
        }

        @Test func `a schematic in a file is edited, rolled, and put back byte for byte`()
            async throws
        {
            try await LabFixture.with(speed: 50, scenario: "schematic-file") { lab in
                let file = "terraform/schematic.yaml"
                try await lab.replace(
                    "- siderolabs/qemu-guest-agent",
                    with: "- siderolabs/qemu-guest-agent # asked for by the hypervisor", in: file)
                let before = try lab.text(file)
                try await change(lab, "add", "iscsi-tools")
                #expect(try lab.text(file) == before + "      - siderolabs/iscsi-tools\n")
                #expect(try await lab.events("installed").count == 3)
                let subject = try await lab.git("log", "-1", "--format=%s")
                #expect(subject.hasPrefix("extensions: add iscsi-tools"))
                let verify = try await lab.bump("extensions", "verify")
                #expect(verify.status == 0 && verify.said.contains("iscsi-tools"), "\(verify)")

                try await inject("extension-missing", "demo-worker-2", lab)
                let stopped = try await lab.bump(
                    "extensions", "set", "iscsi-tools", "zfs", "--yes")
                #expect(stopped.status == 1, "\(stopped)")
                #expect(try !lab.text(file).contains("hypervisor"))
                let abort = try await lab.bump("abort", "--yes")
                try #require(abort.status == 0, "\(abort)")
                #expect(try lab.text(file) == before + "      - siderolabs/iscsi-tools\n")
                try await expectClean(lab)
                let plan = try await lab.terraform("plan", "-detailed-exitcode", "-no-color")
                #expect(plan.status == 0, "Terraform has gone back as well: \(plan)")
            }
        }

        @Test func `a schematic's id is computed anew, written and rolled`() async throws {
            try await LabFixture.with(speed: 50, scenario: "schematic-id") { lab in
                let before = try lab.text(LabFixture.tfvarsPath)
                try await change(lab, "add", "iscsi-tools")
                let after = try lab.text(LabFixture.tfvarsPath)
                #expect(after != before && after.contains("talos_schematic_id = \""))
                #expect(try await lab.events("installed").count == 3)
                for node in try await lab.status().nodes {
                    #expect(Set(node.extensions ?? []) == ["qemu-guest-agent", "iscsi-tools"])
                    #expect(after.contains(node.schematicID ?? "none"))
                }
                let verify = try await lab.bump("extensions", "verify")
                #expect(verify.status == 0, "\(verify)")
                try await change(lab, "remove", "iscsi-tools")
                #expect(try lab.text(LabFixture.tfvarsPath) == before)
                try await expectClean(lab)
            }
        }

        @Test func `where nothing names the image it says what to do, and that works`()
            async throws
        {
            try await LabFixture.with(speed: 50, scenario: "no-schematic") { lab in
                let run = try await lab.bump("extensions", "add", "zfs", "--yes")
                #expect(run.status == 3, "\(run)")
                #expect(run.flat.contains("bump extensions list --schematic"), "\(run)")
                #expect(try await lab.events("installed").isEmpty)

                let schematic = try await lab.bump("extensions", "list", "--schematic")
                try #require(schematic.status == 0, "\(schematic)")
                try lab.write("schematic.yaml", schematic.out)
                try await lab.git("add", "schematic.yaml")
                try await lab.git("commit", "--quiet", "--message", "the image")
                try await change(lab, "add", "zfs")
                #expect(try lab.text("schematic.yaml").contains("- siderolabs/zfs\n"))
                #expect(try await lab.events("installed").count == 3)
                try await expectClean(lab)
            }
        }

        private func inject(_ fault: String, _ node: String, _ lab: LabFixture) async throws {
            let outcome = try await lab.bump("lab", "fault", lab.root.path, fault, "--node", node)
            try #require(outcome.status == 0, "\(outcome)")
        }

        private func expectClean(_ lab: LabFixture) async throws {
            let verify = try await lab.bump("extensions", "verify")
            #expect(verify.status == 0, "\(verify)")
            let status = try await lab.status()
            #expect(status.nodes.allSatisfy { $0.ready == true && $0.cordoned == false })
            #expect(try await lab.git("status", "--porcelain") == "")
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
