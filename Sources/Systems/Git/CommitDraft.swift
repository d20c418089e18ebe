import CLibgit2
import Model

/// A commit of some paths on top of HEAD, as values: made at one moment, written at a later one.
///
/// Its tree is HEAD's with just these paths replaced, so what else is staged stays out of it.
struct CommitDraft {
    /// What HEAD was; nil on an unborn branch. HEAD moves only if it still is.
    var head: git_oid?
    /// The branch to move, nil when HEAD is detached.
    var reference: String?
    var entries: [TreeEntry]
    /// What is to be staged afterwards, path by path: the commit's, unless somebody staged more.
    var staged: [TreeEntry]
    /// What the files were, filters applied.
    var files: [TreeEntry]
    var tree: git_oid
    /// True when HEAD holds exactly these bytes already.
    var isInHead: Bool
    var message: String

    init(
        head: git_oid?, reference: String?, entries: [TreeEntry], tree: git_oid, isInHead: Bool,
        message: String
    ) {
        self.head = head
        self.reference = reference
        self.entries = entries
        staged = entries
        files = entries
        self.tree = tree
        self.isInHead = isInHead
        self.message = message
    }

    /// Makes the request's edit in what HEAD holds, or takes the bytes of the work tree; line-end
    /// filters are applied.
    init(_ handle: Handle, request: CommitRequest, editing: @escaping TextEditing) throws {
        head = try handle.head()
        reference = try handle.branchReference()
        let base = try handle.tree(of: head)
        entries = []
        staged = []
        files = []
        isInHead = head != nil
        for path in request.paths {
            let old = try handle.entry(path, in: base)
            var id = git_oid()
            try Libgit2.check(git_blob_create_from_workdir(&id, handle.pointer, path))
            let file = id
            var next = id
            if let edit = request.edit, edit.place.file == path, let old {
                let draft = EditedBlob(handle: handle, edit: edit, editing: editing)
                try draft.checkFile()
                id = try draft.ofHead(old.id)
                next = try draft.ofIndex(head: old.id, committed: id)
            }
            let mode =
                try old?.mode ?? handle.staged(path).map { git_filemode_t(rawValue: $0.mode) }
                ?? GIT_FILEMODE_BLOB
            if old.map({ !$0.id.isEqual(to: id) }) ?? true { isInHead = false }
            entries.append(TreeEntry(path: path, id: id, mode: mode))
            staged.append(TreeEntry(path: path, id: next, mode: mode))
            files.append(TreeEntry(path: path, id: file, mode: mode))
        }
        tree = try Self.tree(handle, base: base, entries: entries)
        message = try Libgit2.text {
            git_message_prettify($0, request.message, 0, Self.commentSign)
        }
        guard !message.isEmpty else { throw Self.emptyMessage }
    }

    /// The commit object's text, unsigned.
    func content(_ handle: Handle, environment: [String: String]) throws -> String {
        try content(
            handle, author: Identity(handle, environment: environment, role: "AUTHOR"),
            committer: Identity(handle, environment: environment, role: "COMMITTER"))
    }

    func content(_ handle: Handle, author: Identity, committer: Identity) throws -> String {
        let tree = try handle.tree(self.tree)
        let parent = try head.map { try handle.commit($0) }
        var parents: [OpaquePointer?] = parent.map { [$0.pointer] } ?? []
        defer { withExtendedLifetime(parent) {} }
        return try author.withSignature { author throws(GitFailure) in
            try committer.withSignature { committer throws(GitFailure) in
                try Libgit2.text {
                    git_commit_create_buffer(
                        $0, handle.pointer, author, committer, nil, message, tree.pointer,
                        parents.count, &parents)
                }
            }
        }
    }

