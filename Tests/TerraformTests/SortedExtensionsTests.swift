import Terraform
import Testing

struct SortedExtensionsTests {
    @Test(arguments: [
        ("locals { extensions = sort(distinct([for name in var.talos_extensions : name])) }", true),
        ("locals {\n  names = toset(var.talos_extensions)\n}", true),
        ("variable \"talos_extensions\" {\n  type = set(string)\n}", true),
        ("locals { extensions = var.talos_extensions }", false),
        ("locals { tags = sort(var.tags) }", false),
        ("variable \"tags\" {\n  type = set(string)\n}", false),
        ("# extensions = sort(var.talos_extensions)", false),
    ])
    func `what puts extensions in order is seen, and nothing else`(
        _ text: String, _ isSorted: Bool
    ) throws {
        let box = try Sandbox(["main.tf": text + "\nvariable \"talos_version\" {}\n"])
        #expect(try box.project().sortsExtensions() == isSorted)
    }
}
