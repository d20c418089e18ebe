import Foundation
import Git
import Model
import Terraform
import Testing

/// From what is applied to a commit, in repositories of the shapes that people have.
struct SurveyRunTests {
    @Test(arguments: SurveyRepository.all)
    func `outputs are read, another version is planned, applied and committed by itself`(
        _ repository: SurveyRepository
    ) async throws {
        let box = try Sandbox(repository.files)
        try box.commitAll(ignoring: repository.ignored)
        try box.installModules(repository)
        var project = try box.project(variables: repository.settings)
        _ = try await project.apply(directory: repository.directory, within: .seconds(120)) { _ in }
        try await check(try await project.outputs(), of: repository)

        let git = try GitRepository(around: box.root, environment: box.environment)
        var place = try #require(try await project.declaration().talos.value).place
        let isIgnored = try box.git("ls-files", "--", place.file).isEmpty
        let obstacle = try await git.facts(committing: [place.file]).obstacles.first
        #expect(obstacle?.summary.contains("ignored by git") == (isIgnored ? true : nil))
        if isIgnored {
            // As `bump init` does, then the same commit is possible.
            let move = try #require(try project.versionsMove(outOf: [place.file]))
            try #require(move.remarks.isEmpty)
            try move.perform()
            try box.git("add", "--force", move.target)
            try box.git("commit", "--quiet", "--message", "versions")
            project = try box.project(variables: repository.settings)
            place = try #require(try await project.declaration().talos.value).place
            #expect(place.file == move.target)
        }
        let old = repository.talos.text
        let new = old.hasPrefix("v") ? "v1.99.1" : "1.99.1"
        try await project.edit(ValueEdit(place: place, old: old, new: new))
        let word = try await project.review(
            directory: repository.directory, strict: true, within: .seconds(120)
        ) { _ in }
        #expect(word == repository.plan)
        let id = try await git.commit(CommitRequest(paths: [place.file], message: "bump"))
        #expect(try box.git("show", "--name-only", "--format=", id) == place.file)
        let lines = try box.git("show", "--unified=0", "--format=", id).split(separator: "\n")
            .filter { $0.hasPrefix("+") && !$0.hasPrefix("+++") }
        #expect(lines.count == 1 && lines.first?.contains(new) == true, "\(lines)")
        _ = try await project.apply(directory: repository.directory, within: .seconds(120)) { _ in }
        #expect(try await git.facts(committing: [place.file]).obstacles == [])
    }

    private func check(_ outputs: AppliedOutputs, of repository: SurveyRepository) async throws {
        #expect(outputs.applied.nodes.map(\.address.text) == repository.nodes)
        if let names = repository.nodeNames {
            #expect(outputs.applied.nodes.map(\.name.text) == names)
        }
        #expect(outputs.talosconfig?.text == (repository.hasTalosconfig ? "context: c" : nil))
        let kubeconfig = outputs.kubeconfig?.text
        #expect(kubeconfig?.contains("Config") == (repository.hasKubeconfig ? true : nil))
        #expect(!"\(outputs)".contains("context: c"))
    }
}

extension Sandbox {
    /// Makes a git repository of it, with what Terraform leaves behind ignored.
    func commitAll(ignoring lines: [String]) throws {
        let own = [".terraform/", "*.tfstate", "*.tfstate.*"]
        try write(".gitignore", (lines + own).joined(separator: "\n") + "\n")
        try git("init", "--quiet", "--initial-branch=main")
        try git("config", "user.name", "Ann")
        try git("config", "user.email", "ann@example.com")
        try git("config", "commit.gpgsign", "false")
        try git("add", "--all")
        try git("commit", "--quiet", "--message", "first")
    }

    /// What `terraform init` is for where nothing is downloaded.
    func installModules(_ repository: SurveyRepository) throws {
        guard repository.files.values.contains(where: { $0.contains("module \"") }) else { return }
        let directory = root + "/" + repository.directory
        _ = try run(["terraform", "-chdir=" + directory, "init", "-input=false"], input: "")
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        try run(["git", "-C", root] + arguments, input: "").trimmingCharacters(in: .newlines)
    }
}
