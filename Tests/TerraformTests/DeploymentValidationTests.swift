import Foundation
import Model
import Terraform
import Testing

/// What the variables of `terraform/` accept, by the real program: they need no provider.
struct DeploymentValidationTests {
    /// Plans the example with one value set otherwise.
    private static func refusal(_ value: String) async throws -> Problem? {
        let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("terraform")
        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        }
        let box = try Sandbox([
            "main.tf": "output \"machines\" { value = [local.machines, local.endpoint] }\n",
            "variables.tf": try text("variables.tf"), "locals.tf": try text("locals.tf"),
            "terraform.tfvars": try text("terraform.tfvars.example"),
            "other.auto.tfvars": value + "\n",
        ])
        do {
            _ = try await box.project().review(
                directory: ".", strict: true, within: .seconds(120)
            ) { _ in }
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    @Test(arguments: [
        "", "talos_version = \"v1.10.0-beta.1\"", "worker_count = 0", "vlan_id = 7",
        "controlplane_count = 1\ncluster_vip = \"\"", "controlplane_size = { cores = 4 }",
    ])
    func `a sound value is accepted`(_ value: String) async throws {
        #expect(try await Self.refusal(value) == nil)
    }

    @Test(arguments: [
        ("cluster_vip = \"192.168.1.255\"", "use a free one"),
        ("cluster_vip = \"192.168.1.70\"", "use a free one"),
        ("cluster_vip = \"192.168.2.9\"", "inside network_cidr"),
        ("cluster_vip = \"\"", "a free address that they can share"),
        ("gateway = \"192.168.1.0\"", "the network itself"),
        ("gateway = \"192.168.1.80\"", "the gateway's address"),
        ("network_cidr = \"192.168.1.7/24\"", "host bits zero"),
        ("controlplane_ip_offset = 254", "do not fit"),
        ("worker_ip_offset = 72", "would share addresses"),
        ("controlplane_count = 2", "an odd number"),
        ("controlplane_size = { cores = 2.5 }", "whole numbers"),
        ("worker_size = { memory_mb = 512 }", "at least 1 core"),
        ("talos_version = \"1.9.2\"", "as v1.9.2"),
        ("talos_version_contract = \"v1.10\"", "newer than talos_version"),
        ("kubernetes_version = \"v1.32.0\"", "without a v"),
        ("guest_agent = false", "needs guest_agent"),
        ("talos_extensions = [\"iscsi-tools:v1\"]", "without a version"),
        ("proxmox_nodes = []", "at least one Proxmox node"),
        ("proxmox_endpoint = \"https://\"", "https URL"),
    ])
    func `a value that would not work is refused with what is wanted`(
        _ value: String, _ words: String
    ) async throws {
        let problem = try #require(try await Self.refusal(value))
        #expect(problem.summary.contains("Invalid value for variable"), "\(problem)")
        #expect(
            ([problem.summary] + problem.details).joined(separator: " ").contains(words),
            "\(problem)")
    }
}
