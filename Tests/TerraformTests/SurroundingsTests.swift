import Foundation
import Model
import Terraform
import Testing

/// What stands around the files: arguments, workspaces, backends.
struct SurroundingsTests {
    @Test func `a file named by an argument wins, wherever it is`() async throws {
        let box = try Sandbox()
        try box.write("values/prod.tfvars", "talos_version = \"v1.9.3\"\n")
        box.environment["TF_CLI_ARGS_plan"] = "-var-file=../values/prod.tfvars"
        let inside = try #require(try await box.project().declaration().talos.value)
        #expect(inside.place.description == "values/prod.tfvars:1:17")
        let edit = ValueEdit(place: inside.place, old: "v1.9.3", new: "v1.9.4")
        try await box.project().edit(edit)
        #expect(try box.read("values/prod.tfvars") == "talos_version = \"v1.9.4\"\n")
        let outside = box.root + "-other.tfvars"
        try Data("talos_version = \"v1.8.1\"\n".utf8).write(to: URL(fileURLWithPath: outside))
        box.environment["TF_CLI_ARGS_plan"] = "-var-file \(outside)"
        let reason = try await box.project().declaration().talos.reason
        #expect(reason?.contains("is set by -var-file=\(outside)") == true, "\(reason ?? "")")
    }

    @Test func `a workspace without anything applied is named`() async throws {
        let box = try Sandbox()
        box.environment["TF_WORKSPACE"] = "staging"
        let named = await #expect(throws: Problem.self) { try await box.project().applied() }
        #expect(named?.summary.contains("in the workspace staging") == true)
        #expect(named?.fix == "terraform -chdir=terraform workspace list")
        box.environment["TF_WORKSPACE"] = nil
        try box.write("terraform/.terraform/environment", "blue")
        let chosen = await #expect(throws: Problem.self) { try await box.project().applied() }
        #expect(chosen?.summary.contains("in the workspace blue") == true)
        #expect(chosen?.details == ["The workspace is chosen by .terraform/environment."])
    }

    @Test(arguments: [
        ("cloud {\n    organization = \"o\"\n  }", "cloud", true),
        ("backend \"remote\" {}", "remote", true), ("backend \"s3\" {}", "s3", false),
    ])
    func `where the state is kept is recognised`(
        _ block: String, _ backend: String, _ isRemote: Bool
    ) async throws {
        let box = try Sandbox()
        try box.write("terraform/backend.tf", "terraform {\n  \(block)\n}\n")
        let state = try box.project().stateLocation()
        #expect(state.backend == backend)
        #expect(state.place == "terraform/backend.tf:2")
        #expect(state.remarks.isEmpty != isRemote)
        let notes = try await box.project().declaration().talos.value?.notes ?? []
        #expect(notes.contains { $0.contains("HCP Terraform") } == isRemote)
    }

    @Test func `files that only OpenTofu reads stand in for their namesakes`() async throws {
        let box = try Sandbox([
            "versions.tf": "variable \"talos_version\" { default = \"v1.9.2\" }\n",
            "versions.tofu": "variable \"talos_version\" { default = \"v1.9.3\" }\n",
        ])
        #expect(try await box.project().declaration().talos.value?.text == "v1.9.3")
        // Terraform wrote the lock file: it does not read them.
        try box.write(".terraform.lock.hcl", "provider \"registry.terraform.io/a/b\" {}\n")
        #expect(try await box.project().declaration().talos.value?.text == "v1.9.2")
    }

    @Test(arguments: [
        ("kubernetes_version = null\n", "is null, so the Talos provider chooses one"),
        ("kubernetes_version = \"1.32\"\n", "not a full version"),
    ])
    func `a Kubernetes version that is none has a reason`(
        _ text: String, _ reason: String
    ) async throws {
        let box = try Sandbox()
        try box.write("terraform/k.auto.tfvars", text)
        let found = try await box.project().declaration()
        #expect(found.kubernetes.reason?.contains(reason) == true)
        #expect(found.talos.value != nil)
    }
}

/// Versions taken out of a file that git ignores.
struct VersionsMoveTests {
    @Test func `only the versions move, and win`() async throws {
        let box = try Sandbox()
        let old = """
            # mine
            token         = "secret" # never commit
            # renovate: depName=siderolabs/talos
            talos_version = "v1.9.2" # runs
            kubernetes_version = "1.32.0"

            """
        try box.write(
            "terraform/main.tf", "variable \"token\" {}\n" + (try box.read("terraform/main.tf")))
        try box.write("terraform/terraform.tfvars", old)
        let project = try box.project()
        let values = try box.values(in: "terraform")
        let move = try #require(try project.versionsMove(outOf: ["terraform/terraform.tfvars"]))
        #expect(move.target == "terraform/versions.auto.tfvars")
        #expect(move.variables.map(\.name) == ["talos_version", "kubernetes_version"])
        try move.perform()
        #expect(
            try box.read("terraform/terraform.tfvars")
                == "# mine\ntoken         = \"secret\" # never commit\n")
        #expect(
            try box.read(move.target).hasSuffix(
                "\n# renovate: depName=siderolabs/talos\ntalos_version = \"v1.9.2\" # runs\n"
                    + "kubernetes_version = \"1.32.0\"\n"))
        #expect(try box.values(in: "terraform") == values)
        #expect(try await project.declaration().talos.value?.place.file == move.target)
        #expect(try project.versionsMove(outOf: ["terraform/terraform.tfvars"]) == nil)
        // Left over elsewhere, it would still be beaten.
        try box.write("terraform/terraform.tfvars", old)
        #expect(try box.values(in: "terraform") == values)
        #expect(try await project.declaration().talos.value?.place.file == move.target)
    }

    @Test func `the new file sorts after all others`() throws {
        let box = try Sandbox()
        let file = "terraform/w.auto.tfvars"
        try box.write(file, "talos_version = \"v1.9.2\"")
        let move = try #require(try box.project().versionsMove(outOf: [file]))
        #expect(move.target == "terraform/zz-versions.auto.tfvars")
        try move.perform()
        #expect(try box.read(file).isEmpty)
        #expect(try box.values(in: "terraform")["talos_version"] == "v1.9.2")
    }

    @Test func `a version inside an object is left to a person`() throws {
        let box = try Sandbox([
            "main.tf": "variable \"image\" {}\n",
            "terraform.tfvars": "image = { version = \"v1.9.2\" }\n",
        ])
        let project = try box.project(variables: ["talos": "image.version"])
        let move = try #require(try project.versionsMove(outOf: ["terraform.tfvars"]))
        #expect(move.variables.isEmpty)
        #expect(move.remarks.first?.hasPrefix("terraform.tfvars:1:21: image.version") == true)
    }
}
