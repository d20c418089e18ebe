import Foundation
import Model
import Terraform

/// A temporary repository with a Terraform configuration that needs no download.
final class Sandbox {
    let root: String
    private let folder: URL
    var environment = ProcessInfo.processInfo.environment

    init(_ files: [String: String] = Sandbox.standard) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bump-tf-\(UUID().uuidString)").resolvingSymlinksInPath()
        root = folder.appendingPathComponent("repo").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
        for name in environment.keys where name.hasPrefix("TF_") { environment[name] = nil }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let path = "terraform/terraform.tfvars"
    static let standard = [
        "terraform/main.tf": """
        variable "talos_version" { type = string }
        variable "kubernetes_version" {
          type    = string
          default = "1.32.0"
        }
        variable "talos_extensions" {
          type    = list(string)
          default = ["qemu-guest-agent"]
        }
        variable "sleep" {
          type    = number
          default = 0
        }
        resource "terraform_data" "node" {
          for_each = { cp-1 = "10.0.0.1" }
          input    = { version = var.talos_version, ip = each.value }
          provisioner "local-exec" { command = "sleep ${var.sleep}" }
        }
        resource "terraform_data" "image" {
          triggers_replace = [join(",", var.talos_extensions)]
        }
        output "controlplane_ips" { value = { cp-1 = "10.0.0.1" } }
        output "worker_ips" { value = "10.0.0.12, 10.0.0.11" }
        output "cluster_name" { value = "demo" }
        output "talosconfig" {
          value     = "context: demo"
          sensitive = true
        }
        output "talos_schematic_id" {
          value = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"
        }

        """,
        path: "talos_version = \"v1.9.2\" # renovate\n",
    ]

    func write(_ name: String, _ text: String) throws {
        let file = root + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: root + "/" + name, encoding: .utf8)
    }

    func project(
        variables: [String: String] = [:], schematicFile: String? = nil,
        directory: String? = nil, lockTimeout: Duration = .zero
    ) throws -> TerraformProject {
        try TerraformProject(
            root: root, directory: directory,
            variables: VariableNames(settings: variables, schematicFile: schematicFile),
            environment: environment, privateFolder: privateFolder, lockTimeout: lockTimeout)
    }

    var privateFolder: String { folder.path + "/private" }
}

/// Lines that a run reported.
final class Lines: Sendable {
    private let (stream, input) = AsyncStream<String>.makeStream()

    var report: @Sendable (String) -> Void {
        { [input] in input.yield($0) }
    }

    func all() async -> [String] {
        input.finish()
        return await stream.reduce(into: []) { $0.append($1) }
    }
}
