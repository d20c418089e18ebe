import HCL
import Model

/// Which variables hold what is declared: names, or paths into an object such as
/// `talos_image.version`.
package struct VariableNames: Sendable, Equatable {
    package var talos = "talos_version"
    package var kubernetes = "kubernetes_version"
    package var extensions = "talos_extensions"

    /// The path of the value that holds the image's schematic id or names its file, where no
    /// list of extensions is declared; nil to look for it.
    package var schematic: String?
    /// The file with the schematic, relative to the repository's root; nil to look for it.
    package var schematicFile: String?

    package init() {}

    /// - Parameters:
    ///   - settings: the `variables` of `.bump.yaml`, with the keys `talos`, `kubernetes`,
    ///     `extensions` and `schematic`; those that are missing keep the usual names.
    ///   - schematicFile: `schematic` of `.bump.yaml`.
    package init(settings: [String: String], schematicFile: String? = nil) {
        talos = settings["talos"] ?? talos
        kubernetes = settings["kubernetes"] ?? kubernetes
        extensions = settings["extensions"] ?? extensions
        schematic = settings["schematic"]
        self.schematicFile = schematicFile
    }

    /// The names of the variables that hold versions, without the paths into them.
    var versionVariables: [String] {
        [talos, kubernetes].map { String($0.prefix { $0 != "." && $0 != "[" }) }
    }

    static func path(_ text: String) throws -> HCLPath {
        do {
            return try HCLPath(text)
        } catch {
            throw Problem(
                .refused, "\(text) is not the path of a variable.", at: ".bump.yaml",
                details: [error.message],
                fix: "Name it like talos_version or talos_image.version under `variables`.")
        }
    }
}
