import Foundation
import Git
import Model
import Testing

/// Pushes over SSH to a real server. Each in a process of its own: the library learns where keys
/// and known hosts are when it starts.
@Suite(
    .serialized,
    .enabled(
        if: ShellServer.program != nil, "needs an sshd: install one, or set BUMP_TEST_SSHD"))
struct ShellPushTests {
    @Test func `a key is used, commits of others are kept, a stranger is refused`() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) {
            let (box, server) = try await ShellPushTests.arrange()
            let repository = try box.open()
            // Nobody recorded the host yet.
            _ = try await box.bump(repository)
            let unknown = await #expect(throws: Problem.self) { try await repository.push() }
            try #require(
                unknown?.fix?.contains("git ls-remote origin") == true, "\(unknown as Any)")

            let home = try #require(box.environment["HOME"])
            try Data((server.knownHost + "\n").utf8)
                .write(to: URL(fileURLWithPath: home + "/.ssh/known_hosts"))
            let id = try #require(try await repository.head())
            try #require(try await repository.push() == "origin/main")
            try #require(try box.git("rev-parse", "main", in: box.root + "-server.git") == id)

            try box.git("reset", "--quiet", "--hard", "HEAD~1")
            try box.git("commit", "--quiet", "--allow-empty", "--message", "mine")
            let behind = await #expect(throws: Problem.self) { try await repository.push() }
            try #require(behind?.fix == "git pull --rebase && git push", "\(behind as Any)")

            try FileManager.default.removeItem(atPath: home + "/.ssh/id_ed25519")
            let stranger = await #expect(throws: Problem.self) { try await repository.push() }
            try #require(stranger?.kind == .refused)
            try #require(stranger?.fix?.contains("ssh-add") == true, "\(stranger as Any)")
            withExtendedLifetime(server) {}
        }
        // Empty unless the process failed: then its own words.
        let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(result?.exitStatus == .exitCode(0), "\(words.suffix(2000))")
    }

    private static func arrange() async throws -> (Sandbox, ShellServer) {
        let box = try Sandbox()
        let home = box.root + "-home"
        try FileManager.default.createDirectory(
            atPath: home + "/.ssh", withIntermediateDirectories: true)
        setenv("HOME", home, 1)
        unsetenv("SSH_AUTH_SOCK")
        box.environment["HOME"] = home
        let server = try await ShellServer(home + "/.ssh")
        let remote = box.root + "-server.git"
        try box.git("init", "--quiet", "--bare", remote)
        try box.git("remote", "add", "origin", remote)
        try box.git("push", "--quiet", "--set-upstream", "origin", "main")
        try box.git(
            "remote", "set-url", "origin", "ssh://\(NSUserName())@127.0.0.1:\(server.port)\(remote)"
        )
        return (box, server)
    }
}
