import Foundation
import Model
import Simulation

extension LabRepository {
    /// Throws when the folder has something in it.
    func requireEmpty() throws {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: paths.root, isDirectory: &isFolder) else { return }
        let names = (try? manager.contentsOfDirectory(atPath: paths.root)) ?? []
        guard isFolder.boolValue, names.isEmpty else {
            throw Problem(
                .refused, "The folder of a new lab must be empty.", at: paths.root,
                fix: "Pass the path of a folder that does not exist.")
        }
    }

    private var quotedExecutable: String {
        "'" + executable.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// Everything that is tracked, and `.lab`.
    func writeFiles(_ request: LabRequest, block: AddressBlock) throws {
        let manager = FileManager.default
        var tracked = [
            ("README.md", RepositoryText.readme(request)),
            (".gitignore", RepositoryText.gitignore),
            (".bump.yaml", RepositoryText.settings(request, block: block)),
            ("terraform/main.tf", RepositoryText.main(request)),
            ("terraform/variables.tf", RepositoryText.variables(request)),
            ("terraform/outputs.tf", RepositoryText.outputs(request)),
            ("terraform/terraform.tfvars", RepositoryText.tfvars(request, block: block)),
        ]
        if request.keeping == .file {
            tracked.append(("terraform/schematic.yaml", RepositoryText.schematic(request)))
        }
        do {
            for folder in [paths.terraform, paths.lab, paths.backups] {
                try manager.createDirectory(
                    atPath: folder, withIntermediateDirectories: true,
                    attributes: folder == paths.terraform ? nil : [.posixPermissions: 0o700])
            }
            for (name, text) in tracked {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(paths.root)/\(name)"))
            }
        } catch {
            throw Problem(
                .refused, "The repository cannot be written.", at: paths.root,
                fix: "Pass a folder that you may write.")
        }
        for (name, text) in [
            ("1-definitions.yaml", VeleroManifests.definitions),
            ("2-velero.yaml", VeleroManifests.server),
        ] {
            try PrivateFile.write(Data(text.utf8), to: "\(paths.velero)/\(name)")
        }
        try LabRecord(request: request, block: block).save(paths)
        try writeWrapper()
    }

    /// The script that the Terraform configuration calls: it finds the lab by its own place, so
    /// that nothing in the repository names this machine.
    func writeWrapper() throws {
        let text = """
            #!/bin/sh
            # Written by `bump lab`: Terraform makes and destroys the lab's machines through this.
            lab=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
            exec \(quotedExecutable) lab machine "$lab" "$@"

            """
        let manager = FileManager.default
        do {
            try manager.createDirectory(
                atPath: "\(paths.lab)/bin", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: paths.wrapper))
            try manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: paths.wrapper)
        } catch {
            throw Problem(.refused, "A file of the lab cannot be written.", at: paths.wrapper)
        }
    }
}
