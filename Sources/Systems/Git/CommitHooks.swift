import CLibgit2
import Foundation
import Model

/// Runs the hooks of a commit as git does: from the root, with an index of their own that holds
/// what will be committed.
/// Source: githooks(5).
struct CommitHooks {
    private let directory: String
    private let root: String
    private let gitDirectory: String
    private var environment: [String: String]
    private let indexFile: String

    init(_ handle: Handle, root: String, environment: [String: String]) {
        directory = Self.folder(handle)
        self.root = root
        gitDirectory = handle.gitDirectory
        indexFile = "\(handle.gitDirectory)/bump-index-\(UUID().uuidString)"
        var inherited = environment
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"] {
            inherited[name] = nil
        }
        inherited["GIT_INDEX_FILE"] = indexFile
        inherited["GIT_EDITOR"] = ":"
        self.environment = inherited
    }

    /// Where the hooks are.
    static func folder(_ handle: Handle) -> String {
        switch handle.path("core.hooksPath") {
        case .some(let path) where path.hasPrefix("/"): path
        case .some(let path): (handle.workTree ?? "") + "/" + path
        case nil: handle.commonDirectory + "/hooks"
        }
    }

    /// The message as the hooks left it.
    /// - Throws: a `Problem` of kind `refused` when a hook says no or changes what is committed.
    func run(_ draft: CommitDraft) async throws -> String {
        let names = ["pre-commit", "prepare-commit-msg", "commit-msg"].filter(isPresent)
        guard !names.isEmpty else { return draft.message }
        let messageFile = gitDirectory + "/COMMIT_EDITMSG"
        defer { try? FileManager.default.removeItem(atPath: indexFile) }
        do {
            try draft.writeIndex(try Handle(around: root), to: indexFile)
            try Data(draft.message.utf8).write(to: URL(fileURLWithPath: messageFile))
        } catch let failure as GitFailure {
            throw failure.problem("prepare an index for the git hooks")
        }
        for name in names {
            let arguments =
                switch name {
                case "prepare-commit-msg": [messageFile, "message"]
                case "commit-msg": [messageFile]
                default: [String]()
                }
            try await run(name, arguments)
        }
        do {
            try draft.checkIndex(at: indexFile)
            let text = try String(contentsOfFile: messageFile, encoding: .utf8)
            let message = try Libgit2.text {
                git_message_prettify($0, text, 0, CommitDraft.commentSign)
            }
            guard !message.isEmpty else { throw CommitDraft.emptyMessage }
            return message
        } catch let failure as GitFailure {
            throw failure.problem("read what the git hooks left")
        }
    }

    /// Tells `post-commit` that there is a new commit; how it ends is of no interest, as with git.
    func runAfterwards() async {
        guard isPresent("post-commit") else { return }
        var real = self
        real.environment["GIT_INDEX_FILE"] = nil
        try? await real.run("post-commit", [])
    }

    private func isPresent(_ name: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: directory + "/" + name)
    }

    private func run(_ name: String, _ arguments: [String]) async throws {
        let hook = directory + "/" + name
        let outcome = try await Program(
            hook: hook, arguments: arguments, environment: environment, root: root
        ).run()
        guard outcome.status != 0 else { return }
        let lines = (outcome.output + outcome.errors).split(separator: "\n").suffix(20)
        throw Problem(
            .refused,
            outcome.status == nil
                ? "The git hook \(name) did not end within ten minutes."
                : "The git hook \(name) refused the commit.",
            at: hook, details: lines.map(String.init),
            fix: "Repair what the hook complains about.")
    }
}
