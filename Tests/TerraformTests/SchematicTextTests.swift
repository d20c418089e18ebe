import Model
import Testing

@testable import Terraform

@Suite struct `A schematic in a file` {
    /// Each pair of texts is the other's way back or, where a comment went, the way forth only.
    @Test(arguments: [
        (
            "customization:\n  systemExtensions:\n    officialExtensions:\n      - s/a # why\n"
                + "      # before b\n      - \"s/b\"\n  extraKernelArgs: [x]\n",
            ["s/a", "s/b", "s/c"],
            "customization:\n  systemExtensions:\n    officialExtensions:\n      - s/a # why\n"
                + "      # before b\n      - \"s/b\"\n      - s/c\n  extraKernelArgs: [x]\n"
        ),
        (
            "customization:\r\n    systemExtensions:\r\n        officialExtensions:\r\n"
                + "        - s/a\r\n        - 's/b'",
            ["s/b", "s/c"],
            "customization:\r\n    systemExtensions:\r\n        officialExtensions:\r\n"
                + "        - 's/b'\r\n        - s/c\r\n"
        ),
        (
            "# image\ncustomization:\n  systemExtensions:\n    officialExtensions: # list\n"
                + "    - s/a\noverlay: {image: i, name: n}\n",
            [],
            "# image\ncustomization:\n  systemExtensions:\n    officialExtensions: [] # list\n"
                + "overlay: {image: i, name: n}\n"
        ),
        (
            "customization: {systemExtensions: {officialExtensions: [ \"s/a\", s/b ]}}\n",
            ["s/a", "s/c"],
            "customization: {systemExtensions: {officialExtensions: [\"s/a\", s/c]}}\n"
        ),
        (
            "customization:\n  systemExtensions:\n    officialExtensions: [] # none\n", ["s/a"],
            "customization:\n  systemExtensions:\n    officialExtensions: [s/a] # none\n"
        ),
        (
            "customization:\n    extraKernelArgs:\n        - a=b\n", ["s/a"],
            "customization:\n    systemExtensions:\n      officialExtensions:\n        - s/a\n"
                + "    extraKernelArgs:\n        - a=b\n"
        ),
        (
            "# c\ncustomization: {} # d\n", ["s/a"],
            "# c\ncustomization: # d\n  systemExtensions:\n    officialExtensions:\n"
                + "      - s/a\n"
        ),
        (
            "overlay:\n  image: i\n  name: n\n", ["s/a"],
            "customization:\n  systemExtensions:\n    officialExtensions:\n      - s/a\n"
                + "overlay:\n  image: i\n  name: n\n"
        ),
        (
            "# nothing yet", ["s/a"],
            "# nothing yet\ncustomization:\n  systemExtensions:\n    officialExtensions:\n"
                + "      - s/a\n"
        ),
        (
            "customization:\n  systemExtensions:\n    officialExtensions:\n", ["s/a"],
            "customization:\n  systemExtensions:\n    officialExtensions:\n      - s/a\n"
        ),
    ])
    func `changes in its list only`(_ before: String, _ names: [String], _ after: String) throws {
        let text = try SchematicText(Array(before.utf8), name: "s.yaml")
        #expect(text.text == before)
        #expect(try text.setting(text.extensions) == before)
        #expect(try text.setting(names) == after)
        #expect(try SchematicText(Array(after.utf8), name: "s.yaml").extensions == names)
    }

    @Test(arguments: [
        "customization:\n  systemExtensions:\n    officialExtensions: [\n      s/a,\n    ]\n",
        "customization:\n  systemExtensions:\n    officialExtensions: &x\n    - s/a\n"
            + "  extraKernelArgs: *x\n",
        "customization:\n  systemExtensions:\n    officialExtensions:\n    - >-\n      s/a\n",
    ])
    func `is left alone where more than the list would change`(_ before: String) throws {
        let text = try SchematicText(Array(before.utf8), name: "s.yaml")
        #expect(text.extensions == ["s/a"])
        #expect(throws: Problem.self) { try text.setting(["s/b"]) }
    }

    @Test(arguments: ["- a\n", "kind: Pod\n", "a: [\n", "customization:\n  systemExtensions: 3\n"])
    func `is told from other files`(_ text: String) {
        let bytes = Array(text.utf8)
        let names = try? SchematicText(bytes, name: "s.yaml").extensions
        #expect(names == nil || (try? SchematicText(bytes, name: "s").setting(["s/a"])) == nil)
    }

