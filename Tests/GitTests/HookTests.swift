import Foundation
import Git
import Model
import Testing

struct HookTests {
    @Test func `pre-commit sees only what will be committed`() async throws {
        let box = try Sandbox()
        try box.write("staged.txt", "staged\n")
        try box.git("add", "staged.txt")
        try box.write(
            ".git/hooks/pre-commit", "#!/bin/sh\ngit diff --cached --name-only >seen\n",
            mode: 0o755)
        _ = try await box.bump(try box.open())
        #expect(try box.read("seen") == Sandbox.path + "\n")
        #expect(try box.git("status", "--porcelain") == "A  staged.txt\n?? seen")
    }

    @Test func `a refusing hook stops the commit and its words are shown`() async throws {
        let box = try Sandbox()
        let head = try box.git("rev-parse", "HEAD")
        try box.write(".git/hooks/pre-commit", "#!/bin/sh\necho no way >&2\nexit 1\n", mode: 0o755)
        let repository = try box.open()
        let problem = await #expect(throws: Problem.self) { try await box.bump(repository) }
        #expect(problem?.details == ["no way"])
        #expect(try box.git("rev-parse", "HEAD") == head)
        _ = try await box.bump(try box.open(verifiesHooks: false))
        #expect(try box.git("rev-parse", "HEAD") != head)
    }

    @Test(arguments: ["", "; git add terraform/terraform.tfvars"])
    func `a hook that rewrites the file is refused`(_ tail: String) async throws {
        let box = try Sandbox()
        try box.write(
            ".git/hooks/pre-commit",
            "#!/bin/sh\necho '# formatted' >>terraform/terraform.tfvars\(tail)\n", mode: 0o755)
        let repository = try box.open()
        let problem = await #expect(throws: Problem.self) { try await box.bump(repository) }
        #expect(problem?.summary.contains("changed \(Sandbox.path)") == true)
        #expect(try box.git("rev-list", "--count", "HEAD") == "1")
    }

    @Test func `a hook without an interpreter is run by the shell, one with a wrong one refuses`()
        async throws
    {
        let box = try Sandbox()
        try box.write(".git/hooks/pre-commit", "echo ran >seen\n", mode: 0o755)
        try box.write(
            ".git/hooks/post-commit", "git log -1 --format=%s >told; exit 1\n", mode: 0o755)
        _ = try await box.bump(try box.open())
        #expect(try box.read("seen") == "ran\n")
        #expect(try box.read("told") == "bump\n")
        try box.write(".git/hooks/pre-commit", "#!/nowhere/sh\n", mode: 0o755)
        try box.write(Sandbox.path, Sandbox.text)
        let repository = try box.open()
        let problem = await #expect(throws: Problem.self) {
            try await repository.commit(CommitRequest(paths: [Sandbox.path], message: "back"))
        }
        #expect(problem?.summary == "The git hook pre-commit refused the commit.")
    }

    @Test func `message hooks shape the message and core.hooksPath is followed`() async throws {
        let box = try Sandbox()
        try box.git("config", "core.hooksPath", "hooks")
        try box.write(
            "hooks/prepare-commit-msg", "#!/bin/sh\necho \"by $2\" >>\"$1\"\n", mode: 0o755)
        try box.write("hooks/commit-msg", "#!/bin/sh\ngrep -q 'by message' \"$1\"\n", mode: 0o755)
        _ = try await box.bump(try box.open())
        #expect(try box.git("show", "-s", "--format=%B") == "bump\nby message")
    }

    @Test func `a commit is signed with the user's SSH key`() async throws {
        let box = try Sandbox()
        let key = box.root + "-key"
        let maker = Process()
        maker.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-keygen")
        maker.arguments = ["-q", "-t", "ed25519", "-N", "", "-f", key]
        try maker.run()
        maker.waitUntilExit()
        let publicKey = try String(contentsOfFile: key + ".pub", encoding: .utf8)
        try Data("ann@example.com \(publicKey)".utf8)
            .write(to: URL(fileURLWithPath: box.root + "-allowed"))
        try box.git("config", "commit.gpgsign", "true")
        try box.git("config", "gpg.format", "ssh")
        try box.git("config", "user.signingkey", key + ".pub")
        try box.git("config", "gpg.ssh.allowedSignersFile", box.root + "-allowed")
        let id = try await box.bump(try box.open())
        #expect(try box.git("show", "-s", "--format=%G? %H") == "G \(id)")
    }

    @Test func `a signer that fails keeps HEAD where it was`() async throws {
        let box = try Sandbox()
        try box.git("config", "commit.gpgsign", "true")
        try box.git("config", "gpg.program", "/bin/false")
        let repository = try box.open()
        await #expect(throws: Problem.self) { try await box.bump(repository) }
        #expect(try box.git("rev-list", "--count", "HEAD") == "1")
    }
}

