import Testing

@testable import HCL

/// Declarations in `.tf` files.
struct ModuleTests {
    private static let source = """
        terraform {
          required_version = ">= 1.8"
          backend "s3" {
            bucket = var.bucket
          }
        }

        variable "talos_version" {
          description = "Talos, see ${local.docs}"
          type        = string
          # renovate: talos
          default = "v1.9.2" # pin
          validation {
            condition     = can(regex("^v", var.talos_version))
            error_message = "No v."
          }
        }
        variable "image" { default = { version = "1.9.2" } }
        variable token {
          type      = string
          sensitive = true
        }
        variable "computed" {
          default = [for x in ["a"] : upper(x)]
        }
        resource "x" "y" {
          dynamic "d" {
            for_each = toset(var.l[*].a...)
            content { default = d.value }
          }
        }
        output "talosconfig" {
          value = <<-EOT
            ${x}
          EOT
        }

        """

    @Test func `variables, outputs and the backend are found`() throws {
        let module = try HCLModule(parsing: Array(Self.source.utf8))
        #expect(
            module.variables.map(\.name) == ["talos_version", "image", "token", "computed"])
        #expect(module.variables.map(\.type) == ["string", nil, "string", nil])
        #expect(module.variables.map(\.isSensitive) == [false, false, true, false])
        #expect(module.variables.first?.defaultValue?.value == .string("v1.9.2"))
        #expect(module.variables.first?.defaultValue?.line == 12)
        #expect(module.variables[2].defaultValue == nil)
        #expect(module.variables[3].defaultValue?.isExpression == true)
        #expect(module.outputs == ["talosconfig"])
        #expect(module.backends == [HCLModule.Backend(type: "s3", line: 3)])
    }

    @Test func `a default is edited like any other value`() throws {
        let document = try HCLDocument(parsing: Array(Self.source.utf8), as: .module)
        let edited = try document.setting(HCLPath("talos_version"), to: "v1.10.0")
            .setting(HCLPath("image.version"), to: "1.10.0")
        let expected = Self.source.split(separator: "v1.9.2").joined(separator: "v1.10.0")
            .split(separator: "\"1.9.2\"").joined(separator: "\"1.10.0\"")
        #expect(String(decoding: edited.bytes, as: UTF8.self) == expected)
        #expect(throws: HCLError.self) { try document.setting(HCLPath("token"), to: "x") }
        #expect(throws: HCLError.self) { try document.setting(HCLPath("computed"), to: "x") }
    }

    @Test func `a cloud block is a backend`() throws {
        let module = try HCLModule(parsing: Array("terraform {\n  cloud {}\n}\n".utf8))
        #expect(module.backends == [HCLModule.Backend(type: "cloud", line: 2)])
    }

    @Test(arguments: [
        ("v {\n", "Unclosed configuration block", 1, 3),
        ("v {} x\n", "Missing newline after block definition", 1, 6),
        ("v { a = 1, b = 2 }\n", "Invalid single-argument block definition", 1, 10),
        ("v { b {} }\n", "Argument definition required", 1, 5),
        ("v \"a\"\n", "Invalid block definition", 1, 6),
        ("v \"${a}\" {}\n", "Invalid string literal", 1, 4),
        ("v {\n a = 1\n a = 2\n}\n", "Attribute redefined", 3, 2),
    ])
    func `a broken block is refused`(text: String, summary: String, line: Int, column: Int) {
        let error = #expect(throws: HCLError.self) { try HCLModule(parsing: Array(text.utf8)) }
        #expect(error?.summary == summary)
        #expect(error?.line == line)
        #expect(error?.column == column)
    }
}
