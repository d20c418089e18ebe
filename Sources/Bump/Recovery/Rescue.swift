import Execution
import Foundation
import Kubernetes
import Model
import Terraform

/// Saves what a rebuild needs, and what would be lost, into the run's folder: files of mode 0600 in
/// a folder of mode 0700.
struct Rescue: Sendable {
    let workspace: Workspace
    let connection: Workspace.Connection

    /// What was saved, by file name. Throws when anything that the rebuild needs cannot be.
    func save(backup name: String, into run: RunFolder) async throws -> String {
        let folder = URL(filePath: run.path(of: "rescue"), directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var saved: [String] = []
        func write(_ data: Data, _ file: String) throws {
            let url = folder.appending(path: file)
            // Where that fails, opening it says why.
            _ = FileManager.default.createFile(
                atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
            let handle = try FileHandle(forWritingTo: url)
            defer { try? handle.close() }
            try handle.write(contentsOf: data)
            try handle.synchronize()
            saved.append(file)
        }
        do {
            try write(try await workspace.project.stateText(), "terraform.tfstate")
            try write(try await workspace.project.outputsText(), "outputs.json")
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try write(encoder.encode(connection.applied), Self.appliedFile)
            try write(Data(connection.talosText.utf8), Self.talosFile)
            try write(Data(connection.kubernetesText.utf8), Self.kubernetesFile)
            // Where the cluster is gone this is not to be had, and the rebuild does without.
            if let object = try? await connection.cluster.object(ofBackup: name) {
                try write(encoder.encode(object), "backup.json")
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(
                .refused, "What the rebuild needs cannot be saved, so nothing is destroyed.",
                at: run.relativePath(of: "rescue"), fix: "df -h .bump; ls -ld .bump",
                causes: [error.localizedDescription])
        }
        return "\(saved.joined(separator: ", ")) in \(run.relativePath(of: "rescue"))"
    }

    static let appliedFile = "applied.json"
    static let talosFile = "talosconfig"
    static let kubernetesFile = "kubeconfig"
}