    /// Writes the commit object and moves HEAD to it, if HEAD is still what it was.
    func record(_ handle: Handle, content: String, signature: String?) throws -> git_oid {
        var id = git_oid()
        try Libgit2.check(
            git_commit_create_with_signature(&id, handle.pointer, content, signature, nil))
        let subject = message.split(separator: "\n").first.map(String.init) ?? ""
        guard let head else {
            guard let reference else { throw Self.moved }
            let log = "commit (initial): \(subject)"
            _ = try Owned(git_reference_free) {
                git_reference_create($0, handle.pointer, reference, &id, 0, log)
            }
            return id
        }
        let current = try Owned(git_reference_free) { git_repository_head($0, handle.pointer) }
        let name = git_reference_name(current.pointer).map { String(cString: $0) }
        guard let target = git_reference_target(current.pointer), target.pointee.isEqual(to: head),
            name == (reference ?? "HEAD")
        else { throw Self.moved }
        var result: OpaquePointer?
        let code = git_reference_set_target(&result, current.pointer, &id, "commit: \(subject)")
        git_reference_free(result)
        if code == GIT_EMODIFIED.rawValue { throw Self.moved }
        try Libgit2.check(code)
        return id
    }

    /// Makes the real index agree with the commit for these paths; the rest of it stays, and so
    /// does what somebody else staged in them.
    func updateIndex(_ handle: Handle) throws {
        let index = try handle.index()
        var isChanged = false
        for entry in staged {
            if let staged = git_index_get_bypath(index.pointer, entry.path, 0)?.pointee,
                staged.id.isEqual(to: entry.id), staged.mode == entry.mode.rawValue
            {
                continue
            }
            isChanged = true
            if let now = try? handle.hash(ofFile: entry.path), now.isEqual(to: entry.id) {
                try Libgit2.check(git_index_add_bypath(index.pointer, entry.path))
            } else {
                try Self.add(entry, to: index)
            }
        }
        if isChanged { try Libgit2.check(git_index_write(index.pointer)) }
    }

    /// Throws when the files are no longer the ones that were taken.
    func checkUnchanged(_ handle: Handle) throws {
        for entry in files where try !handle.hash(ofFile: entry.path).isEqual(to: entry.id) {
            throw Self.changed(entry.path)
        }
    }

    /// A separate index file that holds what the commit will, for hooks to look at.
    func writeIndex(_ handle: Handle, to file: String) throws {
        let index = try Owned(git_index_free) { git_index_open($0, file) }
        let tree = try handle.tree(self.tree)
        try Libgit2.check(git_index_read_tree(index.pointer, tree.pointer))
        try Libgit2.check(git_index_write(index.pointer))
    }

    /// Throws when a hook staged something else for these paths.
    func checkIndex(at file: String) throws {
        let index = try Owned(git_index_free) { git_index_open($0, file) }
        for entry in entries {
            guard let staged = git_index_get_bypath(index.pointer, entry.path, 0)?.pointee,
                staged.id.isEqual(to: entry.id)
            else { throw Self.changed(entry.path) }
        }
    }

    /// `#`, unused as long as comments are kept.
    static let commentSign: CChar = 35

    static let emptyMessage = Problem(
        .refused, "The commit message is empty.",
        fix: "Repair the git hook that empties it: prepare-commit-msg or commit-msg")

    private static let moved = Problem(
        .refused, "HEAD moved while the commit was being made.",
        fix: "Look at it: git log")

    private static func changed(_ path: String) -> Problem {
        Problem(
            .refused, "A git hook changed \(path) while it was being committed.", at: path,
            fix: "Let the hook change it now: git diff -- \(path) && git commit -- \(path)")
    }

    private static func tree(
        _ handle: Handle, base: Owned, entries: [TreeEntry]
    ) throws -> git_oid {
        var result = git_tree_id(base.pointer)?.pointee ?? git_oid()
        for entry in entries {
            let tree = try handle.tree(result)
            try entry.path.withCString { path in
                var update = git_tree_update(
                    action: GIT_TREE_UPDATE_UPSERT, id: entry.id, filemode: entry.mode, path: path)
                try Libgit2.check(
                    git_tree_create_updated(&result, handle.pointer, tree.pointer, 1, &update))
            }
        }
        return result
    }

    private static func add(_ entry: TreeEntry, to index: Owned) throws {
        try entry.path.withCString { path in
            var staged = git_index_entry()
            staged.id = entry.id
            staged.mode = entry.mode.rawValue
            staged.path = path
            try Libgit2.check(git_index_add(index.pointer, &staged))
        }
    }
}
