import Foundation
import Git
import Model
import Testing

struct ObstacleTests {
    @Test func `a clean repository has no obstacles`() async throws {
        let box = try Sandbox()
        let facts = try await box.open().facts(committing: [Sandbox.path])
        #expect(facts.obstacles == [])
        #expect(facts.branch == "main")
        #expect(facts.head == (try box.git("rev-parse", "HEAD")))
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var says: String
        var fix: String
        var path = Sandbox.path
        var arrange: @Sendable (Sandbox) throws -> Void
    }

    static let cases: [Case] = [
        Case(testDescription: "edited", says: "not committed", fix: "git restore") {
            try $0.write(Sandbox.path, "x = 1\n")
        },
        Case(testDescription: "staged", says: "staged", fix: "git restore") {
            try $0.write(Sandbox.path, "x = 1\n")
            try $0.git("add", Sandbox.path)
        },
        Case(testDescription: "hidden edit", says: "not committed", fix: "git") {
            try $0.git("update-index", "--assume-unchanged", Sandbox.path)
            try $0.write(Sandbox.path, "x = 1\n")
        },
        Case(testDescription: "ignored", says: "ignored", fix: "--no-commit") {
            try $0.write(".gitignore", "*.tfvars\n")
            try $0.git("rm", "--quiet", "--cached", Sandbox.path)
        },
        Case(testDescription: "new", says: "not tracked", fix: "git add", path: "new.tfvars") {
            try $0.write("new.tfvars", "x = 1\n")
        },
        Case(testDescription: "filtered", says: "filter=git-crypt", fix: "--no-commit") {
            try $0.write(".gitattributes", "*.tfvars filter=git-crypt diff=git-crypt\n")
        },
        Case(testDescription: "merge", says: "middle of a merge", fix: "git merge --abort") {
            try $0.git("checkout", "--quiet", "-b", "side")
            try $0.git("commit", "--quiet", "--allow-empty", "--message", "side")
            try $0.git("checkout", "--quiet", "main")
            try $0.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
        },
        Case(testDescription: "nested", says: "another repository", fix: "cd ", path: "sub/a") {
            try $0.write("sub/a", "x = 1\n")
            try $0.git("init", "--quiet", "sub")
        },
        Case(testDescription: "link", says: "symbolic link", fix: "--no-commit", path: "l.tfvars") {
            try $0.write("real", "x = 1\n")
            try FileManager.default.createSymbolicLink(
                atPath: $0.root + "/l.tfvars", withDestinationPath: "real")
        },
        Case(testDescription: "outside", says: "not a file", fix: "below", path: "../x") { _ in },
        Case(testDescription: "nobody", says: "who you are", fix: "git config --global user.name") {
            try $0.git("config", "user.name", "")
        },
        Case(testDescription: "lock", says: "holds the index", fix: "index.lock") {
            try $0.write(".git/index.lock", "")
        },
        Case(testDescription: "no index", says: "format", fix: "index && git reset") {
            try $0.write(".git/index", "garbage that is long enough to be read as an index")
        },
        Case(testDescription: "split index", says: "format", fix: "--no-split-index") {
            try $0.git("update-index", "--split-index")
        },
    ]

    @Test(arguments: cases)
    func `what stands in the way is named with a way out`(_ item: Case) async throws {
        let box = try Sandbox()
        try item.arrange(box)
        let problem = try #require(try await box.obstacle(committing: item.path))
        #expect(problem.kind == .refused)
        #expect(problem.summary.contains(item.says), "\(problem.summary)")
        #expect(problem.fix?.contains(item.fix) == true, "\(problem.fix ?? "")")
    }

    @Test func `a file that is tracked although ignored is no obstacle`() async throws {
        let box = try Sandbox()
        try box.write(".gitignore", "*.tfvars\n")
        #expect(try await box.obstacle() == nil)
    }

    @Test func `a folder without git says how to make one`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bump-none-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let problem = #expect(throws: Problem.self) {
            _ = try GitRepository(around: folder.path, environment: [:])
        }
        #expect(problem?.fix?.contains("git init") == true)
    }

    @Test func `what was staged for the first commit is no obstacle to it`() async throws {
        let box = try Sandbox(commits: false)
        try box.git("add", "--all")
        #expect(try await box.obstacle() == nil)
        try box.write(Sandbox.path, "x = 1\n")
        #expect(try await box.obstacle()?.summary.contains("not committed") == true)
    }

    @Test func `a branch that cannot be read is a refusal`() async throws {
        let box = try Sandbox()
        let repository = try box.open()
        try box.write(".git/refs/heads/main", "garbage\n")
        let problem = await #expect(throws: Problem.self) {
            try await repository.facts(committing: [Sandbox.path])
        }
        #expect(problem?.kind == .refused)
        #expect(problem?.fix == "git fsck")
    }

    @Test(arguments: [
        "worktreeConfig": "--unset extensions.worktreeConfig",
        "preciousObjects": "--unset extensions.preciousObjects",
        "relativeWorktrees": "--no-relative-paths", "refStorage": "git refs migrate",
        "somethingNew": "git clone",
    ])
    func `an unsupported format is named`(_ name: String, _ way: String) throws {
        let box = try Sandbox()
        try box.git("config", "core.repositoryformatversion", "1")
        try box.git("config", "extensions." + name, "true")
        let problem = #expect(throws: Problem.self) { _ = try box.open() }
        #expect(problem?.summary.contains(name.lowercased()) == true, "\(problem as Any)")
        #expect(problem?.fix?.contains(way) == true, "\(problem?.fix ?? "")")
    }

    /// The status of a command line.
    private static func shell(_ line: String, in directory: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test func `the way out of a partial clone is one that works`() async throws {
        let box = try Sandbox()
        let (remote, clone) = (box.root + "-remote", box.root + "-clone")
        try box.git("clone", "--quiet", "--bare", box.root, remote)
        try box.git("config", "uploadpack.allowFilter", "true", in: remote)
        try box.git("clone", "--quiet", "--filter=blob:none", "file://" + remote, clone)
        try box.git("config", "extensions.partialClone", "origin", in: clone)
        let problem = #expect(throws: Problem.self) {
            _ = try GitRepository(around: clone, environment: [:])
        }
        #expect(try Self.shell(try #require(problem?.fix), in: clone) == 0)
        #expect(throws: Never.self) { _ = try GitRepository(around: clone, environment: [:]) }
    }

    @Test func `the way out of SHA-256 is one that works`() async throws {
        let box = try Sandbox()
        let modern = box.root + "-modern"
        try box.git("init", "--quiet", "--object-format=sha256", modern)
        try box.git(
            "-c", "user.name=A", "-c", "user.email=a@x", "commit", "--quiet", "--allow-empty",
            "--message", "x", in: modern)
        let problem = #expect(throws: Problem.self) {
            _ = try GitRepository(around: modern, environment: [:])
        }
        let fix = try #require(problem?.fix?.firstMatch(of: /: (git init.*)/)).1
        let line = String(fix).replacing("../NEW", with: modern + "-new")
        #expect(try Self.shell(line, in: modern) == 0)
        let made = try GitRepository(around: modern + "-new", environment: [:])
        #expect(try await made.runCommits() == [])
    }

    @Test(.enabled(if: getuid() == 0, "only root can give files away"))
    func `somebody else's repository says how to trust it`() throws {
        let box = try Sandbox()
        chown(box.root, 12345, 12345)
        chown(box.root + "/.git", 12345, 12345)
        let problem = #expect(throws: Problem.self) { _ = try box.open() }
        #expect(problem?.fix?.hasPrefix("git config --global --add safe.directory /") == true)
    }
}
