import Foundation
import Model
import Terraform
import Testing

struct EditedValueTests {
    @Test(arguments: [
        ("talos_version = \"v1.9.4\"\n", "v1.9.4", "terraform/terraform.tfvars:1:17", true),
        ("\n talos_version = \"v1.9.2\"\n", "v1.9.2", "terraform/terraform.tfvars:2:18", false),
        ("talos_version = 1.9\n", "1.9", "terraform/terraform.tfvars:1:17", false),
        ("other = 1\n", nil, "terraform/terraform.tfvars", false),
        (nil, nil, "terraform/terraform.tfvars", false),
    ])
    func `what a text says where an edit was made`(
        _ text: String?, _ value: String?, _ location: String, _ isNew: Bool
    ) throws {
        let found = try Sandbox().project().value(
            of: Self.edit, in: text.map { Data($0.utf8) })
        #expect(found.text == value)
        #expect(found.location == location)
        #expect(found.isNew == isNew)
    }

    @Test func `a place that another one overrides since does not stand`() throws {
        let box = try Sandbox()
        #expect(try box.project().standingValue(of: Self.edit).isNew == false)
        try box.write(Sandbox.path, "talos_version = \"v1.9.4\"\n")
        #expect(try box.project().standingValue(of: Self.edit).isNew)
        try box.write("terraform/z.auto.tfvars", "talos_version = \"v1.9.2\"\n")
        let problem = #expect(throws: Problem.self) {
            try box.project().standingValue(of: Self.edit)
        }
        #expect(problem?.summary.contains("z.auto.tfvars") == true, "\(problem as Any)")
    }

    private static let edit = ValueEdit(
        place: Place(file: Sandbox.path, path: "talos_version", line: 1, column: 17),
        old: "v1.9.2", new: "v1.9.4")
}
