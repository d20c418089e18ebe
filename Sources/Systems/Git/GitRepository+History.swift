import CLibgit2
package import Foundation
package import Model

/// A commit that a run of `bump` made, known by the trailer in its message.
package struct RunCommit: Sendable, Equatable {
    /// Forty hex digits.
    package var id: String
    package var run: RunID
    /// First line of the message.
    package var subject: String
    /// Committer time, in seconds since 1970.
    package var time: Int64
}

/// What a file was from one commit on.
package struct FileVersion: Sendable, Equatable {
    /// The run that made the commit; nil for one of the user's.
    package var run: RunID?
    package var contents: Data
}

extension GitRepository {
    /// What `path` was in the last `limit` commits of HEAD, newest first, each version once in a row.
    package func versions(of path: String, limit: Int = 500) throws -> [FileVersion] {
        try attempt("read the git history of \(path)") { handle in
            guard try handle.head() != nil else { return [] }
            let walk = try Owned(git_revwalk_free) { git_revwalk_new($0, handle.pointer) }
            try Libgit2.check(
                git_revwalk_sorting(
                    walk.pointer, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue))
            try Libgit2.check(git_revwalk_push_head(walk.pointer))
            var found: [FileVersion] = []
            var last: git_oid?
            var id = git_oid()
            for _ in 0..<max(limit, 0) {
                // A shallow clone ends with an error instead of the end.
                guard git_revwalk_next(&id, walk.pointer) == 0 else { break }
                guard var entry = try handle.entry(path, in: handle.tree(of: id)) else { continue }
                let message = git_commit_message(try handle.commit(id).pointer)
                    .map { String(cString: $0) }
                let run = message.flatMap { Self.trailer(Self.runTrailer, in: $0) }.map {
                    RunID($0)
                }
                if let last, last.isEqual(to: entry.id), !found.isEmpty {
                    // The oldest commit that has these bytes is the one that brought them.
                    found[found.count - 1].run = run
                    continue
                }
                last = entry.id
                let blob = try Owned(git_blob_free) {
                    git_blob_lookup($0, handle.pointer, &entry.id)
                }
                let size = Int(git_blob_rawsize(blob.pointer))
                guard size > 0, let start = git_blob_rawcontent(blob.pointer) else { continue }
                found.append(FileVersion(run: run, contents: Data(bytes: start, count: size)))
            }
            return found
        }
    }

    /// The name of the trailer that ties a commit to a run.
    package static let runTrailer = "Bump-Run"

    /// Commits with a `Bump-Run:` trailer among the last `limit` ones of HEAD, newest first.
    package func runCommits(limit: Int = 2000) throws -> [RunCommit] {
        try attempt("read the git history") { handle in
            guard try handle.head() != nil else { return [] }
            return try Self.runCommits(handle, limit: limit) { git_revwalk_push_head($0) }
        }
    }

    /// The first local branch that holds a commit of `run` among its last ones; nil when none
    /// does.
    package func branch(holding run: RunID) throws -> String? {
        try attempt("read the git branches") { handle in
            let names = try Owned(git_branch_iterator_free) {
                git_branch_iterator_new($0, handle.pointer, GIT_BRANCH_LOCAL)
            }
            for _ in 0..<100 {
                var kind = GIT_BRANCH_LOCAL
                var made: OpaquePointer?
                guard git_branch_next(&made, &kind, names.pointer) == 0, let made else { break }
                defer { git_reference_free(made) }
                guard let text = git_reference_name(made) else { continue }
                let name = String(cString: text)
                let commits = try Self.runCommits(handle, limit: 100) {
                    git_revwalk_push_ref($0, name)
                }
                guard commits.contains(where: { $0.run == run }) else { continue }
                return String(name.dropFirst("refs/heads/".count))
            }
            return nil
        }
    }

