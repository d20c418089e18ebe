import Foundation
import Git
import Model
import Testing

struct CommitTests {
    @Test func `a commit holds only our path and leaves the user's work alone`() async throws {
        let box = try Sandbox()
        try box.write("staged.txt", "staged\n")
        try box.git("add", "staged.txt")
        try box.write("other.txt", "dirty\n")
        try box.write("untracked.txt", "new\n")
        let id = try await box.bump(try box.open())
        #expect(try box.git("rev-parse", "HEAD") == id)
        #expect(try box.git("show", "--name-only", "--format=", "HEAD") == Sandbox.path)
        let status = try box.git("status", "--porcelain")
        #expect(status == " M other.txt\nA  staged.txt\n?? untracked.txt")
        try box.git("fsck", "--strict")
        #expect(try box.git("show", "-s", "--format=%an <%ae> %s") == "Ann <ann@example.com> bump")
        #expect(try box.git("reflog", "-1", "--format=%gs") == "commit: bump")
    }

    @Test func `committing the same bytes again gives HEAD`() async throws {
        let box = try Sandbox()
        let repository = try box.open()
        let id = try await box.bump(repository)
        #expect(try await box.bump(repository) == id)
        #expect(try box.git("rev-list", "--count", "HEAD") == "2")
    }

    @Test func `a repeated commit repairs an index that a crash left behind`() async throws {
        let box = try Sandbox()
        let repository = try box.open()
        let id = try await box.bump(repository)
        try box.git("reset", "--quiet", "HEAD~1")
        try box.git("update-ref", "HEAD", id)
        #expect(try box.git("status", "--porcelain") != "")
        #expect(try await box.bump(repository) == id)
        #expect(try box.git("status", "--porcelain") == "")
    }

    @Test func `an unborn branch gets its first commit`() async throws {
        let box = try Sandbox(commits: false)
        try box.git("add", Sandbox.path)
        let repository = try box.open()
        #expect(try await repository.head() == nil)
        let id = try await box.bump(repository)
        #expect(try box.git("rev-parse", "main") == id)
        #expect(try box.git("status", "--porcelain") == "?? other.txt")
    }

    @Test func `a detached HEAD moves and no branch does`() async throws {
        let box = try Sandbox()
        let main = try box.git("rev-parse", "main")
        try box.git("checkout", "--quiet", "--detach")
        let id = try await box.bump(try box.open())
        #expect(try box.git("rev-parse", "HEAD") == id)
        #expect(try box.git("rev-parse", "main") == main)
        #expect(try await box.open().facts(committing: []).branch == nil)
    }

    @Test func `a linked work tree commits on its own branch`() async throws {
        let box = try Sandbox()
        let tree = box.root + "-tree"
        try box.git("worktree", "add", "--quiet", "-b", "side", tree)
        let repository = try GitRepository(around: tree, environment: box.environment)
        #expect(repository.root == tree)
        try Data(Sandbox.newText.utf8).write(to: URL(fileURLWithPath: tree + "/" + Sandbox.path))
        let id = try await repository.commit(
            CommitRequest(paths: [Sandbox.path], message: "side"))
        #expect(try box.git("rev-parse", "side") == id)
        #expect(try box.git("status", "--porcelain", in: tree) == "")
    }

    @Test func `line ends are normalised as git would`() async throws {
        let box = try Sandbox()
        try box.write(".gitattributes", "* text=auto eol=crlf\n")
        try box.git("add", "--all")
        try box.git("commit", "--quiet", "--message", "attributes")
        try box.write(Sandbox.path, Sandbox.newText.replacing("\n", with: "\r\n"))
        _ = try await box.open().commit(CommitRequest(paths: [Sandbox.path], message: "crlf"))
        #expect(try box.git("show", "HEAD:" + Sandbox.path) + "\n" == Sandbox.newText)
        #expect(try box.git("status", "--porcelain") == "")
    }

    @Test func `author and committer come from the environment as with git`() async throws {
        let box = try Sandbox()
        box.environment["GIT_AUTHOR_NAME"] = "Robot"
        box.environment["GIT_COMMITTER_EMAIL"] = "ci@example.com"
        _ = try await box.bump(try box.open())
        #expect(
            try box.git("show", "-s", "--format=%an %ae %cn %ce")
                == "Robot ann@example.com Ann ci@example.com")
    }

    @Test func `a revert takes back our path on disk and in HEAD`() async throws {
        let box = try Sandbox()
        let repository = try box.open()
        let id = try await box.bump(repository)
        try box.write("other.txt", "later\n")
        try box.git("commit", "--quiet", "--all", "--message", "later")
        let back = try await repository.revert(id, paths: [Sandbox.path], message: "back")
        #expect(try box.read(Sandbox.path) == Sandbox.text)
        #expect(try box.git("show", "--name-only", "--format=", back) == Sandbox.path)
        #expect(try box.git("status", "--porcelain") == "")
        let again = try await repository.revert(id, paths: [Sandbox.path], message: "back")
        #expect(again == back)
    }

    @Test func `a revert of lines that changed since is refused`() async throws {
        let box = try Sandbox()
        let repository = try box.open()
        let id = try await box.bump(repository)
        try box.write(Sandbox.path, "talos_version = \"v2.0.0\"\n")
        try box.git("commit", "--quiet", "--all", "--message", "later")
        await #expect(throws: Problem.self) {
            try await repository.revert(id, paths: [Sandbox.path], message: "back")
        }
        #expect(try box.git("status", "--porcelain") == "")
    }

    @Test func `commits of runs are found by their trailer`() async throws {
        let box = try Sandbox()
        let repository = try box.open()
        let id = try await box.bump(repository, message: "talos\n\nwhy\n\nBump-Run: r-1\n")
        let found = try await repository.runCommits()
        #expect(found.map(\.id) == [id])
        #expect(found.first?.run == RunID("r-1"))
        try box.git("checkout", "--quiet", "-b", "other", "HEAD~1")
        #expect(try await repository.runCommits() == [])
        #expect(try await repository.branch(holding: RunID("r-1")) == "main")
        #expect(try await repository.branch(holding: RunID("r-2")) == nil)
        let contents = try await repository.contents(of: Sandbox.path, in: id)
        #expect(contents == Data(Sandbox.newText.utf8))
    }

    @Test func `a fresh repository is made and committed without a git program`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bump-lab-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let repository = try GitRepository.initialise(at: folder, environment: [:])
        try Data("*.log\n".utf8).write(to: URL(fileURLWithPath: folder + "/.gitignore"))
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/a.log"))
        let id = try await repository.commitAll(message: "lab")
        let box = try Sandbox()
        #expect(try box.git("rev-parse", "main", in: folder) == id)
        #expect(try box.git("ls-files", in: folder) == ".gitignore")
        #expect(try box.git("status", "--porcelain", in: folder) == "")
        try box.git("fsck", "--strict", in: folder)
    }
}
