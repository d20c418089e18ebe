import Foundation
import Model
import Terraform
import Testing

struct KubernetesVariableTests {
    static let talos = """
        variable "talos_version" { default = "v1.9.2" }
        data "talos_machine_configuration" "worker" {
          cluster_name = "demo" # mine
          machine_type = "worker"
        }

        """

    @Test func `a variable is made, handed on, and found`() async throws {
        let box = try Sandbox(["terraform/talos.tf": Self.talos])
        let project = try box.project()
        #expect(try await project.declaration().kubernetes.value == nil)
        let offer = try #require(try project.kubernetesVariable())
        #expect(offer.users == ["terraform/talos.tf:2"])
        let written = try offer.perform(Version(1, 32, 0))
        #expect(written == ["terraform/kubernetes_version.tf", "terraform/talos.tf"])
        #expect(
            try box.read("terraform/talos.tf")
                == Self.talos.replacing(
                    "\"worker\" {\n",
                    with: "\"worker\" {\n"
                        + "  kubernetes_version = var.kubernetes_version\n\n"))
        _ = try box.run(
            ["terraform", "fmt", "-check", "-recursive", box.root + "/terraform"], input: "")
        let found = try #require(try await project.declaration().kubernetes.value)
        #expect(found.text == "1.32.0")
        #expect(found.place.description == "terraform/kubernetes_version.tf:4:17")
        #expect(try project.kubernetesVariable() == nil)
    }

    @Test(arguments: [
        "variable \"talos_version\" {}\n",
        talos.replacing("machine_type", with: "kubernetes_version = \"1.31.0\"\n  machine_type"),
        talos + "variable \"kubernetes_version\" {}\n",
    ])
    func `nothing is offered where nothing would take it, or somebody decided`(
        _ text: String
    ) throws {
        #expect(try Sandbox(["main.tf": text]).project().kubernetesVariable() == nil)
    }
}
