import Foundation
import Model
import Terraform
import Testing

struct DeclarationTests {
    @Test func `values are found with their places`() async throws {
        let box = try Sandbox()
        let found = try await box.project().declaration()
        #expect(found.directory == "terraform")
        let talos = try #require(found.talos.value)
        #expect(talos.text == "v1.9.2")
        #expect(talos.place.description == "terraform/terraform.tfvars:1:17")
        let kubernetes = try #require(found.kubernetes.value)
        #expect(kubernetes.place.file == "terraform/main.tf")
        #expect(kubernetes.version == Version(1, 32, 0))
        #expect(found.extensions.value == ["qemu-guest-agent"])
    }

    @Test(arguments: [
        ["terraform.tfvars"],
        ["terraform.tfvars", "terraform.tfvars.json"],
        ["terraform.tfvars", "terraform.tfvars.json", "A.auto.tfvars"],
        ["a.auto.tfvars.json", "a.auto.tfvars", "B.auto.tfvars"].sorted { $0.count > $1.count },
        ["z10.auto.tfvars", "z9.auto.tfvars"],
    ])
    func `the effective place is the one Terraform would take`(_ names: [String]) async throws {
        let box = try Sandbox()
        for (index, name) in names.enumerated() {
            let text =
                name.hasSuffix(".json")
                ? "{\"talos_version\": \"v1.8.\(index)\"}" : "talos_version = \"v1.8.\(index)\"\n"
            try box.write("terraform/" + name, text)
        }
        let found = try #require(try await box.project().declaration().talos.value)
        try box.write("terraform/probe.tf", "output \"probe\" { value = var.talos_version }\n")
        let project = try box.project()
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        let state = try JSONDecoder().decode(
            JSONValue.self, from: Data(box.read("terraform/terraform.tfstate").utf8))
        #expect(found.text == state["outputs", "probe", "value"]?.string)
        #expect(found.notes.count == names.count - (names.contains("terraform.tfvars") ? 1 : 0))
    }

    @Test(arguments: [
        ("TF_VAR_talos_version", "v1.9.9", true),
        ("TF_CLI_ARGS_plan", "-var 'talos_version=v1.9.9'", false),
        ("TF_CLI_ARGS", "-lock=false -var=talos_version=v1.9.9", false),
    ])
    func `values from outside the files are named`(
        _ name: String, _ value: String, _ isBeatenByFiles: Bool
    ) async throws {
        let box = try Sandbox()
        box.environment[name] = value
        let place = Place(file: Sandbox.path, path: "talos_version", line: 1, column: 17)
        let edit = ValueEdit(place: place, old: "v1.9.2", new: "v1.9.4")
        let project = try box.project()
        let talos = try await project.declaration().talos
        if isBeatenByFiles {
            #expect(talos.value?.notes == ["overrides the environment variable \(name)"])
            try await project.edit(edit)
        } else {
            #expect(talos.reason?.contains("would not take effect") == true)
            await #expect(throws: Problem.self) { try await project.edit(edit) }
        }
    }

    @Test func `a path into an object is followed`() async throws {
        let box = try Sandbox([
            "main.tf": "variable \"talos_image\" { type = any }\nvariable \"talos_version\" {}\n",
            "x.auto.tfvars": "talos_image = {\n  version = \"1.9.2\"\n}\n",
        ])
        let project = try box.project(variables: ["talos": "talos_image.version"])
        let talos = try #require(try await project.declaration().talos.value)
        #expect(talos.place.description == "x.auto.tfvars:2:13")
        try await project.edit(ValueEdit(place: talos.place, old: "1.9.2", new: "1.9.4"))
        #expect(try box.read("x.auto.tfvars") == "talos_image = {\n  version = \"1.9.4\"\n}\n")
    }

    @Test(arguments: [
        ("talos_version = var.x\n", "terraform/terraform.tfvars:1:"),
        ("a = 1\ntalos_version = \n", "terraform/terraform.tfvars:2:"),
        ("talos_version = \"v1.9.2\"\ntalos_version = \"v1\"\n", "terraform/terraform.tfvars:2:"),
    ])
    func `a mistake is shown with place and caret`(_ text: String, _ place: String) async throws {
        let box = try Sandbox()
        try box.write(Sandbox.path, text)
        let project = try box.project()
        let problem = await #expect(throws: Problem.self) { try await project.declaration() }
        #expect(problem?.location?.hasPrefix(place) == true, "\(problem as Any)")
        #expect(problem?.details.contains { $0.hasSuffix("^") } == true)
    }

