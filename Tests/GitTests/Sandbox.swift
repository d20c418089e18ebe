import Foundation
import Git
import Model
import Testing

/// A temporary folder with a real git repository, and the git program as the judge.
final class Sandbox {
    let root: String
    private let folder: URL
    var environment: [String: String]

    init(commits: Bool = true) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bump-git-\(UUID().uuidString)").resolvingSymlinksInPath()
        root = folder.appendingPathComponent("repo").path
        environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GIT_") }
        try FileManager.default.createDirectory(
            atPath: root + "/terraform", withIntermediateDirectories: true)
        try git("init", "--quiet", "--initial-branch=main")
        try git("config", "user.name", "Ann")
        try git("config", "user.email", "ann@example.com")
        try git("config", "commit.gpgsign", "false")
        try write(Self.path, Self.text)
        try write("other.txt", "one\n")
        guard commits else { return }
        try git("add", "--all")
        try git("commit", "--quiet", "--message", "first")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let path = "terraform/terraform.tfvars"
    static let text = "talos_version = \"v1.9.2\"\n"
    static let newText = "talos_version = \"v1.9.4\"\n"

    func open(verifiesHooks: Bool = true) throws -> GitRepository {
        try GitRepository(
            around: root + "/terraform", environment: environment, verifiesHooks: verifiesHooks)
    }

    func write(_ path: String, _ text: String, mode: Int = 0o644) throws {
        let file = root + "/" + path
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    @discardableResult
    func git(_ arguments: String..., in directory: String? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory ?? root)
        let output = folder.appendingPathComponent("out-\(UUID().uuidString)")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOf: output, encoding: .utf8)
        try #require(process.terminationStatus == 0, "git \(arguments): \(text)")
        return text.trimmingCharacters(in: .newlines)
    }

    /// Edits the tfvars and commits it.
    func bump(_ repository: GitRepository, message: String = "bump") async throws -> String {
        try write(Self.path, Self.newText)
        return try await repository.commit(CommitRequest(paths: [Self.path], message: message))
    }

    func obstacle(committing path: String = Sandbox.path) async throws -> Problem? {
        try await open().facts(committing: [path]).obstacles.first
    }
}
