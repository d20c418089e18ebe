import Foundation

/// Everything that a command which refuses, or only looks, must leave as it was: history, index,
/// every file but those of `bump` itself, and the cluster.
struct Traces {
    private var facts: [String: String] = [:]

    /// What differs from before, a line for each.
    func differences(from before: Traces) -> [String] {
        Set(facts.keys).union(before.facts.keys).sorted().compactMap { name in
            facts[name] == before.facts[name]
                ? nil : "\(name): \(before.facts[name] ?? "none") → \(facts[name] ?? "none")"
        }
    }

    init(repository: URL, sandbox: Sandbox) async throws {
        for command in [
            ["diff"], ["diff", "--cached"], ["for-each-ref"],
            ["status", "--porcelain=v2", "--branch", "--untracked-files=all", "--show-stash"],
        ] {
            let answer = try await sandbox.run(["git"] + command, in: repository)
            facts["git " + command.joined(separator: " ")] = answer.said
        }
        try addFiles(of: repository)
    }

    init(_ lab: LabFixture) async throws {
        try await self.init(repository: lab.root, sandbox: lab.sandbox)
        let acts = try await lab.events().filter { Self.acts.contains($0.kind) }
        facts["events"] = acts.map(\.description).joined(separator: ", ")
    }

    private mutating func addFiles(of repository: URL) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: repository.path)
        for name in names where !Self.ours.contains(String(name.prefix { $0 != "/" })) {
            let file = repository.appending(path: name)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            let mode = attributes[.posixPermissions] as? Int ?? 0
            facts["file " + name] =
                String(mode, radix: 8) + " " + (try Data(contentsOf: file)).base64EncodedString()
        }
    }

    private static let ours: Set<String> = [".git", ".bump", ".lab"]
    private static let acts: Set<String> = [
        "machine-created", "machine-destroyed", "cordoned", "uncordoned", "evicted",
        "eviction-refused", "pdb-broken", "image-pulled", "installed", "went-down", "rolled-back",
        "leadership-moved", "config-applied", "backup",
    ]
}
