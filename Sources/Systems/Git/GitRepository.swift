import CLibgit2
package import Foundation
package import Model

/// A git work tree, through libgit2: no git program is needed.
///
/// Commits hold only the paths that were asked for. Hooks and signing, which the library does
/// not know, are done here the way git does them.
package actor GitRepository: RepositoryReading, RepositoryChanging {
    /// Absolute path of the work tree's root, links resolved, without a trailing slash.
    package nonisolated let root: String
    let environment: [String: String]
    let verifiesHooks: Bool

    /// Opens the repository around `directory` by walking up.
    ///
    /// - Parameters:
    ///   - environment: The process's; hooks and signers inherit it, `GIT_AUTHOR_NAME` and its
    ///     like are read from it.
    ///   - verifiesHooks: False leaves out the hooks, as `git commit --no-verify` does.
    /// - Throws: a `Problem` of kind `refused` when there is no repository, it is bare, it
    ///   belongs to somebody else, or its format is not supported.
    package init(
        around directory: String, environment: [String: String], verifiesHooks: Bool = true
    ) throws {
        let handle: Handle
        do {
            handle = try Handle(around: directory)
        } catch {
            throw error.openProblem(directory)
        }
        guard let root = handle.workTree else {
            throw Problem(
                .refused, "\(directory) is a bare git repository, without files to edit.",
                fix: "git clone \(directory) WORKTREE && cd WORKTREE")
        }
        self.root = root
        self.environment = environment
        self.verifiesHooks = verifiesHooks
    }

    package func facts(committing paths: [String]) async throws -> RepositoryFacts {
        try attempt("read the git repository", or: .refused) { handle in
            RepositoryFacts(
                head: try handle.head()?.hex, branch: try handle.branchReference().map(shortName),
                obstacles: try survey(handle).obstacles(committing: paths),
                pushObstacle: PushRequest.obstacle(handle))
        }
    }

    /// Commits the files of the request as they are in the work tree.
    package func commit(_ request: CommitRequest) async throws -> String {
        try await commit(CommitRequest(paths: request.paths, message: request.message)) { $1 }
    }

    package func commit(
        _ request: CommitRequest, editing: @escaping TextEditing
    ) async throws -> String {
        let draft = try attempt("prepare the commit") { handle in
            if let obstacle = try survey(handle).standing(in: request.paths).first {
                throw obstacle
            }
            return try CommitDraft(handle, request: request, editing: editing)
        }
        return try await finish(draft)
    }

    /// Commit id of HEAD, nil on an unborn branch.
    package func head() throws -> String? {
        try attempt("read HEAD") { try $0.head()?.hex }
    }

    /// The bytes that a commit (HEAD when nil) holds at a path; nil when it holds none there.
    package func contents(of path: String, in commit: String? = nil) throws -> Data? {
        try attempt("read \(path) from git") { handle in
            let id = try commit.map { try Self.id($0) } ?? handle.head()
            guard var entry = try handle.entry(path, in: handle.tree(of: id)) else { return nil }
            let blob = try Owned(git_blob_free) {
                git_blob_lookup($0, handle.pointer, &entry.id)
            }
            let size = Int(git_blob_rawsize(blob.pointer))
            guard size > 0, let start = git_blob_rawcontent(blob.pointer) else { return Data() }
            return Data(bytes: start, count: size)
        }
    }

    /// Runs the rest of a commit: hooks, message, signature, and the move of HEAD.
    func finish(_ draft: CommitDraft) async throws -> String {
        var draft = draft
        if let head = draft.head, draft.isInHead {
            try attempt("update the git index", draft.updateIndex)
            return head.hex
        }
        let hooks = try attempt("look for git hooks") { handle in
            verifiesHooks ? CommitHooks(handle, root: root, environment: environment) : nil
        }
        if let hooks {
            draft.message = try await hooks.run(draft)
            try attempt("prepare the commit", draft.checkUnchanged)
        }
        let names = environment
        let content = try attempt("write the commit") { try draft.content($0, environment: names) }
        let signer = try attempt("read how commits are signed") {
            try Signer($0, environment: names)
        }
        let signature = try await signer?.signature(of: content)
        let id = try attempt("commit") { handle in
            try draft.record(handle, content: content, signature: signature)
        }
        try attempt("update the git index", draft.updateIndex)
        await hooks?.runAfterwards()
        return id.hex
    }

    /// Runs `work` on a fresh handle; failures of the library leave as problems.
    func attempt<Result>(
        _ doing: String, or kind: Problem.Kind = .stopped, _ work: (Handle) throws -> Result
    ) throws -> Result {
        do {
            return try work(try Handle(around: root))
        } catch let failure as GitFailure {
            throw failure.problem(doing, kind: kind)
        }
    }

    func survey(_ handle: Handle) -> Survey {
        Survey(handle: handle, root: root, environment: environment)
    }

    static func id(_ hex: String) throws -> git_oid {
        guard let id = git_oid(hex: hex) else {
            throw Problem(.refused, "\(hex) is not a commit id.", fix: "git log --oneline")
        }
        return id
    }

    private func shortName(_ reference: String) -> String {
        let prefix = "refs/heads/"
        return reference.hasPrefix(prefix) ? String(reference.dropFirst(prefix.count)) : reference
    }
}
