import CLibgit2
import Foundation
import Model

extension GitRepository {
    /// Makes an empty repository with the branch `main` at `directory`, which may exist. A
    /// repository that is there already is opened.
    package static func initialise(
        at directory: String, environment: [String: String]
    ) throws -> GitRepository {
        do {
            guard Libgit2.isStarted else {
                throw Problem(.bug, "libgit2 does not start.")
            }
            var options = git_repository_init_options()
            try Libgit2.check(
                git_repository_init_options_init(
                    &options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)))
            options.flags =
                GIT_REPOSITORY_INIT_MKPATH.rawValue | GIT_REPOSITORY_INIT_MKDIR.rawValue
            _ = try "main".withCString { branch in
                options.initial_head = branch
                return try Owned(git_repository_free) {
                    git_repository_init_ext($0, directory, &options)
                }
            }
        } catch let failure as GitFailure {
            throw failure.problem("make a git repository in \(directory)", kind: .refused)
        }
        return try GitRepository(around: directory, environment: environment, verifiesHooks: false)
    }

    /// Commits every file that is not ignored, without hooks and unsigned, for a repository that
    /// `bump` made itself. Without an identity of the user's, `bump lab` is the author.
    package func commitAll(message: String) throws -> String {
        try attempt("commit") { handle in
            let index = try handle.index()
            try Libgit2.check(
                git_index_add_all(index.pointer, nil, GIT_INDEX_ADD_DEFAULT.rawValue, nil, nil))
            try Libgit2.check(git_index_update_all(index.pointer, nil, nil, nil))
            var tree = git_oid()
            try Libgit2.check(git_index_write_tree(&tree, index.pointer))
            try Libgit2.check(git_index_write(index.pointer))
            let draft = CommitDraft(
                head: try handle.head(), reference: try handle.branchReference(), entries: [],
                tree: tree, isInHead: false, message: message + "\n")
            func person(_ role: String) -> Identity {
                (try? Identity(handle, environment: environment, role: role)) ?? .lab
            }
            let content = try draft.content(
                handle, author: person("AUTHOR"), committer: person("COMMITTER"))
            return try draft.record(handle, content: content, signature: nil).hex
        }
    }
}
