import Foundation
import Git
import Model
import Testing

/// Pushes to a real server. One at a time: which authorities are trusted is the process's.
@Suite(
    .serialized,
    .enabled(if: SecureServer.isPossible, "needs git, python3 and openssl for a server"))
struct SecurePushTests {
    /// A repository whose remote is such a server.
    private static func arrange() async throws -> (box: Sandbox, server: SecureServer) {
        let box = try Sandbox()
        let folder = box.root + "-server"
        try box.git("init", "--quiet", "--bare", "--initial-branch=main", folder + "/repo.git")
        try box.git("config", "http.receivepack", "true", in: folder + "/repo.git")
        try box.git("remote", "add", "origin", folder + "/repo.git")
        try box.git("push", "--quiet", "--set-upstream", "origin", "main")
        let server = try await SecureServer(folder)
        try box.git(
            "remote", "set-url", "origin", "https://localhost:\(server.port)/repo.git")
        try box.git("config", "http.sslCAInfo", server.certificate)
        // Neither the machine's helpers nor its user's.
        try box.git("config", "credential.helper", "")
        return (box, server)
    }

    private static func log(_ box: Sandbox) throws -> [String] {
        try String(contentsOfFile: box.root + "-asked", encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    private static func head(_ box: Sandbox) throws -> String {
        try box.git("rev-parse", "main", in: box.root + "-server/repo.git")
    }

    @Test func `a helper gives the password and hears that it served`() async throws {
        let (box, server) = try await Self.arrange()
        let host = "localhost:\(server.port)"
        try box.git("config", "--add", "credential.https://\(host).username", "ann")
        let log = box.root + "-asked"
        try box.git(
            "config", "--add", "credential.https://\(host).helper",
            "!f() { echo \"$1\" >>'\(log)'; cat >>'\(log)'; echo password=s3cret; }; f")
        let repository = try box.open()
        let id = try await box.bump(repository)
        #expect(try await repository.push() == "origin/main")
        #expect(try Self.head(box) == id)
        #expect(
            try Self.log(box) == [
                "get", "protocol=https", "host=" + host, "username=ann",
                "store", "protocol=https", "host=" + host, "username=ann", "password=s3cret",
            ])
        withExtendedLifetime(server) {}
    }

    @Test func `the helper that keeps a file is found where git keeps it`() async throws {
        let (box, server) = try await Self.arrange()
        let file = box.root + "-kept"
        try Data("https://ann:s3cret@localhost%3a\(server.port)\n".utf8)
            .write(to: URL(fileURLWithPath: file))
        try box.git("config", "--add", "credential.helper", "store --file '\(file)'")
        let repository = try box.open()
        let id = try await box.bump(repository)
        #expect(try await repository.push() == "origin/main")
        #expect(try Self.head(box) == id)
        withExtendedLifetime(server) {}
    }

    @Test func `a password that is not taken is named to the helper, and shown nowhere`()
        async throws
    {
        let (box, server) = try await Self.arrange()
        try box.git(
            "config", "--add", "credential.helper",
            "!f() { echo \"$1\" >>'\(box.root)-asked'; echo username=ann; echo password=wr0ng; }; f"
        )
        let repository = try box.open()
        _ = try await box.bump(repository)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.kind == .refused)
        #expect(try Self.log(box) == ["get", "erase"])
        #expect(!"\(problem as Any)".contains("wr0ng"))
        withExtendedLifetime(server) {}
    }

    @Test func `without a helper the ways out are named`() async throws {
        let (box, server) = try await Self.arrange()
        let repository = try box.open()
        let before = try Self.head(box)
        _ = try await box.bump(repository)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.kind == .refused)
        #expect(problem?.fix?.contains("credential.helper") == true, "\(problem as Any)")
        #expect(try Self.head(box) == before)
        withExtendedLifetime(server) {}
    }

    @Test func `a server that nobody vouches for is refused unless that is turned off`()
        async throws
    {
        let (box, server) = try await Self.arrange()
        let repository = try box.open()
        try box.git("config", "http.sslCAInfo", box.root + "/nothing.pem")
        let unreadable = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(unreadable?.location == box.root + "/nothing.pem", "\(unreadable as Any)")
        let (theirs, other) = try await Self.arrange()
        try box.git("config", "http.sslCAInfo", other.certificate)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.fix?.contains("sslCAInfo") == true, "\(problem as Any)")
        try box.git("config", "http.sslVerify", "false")
        let unknown = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(unknown?.fix?.contains("credential.helper") == true, "\(unknown as Any)")
        withExtendedLifetime((server, theirs)) {}
    }

    @Test func `a hook of the server that says no is quoted`() async throws {
        let (box, server) = try await Self.arrange()
        let hook = box.root + "-server/repo.git/hooks/pre-receive"
        try Data("#!/bin/sh\necho 'main is protected, open a request' >&2\nexit 1\n".utf8)
            .write(to: URL(fileURLWithPath: hook))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        try box.git(
            "config", "--add", "credential.helper", "!echo username=ann; echo password=s3cret;:")
        let repository = try box.open()
        let before = try Self.head(box)
        _ = try await box.bump(repository)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.summary.contains("hook declined") == true, "\(problem as Any)")
        #expect(problem?.details.contains { $0.contains("main is protected") } == true)
        #expect(problem?.fix?.contains("refs/heads/bump") == true)
        #expect(try Self.head(box) == before)
        withExtendedLifetime(server) {}
    }

    @Test func `commits of others are not overwritten`() async throws {
        let (box, server) = try await Self.arrange()
        try box.git(
            "config", "--add", "credential.helper", "!echo username=ann; echo password=s3cret;:")
        let theirs = box.root + "-theirs"
        try box.git("clone", "--quiet", box.root + "-server/repo.git", theirs)
        try box.git(
            "-c", "user.name=B", "-c", "user.email=b@x", "commit", "--quiet", "--allow-empty",
            "--message", "theirs", in: theirs)
        try box.git("push", "--quiet", in: theirs)
        let before = try Self.head(box)
        let repository = try box.open()
        _ = try await box.bump(repository)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.fix == "git pull --rebase && git push", "\(problem as Any)")
        #expect(try Self.head(box) == before)
        withExtendedLifetime(server) {}
    }
}
