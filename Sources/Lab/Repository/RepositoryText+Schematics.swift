import Foundation
import Model
import Simulation

/// The ways in which a lab's repository says which extensions its image has.
extension RepositoryText {
    /// `terraform/main.tf`.
    static func main(_ request: LabRequest) -> String {
        if request.named?.hasSubstringFilter == true { return filteredMain(request.talos) }
        let fixed = "  extensions = [\(quoted(request.extensions))]\n"
        switch request.keeping {
        case .list: return main
        case .file: return main.replacingOccurrences(of: sortedExtensions, with: fileExtensions)
        case .nowhere:
            return main.replacingOccurrences(
                of: sortedExtensions, with: "  # What the image was made with.\n" + fixed)
        case .id:
            return
                main
                .replacingOccurrences(
                    of: sortedExtensions,
                    with: "  # What the image had that the cluster was made of.\n" + fixed
                )
                .replacingOccurrences(
                    of: "schematic_id = sha256(local.schematics[\"\"])",
                    with: "schematic_id = var.talos_schematic_id")
        }
    }

    /// `terraform/variables.tf`.
    static func variables(_ request: LabRequest) -> String {
        let list = """
            variable "talos_extensions" {
              description = "Official system extensions of the image, short names."
              type        = list(string)
              default     = []
            }


            """
        let id = """
            variable "talos_schematic_id" {
              description = "The Image Factory's id of the image."
              type        = string
            }


            """
        switch request.keeping {
        case .list: return variables
        case .file, .nowhere: return variables.replacingOccurrences(of: list, with: "")
        case .id: return variables.replacingOccurrences(of: list, with: id)
        }
    }

    /// `terraform/outputs.tf`.
    static func outputs(_ request: LabRequest) -> String {
        guard request.keeping == .nowhere else { return outputs }
        let output = """
            output "talos_schematic_id" {
              value = local.schematic_id
            }


            """
        return outputs.replacingOccurrences(of: output, with: "")
    }

    /// `terraform/schematic.yaml`.
    static func schematic(_ request: LabRequest) -> String {
        """
        # The image of every node, as the Image Factory takes it.
        customization:
          systemExtensions:
            officialExtensions:
        \(request.extensions.map { "      - siderolabs/\($0)\n" }.joined())
        """
    }

    /// The lines of `terraform.tfvars` about the image.
    static func image(_ request: LabRequest) -> String {
        switch request.keeping {
        case .list:
            "\n# System extensions of the installer image.\n"
                + "talos_extensions = [\(quoted(request.extensions))]\n"
        case .id:
            "\n# The installer image, by the Image Factory's id.\n"
                + "talos_schematic_id = "
                + "\"\(Schematic(extensions: request.extensions).id?.text ?? "")\"\n"
        case .file, .nowhere: ""
        }
    }

    private static func quoted(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private static let fileExtensions = #"""
          # Of the image, which is a schematic in a file of its own.
          extensions = try([
            for name in yamldecode(file("${path.module}/schematic.yaml")).customization.systemExtensions.officialExtensions :
            trimprefix(name, "siderolabs/")
          ], [])

        """#
}

extension LabRequest {
    /// How the repository says which extensions there are.
    var keeping: Scenario.SchematicKeeping { named?.schematicKeeping ?? .list }
}
