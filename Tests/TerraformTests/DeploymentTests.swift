import Foundation
import Model
import Terraform
import Testing

@testable import HCL

/// The deployment in `terraform/`, compared with what its providers know, and with what this tool
/// relies on. Nothing is downloaded.
struct DeploymentTests {
    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("terraform")

    private static let files = [
        "generated.tf", "image.tf", "locals.tf", "machines.tf", "outputs.tf", "providers.tf",
        "talos.tf", "variables.tf", "versions.tf",
    ]

    private static func document(_ name: String) throws -> HCLDocument {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        return try HCLDocument(parsing: [UInt8](data), as: .module)
    }

    @Test func `all files are known to these tests`() throws {
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".tf") }
        #expect(found.sorted() == Self.files)
    }

    @Test(arguments: files)
    func `every resource, argument and plain value is one that the provider knows`(
        _ name: String
    ) throws {
        let document = try Self.document(name)
        for (index, block) in document.tree.blocks.enumerated() where block.parent == nil {
            let kind = String(decoding: document.bytes[block.type], as: UTF8.self)
            guard ["resource", "data", "provider"].contains(kind) else { continue }
            let type = kind + " " + (block.labels.first.map(document.name(of:)) ?? "")
            let known = try #require(ProviderArguments.all[type], "\(type)")
            try check(index, type, known, document)
        }
    }

    private func check(
        _ index: Int, _ place: String, _ known: ProviderArguments, _ document: HCLDocument
    ) throws {
        var missing = known.required
        for attribute in document.tree.attributes where attribute.block == index {
            let name = String(decoding: document.bytes[attribute.name], as: UTF8.self)
            missing.remove(name)
            guard !Self.general.contains(name) else { continue }
            let type = try #require(known.arguments[name], "\(place): \(name)")
            switch document.value(of: attribute.value) {
            case .string: #expect(type == "string", "\(place): \(name)")
            case .number: #expect(type == "number", "\(place): \(name)")
            case .bool: #expect(type == "bool", "\(place): \(name)")
            case .list: #expect(type == "list", "\(place): \(name)")
            case .object: #expect(type == "object", "\(place): \(name)")
            case .null, .expression: continue
            }
        }
        #expect(missing.isEmpty, "\(place)")
        for (child, block) in document.tree.blocks.enumerated() where block.parent == index {
            let name = String(decoding: document.bytes[block.type], as: UTF8.self)
            guard name != "lifecycle" else { continue }
            let inner = try #require(known.blocks[name], "\(place): \(name)")
            try check(child, place + " " + name, inner, document)
        }
    }

    @Test func `no version reaches a machine or the secrets`() throws {
        let machines = try String(
            contentsOf: Self.folder.appendingPathComponent("machines.tf"), encoding: .utf8)
        #expect(machines.contains("ignore_changes = [disk[0].import_from]"))
        #expect(!machines.contains("var.talos") && !machines.contains("local.schematic"))
        let talos = try String(
            contentsOf: Self.folder.appendingPathComponent("talos.tf"), encoding: .utf8)
        #expect(!talos.contains("var.talos_version\n"))
        #expect(talos.contains("kubernetes_version = var.kubernetes_version"))
    }

    @Test func `this tool finds versions, extensions and outputs in it`() async throws {
        let box = try Sandbox(["README": "x"])
        let example = try String(
            contentsOf: Self.folder.appendingPathComponent("terraform.tfvars.example"),
            encoding: .utf8)
        try box.write("terraform/terraform.tfvars", example)
        for name in Self.files {
            try box.write(
                "terraform/" + name,
                try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8))
        }
        let project = try box.project()
        #expect(project.directory == "terraform")
        let found = try await project.declaration()
        let talos = try #require(found.talos.value)
        #expect(talos.place.file == "terraform/terraform.tfvars")
        #expect(found.kubernetes.value?.place.file == "terraform/terraform.tfvars")
        #expect(found.extensions.value?.contains("qemu-guest-agent") == true)
        #expect(try project.kubernetesVariable() == nil)
        let survey = ConfigurationSurvey.all(in: box.root, environment: [:]) { problem in
            Issue.record("\(problem)")
        }
        let outputs = Set(survey.first?.outputs ?? [])
        let wanted = [
            "cluster_name", "controlplane_ips", "worker_ips", "talos_schematic_id", "talosconfig",
            "kubeconfig",
        ]
        #expect(outputs.isSuperset(of: wanted))
    }

    /// Known to every resource.
    private static let general: Set = ["count", "for_each", "depends_on", "provider"]
}