struct PushTests {
    @Test func `the branch is pushed to its upstream`() async throws {
        let box = try Sandbox()
        try box.git("init", "--quiet", "--bare", box.root + "-remote")
        try box.git("remote", "add", "origin", box.root + "-remote")
        try box.git("push", "--quiet", "--set-upstream", "origin", "main")
        let repository = try box.open()
        let id = try await box.bump(repository)
        #expect(try await repository.push() == "origin/main")
        #expect(try box.git("rev-parse", "main", in: box.root + "-remote") == id)
        #expect(try box.git("rev-parse", "origin/main") == id)
    }

    @Test func `pre-push is told what goes where, and may refuse`() async throws {
        let box = try Sandbox()
        let remote = box.root + "-remote"
        try box.git("init", "--quiet", "--bare", remote)
        try box.git("remote", "add", "origin", remote)
        try box.git("push", "--quiet", "--set-upstream", "origin", "main")
        let before = try box.git("rev-parse", "HEAD")
        try box.write(
            ".git/hooks/pre-push",
            "#!/bin/sh\necho \"$1 $2\" >seen\ncat >>seen\necho not on a Friday\nexit 1\n",
            mode: 0o755)
        let repository = try box.open()
        let id = try await box.bump(repository)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.details == ["not on a Friday"])
        #expect(
            try box.read("seen")
                == "origin \(remote)\nrefs/heads/main \(id) refs/heads/main \(before)\n")
        #expect(try box.git("rev-parse", "main", in: remote) == before)
        #expect(try await box.open(verifiesHooks: false).push() == "origin/main")
        #expect(try box.git("rev-parse", "main", in: remote) == id)
    }

    @Test func `a remote for pushes alone is used`() async throws {
        let box = try Sandbox()
        for name in ["origin", "fork"] {
            try box.git("init", "--quiet", "--bare", box.root + "-" + name)
            try box.git("remote", "add", name, box.root + "-" + name)
        }
        try box.git("push", "--quiet", "--set-upstream", "origin", "main")
        try box.git("config", "remote.pushDefault", "fork")
        let repository = try box.open()
        let id = try await box.bump(repository)
        #expect(try await repository.push() == "fork/main")
        #expect(try box.git("rev-parse", "main", in: box.root + "-fork") == id)
    }

    @Test func `commits of others are not overwritten`() async throws {
        let box = try Sandbox()
        try box.git("init", "--quiet", "--bare", box.root + "-remote")
        try box.git("remote", "add", "origin", box.root + "-remote")
        try box.git("push", "--quiet", "--set-upstream", "origin", "main")
        try box.git("commit", "--quiet", "--allow-empty", "--message", "theirs")
        try box.git("push", "--quiet")
        try box.git("reset", "--quiet", "--hard", "HEAD~1")
        let repository = try box.open()
        _ = try await box.bump(repository)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.fix?.contains("git pull --rebase") == true)
    }

    @Test func `hooks of a remote that is a folder are not passed by`() async throws {
        let box = try Sandbox()
        let remote = box.root + "-remote"
        try box.git("init", "--quiet", "--bare", remote)
        try box.git("remote", "add", "origin", "file://" + remote)
        try box.git("push", "--quiet", "--set-upstream", "origin", "main")
        let before = try box.git("rev-parse", "HEAD")
        try box.write("../repo-remote/hooks/pre-receive", "#!/bin/sh\nexit 0\n", mode: 0o755)
        let repository = try box.open()
        #expect(try await repository.push() == "origin/main")
        let facts = try await repository.facts(committing: [Sandbox.path])
        #expect(facts.pushObstacle?.fix?.contains("git push") == true)
        _ = try await box.bump(repository)
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(problem?.location == remote + "/hooks/pre-receive")
        #expect(try box.git("rev-parse", "main", in: remote) == before)
        try box.git("push", "--quiet")
        #expect(try await repository.push() == "origin/main")
    }

    @Test func `a branch without upstream says how to set one`() async throws {
        let box = try Sandbox()
        let repository = try box.open()
        let facts = try await repository.facts(committing: [Sandbox.path])
        #expect(facts.pushObstacle?.fix == "git push --set-upstream origin main")
        let problem = await #expect(throws: Problem.self) { try await repository.push() }
        #expect(try box.git("status", "--porcelain") == "")
        #expect(problem?.fix == "git push --set-upstream origin main")
    }
}
