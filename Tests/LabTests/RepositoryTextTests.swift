import Foundation
import Model
import Testing

@testable import Lab

@Suite struct RepositoryTextTests {
    @Test(arguments: [
        ("main.tf", RepositoryText.main), ("variables.tf", RepositoryText.variables),
        ("outputs.tf", RepositoryText.outputs),
    ])
    func `the configuration to read and the one that is written are the same`(
        name: String, text: String
    ) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appendingPathComponent("terraform/lab/\(name)")
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func `variables are aligned as terraform fmt aligns them`() {
        let request = LabRequest(controlPlanes: 1, workers: 10, extensions: [])
        let text = RepositoryText.tfvars(request, block: AddressBlock(x: 70, y: 3, length: 1))
        #expect(text.contains("  \"demo-worker-9\"  = \"127.70.3.109\"\n"))
        #expect(text.contains("  \"demo-worker-10\" = \"127.70.3.110\"\n"))
        #expect(text.contains("talos_extensions = []\n"))
        #expect(!text.contains("cluster_vip"))
    }

    @Test func `no worker's address is another's`() {
        let block = AddressBlock(x: 70, y: 0, length: AddressBlock.length(workers: 1200))
        let addresses = (0..<1200).map { block.worker($0) } + (0..<9).map { block.controlPlane($0) }
        #expect(Set(addresses).count == addresses.count)
        #expect(!addresses.contains(block.virtualAddress))
        let octets = addresses.flatMap { $0.split(separator: ".").compactMap { Int($0) } }
        #expect(octets.allSatisfy { (0...254).contains($0) })
    }

    @Test func `impossible labs are refused`() {
        #expect(throws: Problem.self) { try LabRequest(controlPlanes: 0).checked() }
        #expect(throws: Problem.self) { try LabRequest(speed: .nan).checked() }
        #expect(throws: Problem.self) { try LabRequest(extensions: ["a\" b"]).checked() }
    }
}

@Suite struct SchematicTests {
    @Test(arguments: [
        ([], "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"),
        (
            ["qemu-guest-agent"],
            "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515"
        ),
        (
            ["siderolabs/qemu-guest-agent", "qemu-guest-agent"],
            "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515"
        ),
    ])
    func `ids are those of the Image Factory`(extensions: [String], id: String) {
        #expect(Schematic(extensions: extensions).id?.text == id)
    }
}
