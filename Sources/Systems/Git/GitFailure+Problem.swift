import CLibgit2
import Model

extension GitFailure {
    /// For the user: what was tried, what git says of it.
    func problem(_ doing: String, kind: Problem.Kind = .stopped) -> Problem {
        if isLocked {
            return Problem(
                .refused, "Cannot \(doing): another git process is at work.",
                fix: "Wait for it; when none is running, remove the .lock file it left behind.",
                causes: [message])
        }
        if code == GIT_EOWNER.rawValue { return Self.untrusted("this repository", message) }
        return Problem(kind, "Cannot \(doing).", fix: "git fsck", causes: [message])
    }

    /// For the user: why the repository around `path` does not open.
    func openProblem(_ path: String) -> Problem {
        // 1.5 reports an untrusted owner as a missing setting when no safe.directory exists.
        if code == GIT_EOWNER.rawValue || message.contains("safe.directory") {
            return Self.untrusted(path, message)
        }
        if isNotFound {
            return Problem(
                .refused, "\(path) is not in a git repository.",
                fix: "cd to your infrastructure repository, or make one: "
                    + "git init && git add . && git commit")
        }
        if message.contains("unsupported extension") {
            let name = message.split(separator: " ").last.map(String.init) ?? "extension"
            return Problem(
                .refused, "The git repository uses a format that bump cannot write: \(name).",
                fix: Self.conversion(from: name.lowercased()), causes: [message])
        }
        return Problem(
            .refused, "The git repository at \(path) cannot be read.", fix: "git fsck",
            causes: [message])
    }

    /// What takes a repository out of a format that libgit2 does not know.
    private static func conversion(from name: String) -> String {
        switch name {
        case "extensions.objectformat":
            "Make one with SHA-1 out of it: git init --object-format=sha1 ../NEW && "
                + "git fast-export --all | git -C ../NEW fast-import"
        case "extensions.refstorage": "git refs migrate --ref-format=files"
        case "extensions.worktreeconfig":
            "git config --unset extensions.worktreeConfig, after moving what is in config.worktree"
        case "extensions.relativeworktrees":
            "git worktree repair --no-relative-paths && "
                + "git config --unset extensions.relativeWorktrees"
        case "extensions.preciousobjects": "git config --unset extensions.preciousObjects"
        case "extensions.partialclone":
            "git fetch --refetch --no-filter && git config --unset extensions.partialClone"
        default: "Use a plain clone: git clone --no-local . ../NEW"
        }
    }

    private static func untrusted(_ path: String, _ message: String) -> Problem {
        let place = quotedPath(in: message) ?? path
        return Problem(
            .refused, "The git repository belongs to another user.",
            fix: "git config --global --add safe.directory \(place)", causes: [message])
    }

    private static func quotedPath(in message: String) -> String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[1].hasPrefix("/") else { return nil }
        let path = parts[1]
        return String(path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path)
    }
}
