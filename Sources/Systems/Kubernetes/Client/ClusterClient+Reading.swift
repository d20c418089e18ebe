import Foundation
package import Model

extension ClusterClient: ClusterReading {
    package func version() async throws -> Version {
        let answer = try await success(of: reading("/version", purpose: "read its version"))
        let text = try decode(VersionInfo.self, from: answer).gitVersion
        guard let version = Version(text) else {
            throw Problem(
                .refused, "Kubernetes says its version is \"\(text)\", which is not one.",
                at: access.server.description)
        }
        return version
    }

    package func nodes() async throws -> [KubernetesNodeFacts] {
        try await items(
            ResourcePath("nodes").text, as: NodeObject.self, purpose: "list the nodes"
        ).map(\.facts)
    }

    package func node(_ name: NodeName) async throws -> KubernetesNodeFacts {
        let path = ResourcePath("nodes", name.text).text
        let answer = try await success(of: reading(path, purpose: "read node \(name)"))
        return try decode(NodeObject.self, from: answer).facts
    }

    package func pods(on node: NodeName?) async throws -> [PodFacts] {
        let selecting = node.map { [("fieldSelector", "spec.nodeName=\($0.text)")] } ?? []
        let purpose = node.map { "list the pods of \($0)" } ?? "list the pods"
        return try await items(
            ResourcePath("pods").text, selecting: selecting, as: PodObject.self, purpose: purpose
        ).map(\.facts)
    }

    package func backupLocations() async throws -> [BackupLocationFacts] {
        let path = velero("backupstoragelocations").text
        let request = reading(path, purpose: "list Velero's storage locations")
        let answer = try await answer(to: request)
        guard answer.code != 404 else { throw veleroIsMissing }
        guard answer.isSuccess else { throw answer.problem(access, purpose: request.purpose) }
        return try decode(BackupLocations.self, from: answer).items?.map(\.facts) ?? []
    }

    package func backup(named name: String) async throws -> BackupFacts? {
        try await backupObject(named: name)?.facts
    }

    func backupObject(named name: String) async throws -> BackupObject? {
        let request = reading(
            velero("backups", name).text, purpose: "read the Velero backup \(name)")
        let answer = try await answer(to: request)
        if answer.code == 404 {
            // The answer names the object only when its kind exists.
            guard answer.status?.details?.name == name else { throw veleroIsMissing }
            return nil
        }
        guard answer.isSuccess else { throw answer.problem(access, purpose: request.purpose) }
        return try decode(BackupObject.self, from: answer)
    }

    func velero(_ resource: String, _ name: String? = nil) -> ResourcePath {
        ResourcePath(group: "velero.io", namespace: veleroNamespace, resource, name)
    }

    var veleroIsMissing: Problem {
        Problem(
            .refused, "Velero is not installed in namespace \(veleroNamespace).",
            at: access.server.description,
            fix: "Install Velero, or go without a backup: --no-backup")
    }
}

private struct VersionInfo: Decodable {
    var gitVersion: String
}

/// There are a handful of them, so one page holds them all.
private struct BackupLocations: Decodable {
    var items: [BackupLocationObject]?
}