    @Test func `an edit is exact, repeatable, undone, and refuses a third value`() async throws {
        let box = try Sandbox()
        let project = try box.project()
        let place = try #require(try await project.declaration().talos.value).place
        let edit = ValueEdit(place: place, old: "v1.9.2", new: "v1.9.4")
        try await project.edit(edit)
        try await project.edit(edit)
        #expect(try box.read(Sandbox.path) == "talos_version = \"v1.9.4\" # renovate\n")
        try await project.undo(edit)
        try await project.undo(edit)
        #expect(try box.read(Sandbox.path) == Sandbox.standard[Sandbox.path])
        let other = ValueEdit(place: place, old: "v1.9.3", new: "v1.9.4")
        await #expect(throws: Problem.self) { try await project.edit(other) }
        #expect(try box.read(Sandbox.path) == Sandbox.standard[Sandbox.path])
    }

    @Test func `a list is edited by its elements`() async throws {
        let box = try Sandbox()
        let text = "talos_extensions = [\n  \"a\", # first\n  \"b\",\n]\n"
        try box.write("terraform/x.auto.tfvars", text)
        let project = try box.project()
        let place = try #require(try await project.declaration().extensionsPlace)
        let edit = ValueEdit(place: place, old: "a,b", new: "a,c,d")
        try await project.edit(edit)
        #expect(try await project.declaration().extensions.value == ["a", "c", "d"])
        #expect(try box.read("terraform/x.auto.tfvars").contains("\"a\", # first\n"))
        try await project.undo(edit)
        #expect(try box.read("terraform/x.auto.tfvars") == text)
    }
}

struct DirectoryTests {
    @Test(arguments: [
        (["main.tf"], "."), (["tofu/kubernetes/main.tf"], "tofu/kubernetes"),
        (["infra/main.tf", "infra/modules/talos/v.tf"], "infra"),
    ])
    func `the only directory is found`(_ files: [String], _ expected: String) throws {
        let text = "variable \"talos_version\" {}\n"
        let box = try Sandbox(Dictionary(uniqueKeysWithValues: files.map { ($0, text) }))
        #expect(try box.project().directory == expected)
    }

    @Test func `a folder used as a module is none`() throws {
        let text = "variable \"talos_version\" {}\n"
        let box = try Sandbox([
            "main.tf": text + "module \"t\" { source = \"./talos\" }\n", "talos/main.tf": text,
        ])
        #expect(try box.project().directory == ".")
    }

    @Test(arguments: [
        ["main.tf": "module \"t\" {\n  source = \"./t\"\n  talos_version = \"v1.9.2\"\n}\n"],
        ["main.tf.json": "{\"module\": {\"t\": {\"source\": \"./t\"}}}\n"],
    ])
    func `a module is none either when nothing else declares a version`(
        _ files: [String: String]
    ) throws {
        let box = try Sandbox(files.merging(["t/v.tf": "variable \"talos_version\" {}\n"]) { $1 })
        let none = #expect(throws: Problem.self) { _ = try box.project() }
        #expect(none?.summary == "No Terraform directory was found.")
    }

    @Test(arguments: [
        "terraform/lab/terraform.tfvars", "terraform/lab/.terraform.lock.hcl",
        "terraform/lab/terraform.tfstate",
    ])
    func `a template inside a configuration does not count until it is used`(
        _ sign: String
    ) throws {
        let text = "variable \"talos_version\" {}\n"
        let box = try Sandbox(["terraform/v.tf": text, "terraform/lab/v.tf": text])
        #expect(try box.project().directory == "terraform")
        try box.write(sign, "")
        let several = #expect(throws: Problem.self) { _ = try box.project() }
        #expect(several?.details == ["  terraform", "  terraform/lab"])
    }

    @Test func `the repository of a module is not the cluster of what tries it out`() throws {
        let text = "variable \"talos_version\" {}\n"
        let box = try Sandbox([
            "v.tf": text, "try/main.tf": text + "module \"t\" { source = \"../\" }\n",
        ])
        #expect(try box.project().directory == "try")
        try box.write("terraform.tfvars", "")
        #expect(try box.project().directory == ".")
    }

    @Test func `several are listed and none says what was looked for`() throws {
        let text = "variable \"talos_version\" {}\n"
        let box = try Sandbox(["a/main.tf": text, "b/main.tf": text])
        let several = #expect(throws: Problem.self) { _ = try box.project() }
        #expect(several?.details == ["  a", "  b"])
        #expect(several?.fix?.contains("terraform: {directory: a}") == true)
        #expect(try box.project(directory: "./b/").directory == "b")
        let empty = try Sandbox(["x.tf": "locals {}\n"])
        let none = #expect(throws: Problem.self) { _ = try empty.project() }
        #expect(none?.details.joined().contains("talos_version") == true)
    }
}