    private static func runCommits(
        _ handle: Handle, limit: Int, from start: (OpaquePointer) -> Int32
    ) throws -> [RunCommit] {
        let walk = try Owned(git_revwalk_free) { git_revwalk_new($0, handle.pointer) }
        try Libgit2.check(
            git_revwalk_sorting(
                walk.pointer, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue))
        try Libgit2.check(start(walk.pointer))
        var found: [RunCommit] = []
        var id = git_oid()
        for _ in 0..<max(limit, 0) {
            // A shallow clone ends with an error instead of the end.
            guard git_revwalk_next(&id, walk.pointer) == 0 else { break }
            let commit = try handle.commit(id)
            guard let text = git_commit_message(commit.pointer) else { continue }
            let message = String(cString: text)
            guard let run = Self.trailer(Self.runTrailer, in: message) else { continue }
            let subject = message.split(separator: "\n").first.map(String.init) ?? ""
            found.append(
                RunCommit(
                    id: id.hex, run: RunID(run), subject: subject,
                    time: git_commit_time(commit.pointer)))
        }
        return found
    }

    /// Takes back what a commit did to `paths`, as a new commit of just these paths, on disk too.
    ///
    /// When HEAD holds the earlier bytes already, gives HEAD's id.
    /// - Throws: a `Problem` of kind `refused` when later commits changed the same lines, or the
    ///   files have changes of their own.
    package func revert(_ commit: String, paths: [String], message: String) async throws -> String {
        let isNeeded = try attempt("revert \(commit.prefix(12))") { handle in
            if let obstacle = try survey(handle).standing(in: paths).first { throw obstacle }
            return try restore(handle, from: try Self.id(commit), paths: paths)
        }
        if !isNeeded, let head = try head() { return head }
        return try await self.commit(CommitRequest(paths: paths, message: message))
    }

    /// The value of the last trailer of this name in a commit message.
    static func trailer(_ name: String, in message: String) -> String? {
        message.split(separator: "\n").last { $0.hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Puts the files on disk to what they are after the revert. False when HEAD and the files
    /// are so already.
    private func restore(_ handle: Handle, from id: git_oid, paths: [String]) throws -> Bool {
        guard let head = try handle.head() else { return false }
        let reverted = try handle.commit(id)
        let ours = try handle.commit(head)
        let index = try Owned(git_index_free) {
            git_revert_commit($0, handle.pointer, reverted.pointer, ours.pointer, 0, nil)
        }
        let base = try handle.tree(of: head)
        var isNeeded = false
        for path in paths {
            guard let staged = git_index_get_bypath(index.pointer, path, 0)?.pointee else {
                throw Self.conflict(path, id)
            }
            let inHead = try handle.entry(path, in: base)
            let onDisk = try handle.hash(ofFile: path)
            if onDisk.isEqual(to: staged.id) {
                if inHead.map({ !$0.id.isEqual(to: staged.id) }) ?? true { isNeeded = true }
                continue
            }
            guard let inHead, onDisk.isEqual(to: inHead.id) else {
                throw Problem(
                    .refused, "\(path) has changes that are not committed.", at: path,
                    fix: "git restore --staged --worktree -- \(path)")
            }
            isNeeded = true
            try checkOut(handle, path: path, from: index)
        }
        return isNeeded
    }

    private func checkOut(_ handle: Handle, path: String, from index: Owned) throws {
        var options = git_checkout_options()
        try Libgit2.check(
            git_checkout_options_init(&options, UInt32(GIT_CHECKOUT_OPTIONS_VERSION)))
        options.checkout_strategy =
            GIT_CHECKOUT_FORCE.rawValue | GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH.rawValue
            | GIT_CHECKOUT_DONT_UPDATE_INDEX.rawValue
        try path.withCString { text in
            var line: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(mutating: text)
            try withUnsafeMutablePointer(to: &line) { lines in
                options.paths = git_strarray(strings: lines, count: 1)
                try Libgit2.check(git_checkout_index(handle.pointer, index.pointer, &options))
            }
        }
    }

    private static func conflict(_ path: String, _ id: git_oid) -> Problem {
        Problem(
            .refused, "Later commits changed the same lines of \(path).", at: path,
            fix: "git revert \(id.hex.prefix(12)), and resolve the conflict by hand")
    }
}
