import CLibgit2
import Foundation
import Model

/// One open repository: the calls on it that more than one part needs.
///
/// Opened anew for each piece of work, so that configuration, attributes and references are
/// those of now. Confined to the function that opened it.
final class Handle {
    private let repository: Owned

    /// Opens the repository around `path` by walking up, as git does.
    init(around path: String) throws(GitFailure) {
        guard Libgit2.isStarted else {
            throw GitFailure(code: -1, category: 0, message: "libgit2 does not start")
        }
        repository = try Owned(git_repository_free) {
            git_repository_open_ext($0, path, 0, nil)
        }
    }

    var pointer: OpaquePointer { repository.pointer }

    /// Absolute and without a trailing slash; nil for a bare repository.
    var workTree: String? {
        git_repository_workdir(pointer).map { Handle.trimmed(String(cString: $0)) }
    }

    /// The private folder of this work tree: `.git`, or `.git/worktrees/NAME`.
    var gitDirectory: String {
        git_repository_path(pointer).map { Handle.trimmed(String(cString: $0)) } ?? ""
    }

    /// The folder that all work trees share.
    var commonDirectory: String {
        git_repository_commondir(pointer).map { Handle.trimmed(String(cString: $0)) } ?? ""
    }

    /// Nil on an unborn branch.
    func head() throws(GitFailure) -> git_oid? {
        let unborn = git_repository_head_unborn(pointer)
        try Libgit2.check(unborn)
        if unborn == 1 { return nil }
        var id = git_oid()
        try Libgit2.check(git_reference_name_to_id(&id, pointer, "HEAD"))
        return id
    }

    /// The full name of the branch that HEAD stands for, born or not; nil when detached.
    func branchReference() throws(GitFailure) -> String? {
        let head = try Owned(git_reference_free) { git_reference_lookup($0, pointer, "HEAD") }
        return git_reference_symbolic_target(head.pointer).map { String(cString: $0) }
    }

    func commit(_ id: git_oid) throws(GitFailure) -> Owned {
        var id = id
        return try Owned(git_commit_free) { git_commit_lookup($0, pointer, &id) }
    }

    /// The tree of a commit, or an empty one without a commit.
    func tree(of commit: git_oid?) throws(GitFailure) -> Owned {
        if let commit {
            let found = try self.commit(commit)
            return try Owned(git_tree_free) { git_commit_tree($0, found.pointer) }
        }
        let builder = try Owned(git_treebuilder_free) { git_treebuilder_new($0, pointer, nil) }
        var id = git_oid()
        try Libgit2.check(git_treebuilder_write(&id, builder.pointer))
        return try tree(id)
    }

    func tree(_ id: git_oid) throws(GitFailure) -> Owned {
        var id = id
        return try Owned(git_tree_free) { git_tree_lookup($0, pointer, &id) }
    }

    /// What a tree holds at a path; nil when nothing is there.
    func entry(_ path: String, in tree: Owned) throws(GitFailure) -> TreeEntry? {
        do {
            let entry = try Owned(git_tree_entry_free) {
                git_tree_entry_bypath($0, tree.pointer, path)
            }
            guard let id = git_tree_entry_id(entry.pointer)?.pointee else { return nil }
            return TreeEntry(path: path, id: id, mode: git_tree_entry_filemode(entry.pointer))
        } catch let failure {
            if failure.isNotFound { return nil }
            throw failure
        }
    }

    /// The real index, read from disk.
    func index() throws(GitFailure) -> Owned {
        let index = try Owned(git_index_free) { git_repository_index($0, pointer) }
        try Libgit2.check(git_index_read(index.pointer, 1))
        return index
    }

    /// What is staged at a path; nil when it is not tracked.
    func staged(_ path: String) throws(GitFailure) -> git_index_entry? {
        let index = try index()
        guard let entry = git_index_get_bypath(index.pointer, path, 0) else { return nil }
        var copy = entry.pointee
        copy.path = nil
        return copy
    }

    /// The id that the bytes of the work tree would have, filters of line ends included.
    func hash(ofFile path: String) throws(GitFailure) -> git_oid {
        var id = git_oid()
        try Libgit2.check(
            git_repository_hashfile(&id, pointer, path, GIT_OBJECT_BLOB, path))
        return id
    }

    /// A configured text; nil when it is not set.
    func setting(_ name: String) -> String? {
        guard let config = try? configuration() else { return nil }
        return try? Libgit2.text { git_config_get_string_buf($0, config.pointer, name) }
    }

    /// A configured switch; nil when it is not set.
    func flag(_ name: String) -> Bool? {
        guard let config = try? configuration() else { return nil }
        var value: Int32 = 0
        return git_config_get_bool(&value, config.pointer, name) == 0 ? value != 0 : nil
    }

    /// A configured path with `~` expanded; nil when it is not set.
    func path(_ name: String) -> String? {
        guard let config = try? configuration() else { return nil }
        return try? Libgit2.text { git_config_get_path($0, config.pointer, name) }
    }

    /// All values of a section, the least specific file first: name in lower case but for the part
    /// in the middle, and value.
    func settings(_ section: String) -> [(name: String, value: String)] {
        guard let config = try? configuration(),
            let iterator = try? Owned(
                git_config_iterator_free,
                { git_config_iterator_glob_new($0, config.pointer, "^\(section)\\.") })
        else { return [] }
        var found: [(String, String)] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while found.count < 1000, git_config_next(&entry, iterator.pointer) == 0 {
            guard let entry, let name = entry.pointee.name else { break }
            let value = entry.pointee.value.map { String(cString: $0) } ?? ""
            found.append((String(cString: name), value))
        }
        return found
    }

    private func configuration() throws(GitFailure) -> Owned {
        try Owned(git_config_free) { git_repository_config_snapshot($0, pointer) }
    }

    private static func trimmed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

/// One file of a tree.
struct TreeEntry {
    var path: String
    var id: git_oid
    var mode: git_filemode_t
}
