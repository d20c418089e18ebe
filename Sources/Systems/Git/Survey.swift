import CLibgit2
import Foundation
import Model

/// Looks for what stands in the way of a commit, each finding with its way out.
struct Survey {
    var handle: Handle
    var root: String
    var environment: [String: String]

    /// Everything, dirty files included: before a run has edited anything.
    func obstacles(committing paths: [String]) throws -> [Problem] {
        var found = try standing(in: paths)
        guard found.isEmpty else { return found }
        for path in paths { if let dirty = try dirt(path) { found.append(dirty) } }
        return found
    }

    /// All but dirty files: also true for a commit that follows our own edit.
    func standing(in paths: [String]) throws -> [Problem] {
        var found = [operationInProgress(), identity(), lock()].compactMap(\.self)
        if let unreadable = unreadableIndex() { return found + [unreadable] }
        for path in paths { if let problem = try self.problem(of: path) { found.append(problem) } }
        return found
    }

    private func operationInProgress() -> Problem? {
        let state = git_repository_state(handle.pointer)
        guard state > 0 else { return nil }
        let (name, way) =
            switch state {
            case 1: ("a merge", "git merge --continue, or git merge --abort")
            case 2, 3: ("a revert", "git revert --continue, or git revert --abort")
            case 4, 5: ("a cherry-pick", "git cherry-pick --continue, or git cherry-pick --abort")
            case 6: ("a bisect", "git bisect reset")
            case 7, 8, 9: ("a rebase", "git rebase --continue, or git rebase --abort")
            default: ("a patch series", "git am --continue, or git am --abort")
            }
        return Problem(
            .refused, "The git repository is in the middle of \(name).",
            fix: "Finish it or back out: \(way)")
    }

    private func identity() -> Problem? {
        guard (try? Identity(handle, environment: environment, role: "COMMITTER")) == nil else {
            return nil
        }
        return Problem(
            .refused, "git does not know who you are, so nothing can be committed.",
            fix: "git config --global user.name \"Your Name\" && "
                + "git config --global user.email you@example.com")
    }

    private func lock() -> Problem? {
        let path = handle.gitDirectory + "/index.lock"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return Problem(
            .refused, "Another git process holds the index.", at: path,
            fix: "Wait for it; when none is running: rm \(path)")
    }

    private func unreadableIndex() -> Problem? {
        do {
            _ = try handle.index()
            return nil
        } catch let failure {
            let way =
                if failure.message.contains("sdir") {
                    "git sparse-checkout init --no-sparse-index"
                } else if failure.message.contains("link") {
                    "git update-index --no-split-index"
                } else if failure.message.contains("checksum") {
                    "git config index.skipHash false && git update-index --force-write-index"
                } else {
                    "rm \(handle.gitDirectory)/index && git reset"
                }
            return Problem(
                .refused, "The git index has a format that bump cannot write.", fix: way,
                causes: [failure.message])
        }
    }

    private func problem(of path: String) throws -> Problem? {
        if let problem = nesting(of: path) ?? filter(of: path) { return problem }
        guard FileManager.default.fileExists(atPath: root + "/" + path) else {
            return Problem(
                .refused, "\(path) is missing from the work tree.", at: path,
                fix: "git checkout -- \(path)")
        }
        guard try handle.staged(path) == nil else { return nil }
        var ignored: Int32 = 0
        try Libgit2.check(git_ignore_path_is_ignored(&ignored, handle.pointer, path))
        guard ignored == 0 else {
            return Problem(
                .refused, "\(path) is ignored by git, so a change of it cannot be committed.",
                at: path, details: ["A file that git ignores may be so because it holds secrets."],
                fix: "Track it: git add --force \(path) && git commit -m 'track \(path)'; "
                    + "or leave git out of it: --no-commit")
        }
        return Problem(
            .refused, "\(path) is not tracked by git.", at: path,
            fix: "git add \(path) && git commit -m 'track \(path)'; or use --no-commit")
    }

    private func nesting(of path: String) -> Problem? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, parts.allSatisfy({ !["", ".", "..", ".git"].contains($0) }) else {
            return Problem(
                .refused, "\(path) is not a file of this repository.", at: path,
                fix: "Name a file below \(root).")
        }
        var place = root
        for (index, part) in parts.enumerated() {
            place += "/" + part
            var status = stat()
            guard lstat(place, &status) == 0 else { return nil }
            if status.st_mode & S_IFMT == S_IFLNK {
                return Problem(
                    .refused,
                    "\(path) is reached through a symbolic link, which git does not "
                        + "follow.", at: path,
                    fix: "Work with the file behind the link, or use --no-commit.")
            }
            let isParent = index < parts.count - 1
            if isParent, FileManager.default.fileExists(atPath: place + "/.git") {
                return Problem(
                    .refused, "\(path) is inside a submodule or another repository.", at: path,
                    fix: "Run bump there: cd \(place)")
            }
        }
        return nil
    }

    /// libgit2 runs no clean filters: what git-crypt, git-lfs or sops hide would be committed in
    /// plain text.
    private func filter(of path: String) -> Problem? {
        for name in ["filter", "working-tree-encoding"] {
            var value: UnsafePointer<CChar>?
            guard git_attr_get(&value, handle.pointer, 0, path, name) == 0,
                git_attr_value(value) == GIT_ATTR_VALUE_STRING, let value
            else { continue }
            return Problem(
                .refused,
                "\(path) has the git attribute \(name)=\(String(cString: value)), "
                    + "which bump cannot apply.", at: path,
                details: ["Committing it here would store the bytes unfiltered."],
                fix: "Use --no-commit and commit with git, or take the attribute off the file.")
        }
        return nil
    }

    private func dirt(_ path: String) throws -> Problem? {
        var flags: UInt32 = 0
        let code = git_status_file(&flags, handle.pointer, path)
        if code == 0, flags == 0, try !isHidden(path) { return nil }
        if code < 0, code != GIT_ENOTFOUND.rawValue { try Libgit2.check(code) }
        if flags & UInt32(GIT_STATUS_CONFLICTED.rawValue) != 0 {
            return Problem(
                .refused, "\(path) has merge conflicts.", at: path,
                fix: "Resolve them, then: git add \(path) && git commit")
        }
        // Before the first commit, everything is: there is nothing it could differ from.
        if flags == GIT_STATUS_INDEX_NEW.rawValue, try handle.head() == nil { return nil }
        let isStaged = flags & 0b11111 != 0
        return Problem(
            .refused,
            "\(path) has changes that are not committed\(isStaged ? " (staged)" : "").", at: path,
            fix: "git commit -m 'your words' -- \(path); or put it back: "
                + "git restore --staged --worktree -- \(path)")
    }

    /// True when a flag on the index entry keeps git from noticing that the file was edited.
    private func isHidden(_ path: String) throws -> Bool {
        guard let entry = try handle.staged(path) else { return false }
        let assumed = entry.flags & UInt16(GIT_INDEX_ENTRY_VALID.rawValue) != 0
        let skipped =
            entry.flags_extended & UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue) != 0
        guard assumed || skipped else { return false }
        return try !handle.hash(ofFile: path).isEqual(to: entry.id)
    }
}
