import Foundation
import Model

/// The data files that the tables of the planner are checked against.
struct VersionData {
    struct Minor: Decodable {
        var minor: Version.Series
        var kubernetesMinEnforced: Version.Series?
        var kubernetesMaxEnforced: Version.Series?
        var kubernetesMinDocumented: Version.Series?
        var upgradeFromMinHost: Version.Series?
        var ghcrInstallerPublished: Bool
        var platformSpecificInstaller: Bool
        var latestPatch: Version?

        private enum CodingKeys: String, CodingKey {
            case minor, kubernetesMinEnforced, kubernetesMaxEnforced, kubernetesMinDocumented
            case upgradeFromMinHost, ghcrInstallerPublished, platformSpecificInstaller, latestPatch
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func series(_ key: CodingKeys) throws -> Version.Series? {
                try container.decodeIfPresent(String.self, forKey: key).flatMap {
                    Version.Series($0)
                }
            }
            minor = try series(.minor) ?? Version.Series(0, 0)
            kubernetesMinEnforced = try series(.kubernetesMinEnforced)
            kubernetesMaxEnforced = try series(.kubernetesMaxEnforced)
            kubernetesMinDocumented = try series(.kubernetesMinDocumented)
            upgradeFromMinHost = try series(.upgradeFromMinHost)
            ghcrInstallerPublished = try container.decode(
                Bool.self, forKey: .ghcrInstallerPublished)
            platformSpecificInstaller = try container.decode(
                Bool.self, forKey: .platformSpecificInstaller)
            latestPatch = try container.decodeIfPresent(Version.self, forKey: .latestPatch)
        }
    }

    struct TalosRelease: Decodable {
        var version: Version
        var date: String?
        var latestInMinor: Bool
        var withdrawn: Bool
    }

    /// Talos 1.6 to 1.14.
    let minors: [Version.Series: Minor]
    let releases: [TalosRelease]

    init() throws {
        struct Matrix: Decodable { var minors: [Minor] }
        struct List: Decodable { var releases: [TalosRelease] }
        let known = Version.Series(1, 6)...Version.Series(1, 14)
        minors = Dictionary(
            uniqueKeysWithValues: try Self.read(Matrix.self, "talos-support-matrix").minors
                .filter { known.contains($0.minor) }.map { ($0.minor, $0) })
        releases = try Self.read(List.self, "talos-releases").releases.filter {
            known.contains($0.version.series)
        }
    }

    private static func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(name).json")
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}
