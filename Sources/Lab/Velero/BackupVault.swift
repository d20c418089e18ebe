import Foundation
import Model

/// The buckets of backup locations: folders that outlive the cluster.
///
/// `BUCKET/backups/NAME/` holds `velero-backup.json`, whose presence makes it a backup, and what
/// the backup holds. Facts §4.13.
package struct BackupVault: Sendable {
    let root: String

    package init(root: String) { self.root = root }

    /// What is kept of a backup.
    struct Content: Sendable, Codable {
        /// The Backup object.
        var backup: JSONValue
        var objects: [JSONValue]
        /// PodVolumeBackup objects.
        var podVolumes: [JSONValue]
        var volumes: [Volume]
    }

    struct Volume: Sendable, Codable {
        var namespace: String
        var claim: String
        /// The pod that mounted it, and its name there.
        var pod: String
        var name: String
        var files: [String: Data]

        var bytes: Int { files.values.reduce(0) { $0 + $1.count } }
    }

    func has(_ name: String, in bucket: String) -> Bool {
        FileManager.default.fileExists(atPath: marker(bucket, name))
    }

    /// Names of the backups in a bucket, sorted.
    func names(in bucket: String) -> [String] {
        let folder = "\(place(bucket))/backups"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { has($0, in: bucket) }.sorted()
    }

    func read(_ name: String, in bucket: String) -> Content? {
        let folder = "\(place(bucket))/backups/\(safe(name))"
        func file<Value: Decodable>(_ name: String, _ type: Value.Type) -> Value? {
            FileManager.default.contents(atPath: "\(folder)/\(name)").flatMap {
                try? JSONDecoder().decode(type, from: $0)
            }
        }
        guard let backup = file("velero-backup.json", JSONValue.self) else { return nil }
        return Content(
            backup: backup, objects: file("\(safe(name)).json", [JSONValue].self) ?? [],
            podVolumes: file("\(safe(name))-podvolumebackups.json", [JSONValue].self) ?? [],
            volumes: file("\(safe(name))-volumes.json", [Volume].self) ?? [])
    }

    /// The object comes last: it makes the folder a backup.
    func write(_ content: Content, _ name: String, in bucket: String) throws {
        let folder = "\(place(bucket))/backups/\(safe(name))"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func file(_ value: some Encodable, _ name: String) throws {
            try PrivateFile.write(try encoder.encode(value), to: "\(folder)/\(name)")
        }
        try file(content.objects, "\(safe(name)).json")
        try file(content.podVolumes, "\(safe(name))-podvolumebackups.json")
        try file(content.volumes, "\(safe(name))-volumes.json")
        try file(content.backup, "velero-backup.json")
    }

    func remove(_ name: String, in bucket: String) {
        try? FileManager.default.removeItem(atPath: "\(place(bucket))/backups/\(safe(name))")
    }

    private func marker(_ bucket: String, _ name: String) -> String {
        "\(place(bucket))/backups/\(safe(name))/velero-backup.json"
    }

    private func place(_ bucket: String) -> String { "\(root)/\(safe(bucket))" }

    private func safe(_ name: String) -> String {
        name.replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "..", with: "_")
    }
}

/// What of the world outside the cluster its controllers reach: disks, buckets, Git.
package struct Surroundings: Sendable {
    var volumes: VolumeShelf
    var vault: BackupVault
    /// `SOURCE/PATH/*.yaml`: what Flux finds in its sources.
    var sources: String

    package init(volumes: VolumeShelf, vault: BackupVault, sources: String) {
        self.volumes = volumes
        self.vault = vault
        self.sources = sources
    }
}
