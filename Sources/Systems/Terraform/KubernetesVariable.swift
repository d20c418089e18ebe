import Foundation
import HCL
package import Model

/// Adds a variable for the version of Kubernetes to a configuration that has none.
///
/// Without one, the Talos provider writes the version that it was built with into every machine
/// configuration, so that an apply can take Kubernetes to another version, forth or back.
/// Source: https://registry.terraform.io/providers/siderolabs/talos/latest/docs/data-sources/machine_configuration
package struct KubernetesVariable: Sendable {
    /// The new file with the variable, relative to the repository root.
    package let target: String
    /// Machine configurations that would take the variable, `terraform/talos.tf:12`.
    package let users: [String]
    private let root: String
    private let insertions: [String: [Int]]

    /// Nil when no machine configuration of this directory would take it.
    init?(_ sources: VariableSources, directory: String, root: String) {
        let prefix = directory == "." ? "" : directory + "/"
        var users: [String] = []
        var insertions: [String: [Int]] = [:]
        for file in sources.configurationFiles where file.document.syntax == .module {
            let module = HCLModule(file.document)
            for block in module.blocks("data") + module.blocks("ephemeral")
            where block.labels.first == "talos_machine_configuration" {
                // A version that is written there is somebody's decision.
                guard !block.attributes.contains("kubernetes_version") else { return nil }
                let bytes = file.document.bytes
                guard let end = bytes[block.body].firstIndex(of: UInt8(ascii: "\n")) else {
                    return nil
                }
                users.append("\(file.name):\(block.line)")
                insertions[file.name, default: []].append(end + 1)
            }
        }
        let name = prefix + "kubernetes_version.tf"
        guard !users.isEmpty, !FileManager.default.fileExists(atPath: root + "/" + name) else {
            return nil
        }
        (target, self.users, self.root, self.insertions) = (name, users, root, insertions)
    }

    /// Writes the variable with `version` as its default, and hands it to the configurations.
    /// - Returns: the files that were written, relative to the repository root.
    /// - Throws: a `Problem`; then all files are as they were.
    package func perform(_ version: Version) throws -> [String] {
        let editing = FileEditing(root: root)
        var old: [String: [UInt8]] = [:]
        do {
            for (name, offsets) in insertions.sorted(by: { $0.key < $1.key }) {
                var bytes = try SourceFile(name, root: root).document.bytes
                let before = bytes
                for offset in offsets.sorted(by: >) {
                    bytes.insert(contentsOf: Self.line, at: offset)
                }
                try editing.write(bytes, to: name)
                old[name] = before
            }
            guard
                FileManager.default.createFile(
                    atPath: root + "/" + target, contents: Data(Self.text(version).utf8),
                    attributes: [.posixPermissions: 0o644])
            else {
                throw Problem(
                    .refused, "\(target) cannot be written.", at: target, fix: "ls -ld \(root)")
            }
        } catch {
            for (name, bytes) in old { try? editing.write(bytes, to: name) }
            throw error
        }
        return [target] + insertions.keys.sorted()
    }

    /// The empty line keeps the alignment of what follows as it was.
    private static let line = Array("  kubernetes_version = var.kubernetes_version\n\n".utf8)

    private static func text(_ version: Version) -> String {
        """
        variable "kubernetes_version" {
          description = "Kubernetes of the cluster. Pinned: without it, the Talos provider chooses one."
          type        = string
          default     = "\(version.number)"
        }

        """
    }
}

extension TerraformProject {
    /// What would make the version of Kubernetes a variable; nil when it is one, or when nothing
    /// here would take it.
    package func kubernetesVariable() throws -> KubernetesVariable? {
        let sources = try sources()
        let name = try VariableNames.path(variables.kubernetes).name
        guard name == "kubernetes_version", !sources.isDeclared(name) else { return nil }
        return KubernetesVariable(sources, directory: directory, root: root)
    }
}
