import Foundation

/// Where Terraform keeps its state, and which of several.
package struct StateLocation: Sendable, Equatable {
    /// `local`, `s3`, `http`, `cloud`, …
    package var backend: String
    /// Where the backend is declared, `terraform/main.tf:3`; nil for none, which is `local`.
    package var place: String?
    /// The chosen workspace; `default` when none was.
    package var workspace: String
    /// What chose it: `TF_WORKSPACE` or a file; nil for the default.
    package var workspaceSource: String?
    /// A state is here that an earlier apply could not store.
    package var isRescued: Bool

    init(_ sources: VariableSources, path: String, environment: [String: String]) {
        backend = sources.backend?.type ?? "local"
        place = sources.backend?.place
        isRescued = FileManager.default.fileExists(atPath: path + "/errored.tfstate")
        let folder = environment["TF_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? ".terraform"
        let file = folder.hasPrefix("/") ? folder : path + "/" + folder
        let written = try? String(contentsOfFile: file + "/environment", encoding: .utf8)
        if let name = environment["TF_WORKSPACE"], !name.isEmpty {
            (workspace, workspaceSource) = (name, "TF_WORKSPACE")
        } else if let name = written?.trimmingCharacters(in: .whitespacesAndNewlines),
            !name.isEmpty
        {
            (workspace, workspaceSource) = (name, folder + "/environment")
        } else {
            (workspace, workspaceSource) = ("default", nil)
        }
    }

    /// Runs may happen elsewhere, and variables of the remote workspace may win over files.
    package var isRemote: Bool { backend == "cloud" || backend == "remote" }

    /// What a reader should know about this place, one sentence each.
    package var remarks: [String] {
        var found: [String] = []
        if isRescued {
            found.append(
                "errored.tfstate holds what an earlier apply could not store: terraform state "
                    + "push errored.tfstate comes before anything else.")
        }
        if isRemote {
            found.append(
                "HCP Terraform keeps the state. Its variables win over files, and a plan can be "
                    + "saved only when the workspace's execution mode is Local.")
        }
        if backend == "kubernetes" || backend == "consul" {
            found.append(
                "The state may live in the cluster itself: it would be gone with it, so a "
                    + "rebuild needs a copy of it elsewhere (terraform state pull).")
        }
        if let workspaceSource, workspace != "default" {
            found.append(
                "The workspace is \(workspace) (\(workspaceSource)); files of values are the "
                    + "same for all workspaces.")
        }
        return found
    }
}