    @Test func `is found, edited, and put back with the comments it had`() async throws {
        let box = try Sandbox()
        try box.write("terraform/main.tf", "variable \"talos_version\" {}\n")
        let text =
            "customization:\n  systemExtensions:\n    officialExtensions:\n"
            + "    - siderolabs/a # needed by b\n    - siderolabs/b\n"
        try box.write("terraform/schematic.yaml", text)
        let project = try box.project()
        let found = try await project.declaration()
        #expect(found.extensionsForm == .schematicFile)
        #expect(found.extensions.value == ["siderolabs/a", "siderolabs/b"])
        let place = try #require(found.extensionsPlace)
        #expect("\(place)" == "terraform/schematic.yaml:4:5")
        let edit = ValueEdit(
            place: place, old: "siderolabs/a,siderolabs/b", new: "siderolabs/b")
        try await project.edit(edit)
        #expect(try !box.read("terraform/schematic.yaml").contains("needed by b"))
        try await project.edit(ValueEdit(place: place, old: edit.new, new: edit.old))
        #expect(try box.read("terraform/schematic.yaml") == text)
    }

    @Test func `is named by a variable, by the configuration or by the settings`() async throws {
        let box = try Sandbox()
        let schematic = "customization: {}\n"
        try box.write(
            "terraform/main.tf",
            "variable \"talos_version\" {}\nvariable \"image\" {}\n"
                + "locals {\n  schematic = file(\"${path.module}/talos/own.yaml\")\n}\n")
        try box.write("terraform/talos/own.yaml", schematic)
        try box.write("terraform/image/s.yaml", schematic)
        #expect(try await file(box) == "terraform/talos/own.yaml")
        try box.write(
            "terraform/terraform.tfvars", "image = { schematic_path = \"image/s.yaml\" }\n")
        #expect(try await file(box) == "terraform/image/s.yaml")
        try box.write("other.yaml", schematic)
        #expect(try await file(box, "other.yaml") == "other.yaml")
    }

    @Test func `is an id where a variable has one`() async throws {
        let box = try Sandbox()
        let id = String(repeating: "a", count: 64)
        try box.write(
            "terraform/main.tf",
            "variable \"talos_version\" {}\nvariable \"schematic_id\" {}\n"
                + "variable \"url\" {}\n")
        try box.write(
            "terraform/terraform.tfvars",
            "url = \"https://f/image/\(id)/x\"\nschematic_id = \"\(id)\"\n")
        let found = try await box.project().declaration()
        #expect(found.extensionsForm == .schematicID && found.schematic?.text == id)
        #expect(found.extensionsNotes.first?.contains("is not changed with it") == true)
    }

    private func file(_ box: Sandbox, _ setting: String? = nil) async throws -> String? {
        try await box.project(schematicFile: setting).declaration().extensionsPlace?.file
    }
}

@Suite struct `What a plan makes of schematics` {
    private static let right = SchematicID(String(repeating: "a", count: 64)) ?? .empty
    private static let wrong = String(repeating: "b", count: 64)
    private static let promise = SchematicPromise(
        id: right, extensions: ["siderolabs/x", "siderolabs/y"])

    private static func output(_ id: String?) -> JSONValue {
        [
            "planned_values": [
                "outputs": ["talos_schematic_id": id.map { ["value": .string($0)] } ?? [:]]
            ],
            "output_changes": ["talos_schematic_id": ["after_unknown": .bool(id == nil)]],
        ]
    }

    private static func resource(_ names: [String]) -> JSONValue {
        let list = names.map { "    - siderolabs/\($0)\n" }.joined()
        let text = "customization:\n  systemExtensions:\n    officialExtensions:\n" + list
        return [
            "address": "talos_image_factory_schematic.this",
            "type": "talos_image_factory_schematic",
            "change": [
                "actions": ["update"], "after": ["schematic": .string(text)],
                "after_unknown": ["id": true],
            ],
        ]
    }

    @Test func `is held against the promise as far as it is known`() {
        func refusal(_ plan: JSONValue) -> Problem? {
            PlannedSchematics(plan).refusal(Self.promise, at: "terraform")
        }
        #expect(refusal([:]) == nil)
        #expect(refusal(Self.output(nil)) == nil)
        #expect(refusal(Self.output(Self.right.text)) == nil)
        #expect(refusal(Self.output(Self.wrong))?.summary.contains("bbbb") == true)
        func resources(_ lists: [String]...) -> JSONValue {
            var plan = Self.output(nil)
            plan["resource_changes"] = .array(lists.map(Self.resource))
            return plan
        }
        #expect(refusal(resources(["x", "y"])) == nil)
        #expect(refusal(resources(["g"], ["x", "y"])) == nil, "one of them is the right one")
        let dropped = refusal(resources(["x"]))
        #expect(dropped?.details.contains("dropped:  y") == true, "\(String(describing: dropped))")
        let doubled = refusal(resources(["x", "x", "y", "y-debug"]))
        #expect(doubled?.details.contains("added:    y-debug") == true)
        #expect(doubled?.details.contains("doubled:  x") == true)
        #expect(refusal(resources(["y", "x"])) != nil, "another order is another schematic")
    }
}
