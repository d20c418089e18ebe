import CLibgit2
import Foundation
import Model

extension GitRepository {
    /// Pushes the current branch to its upstream.
    ///
    /// Keys come from the SSH agent or from the usual files without a passphrase; a password can
    /// only be part of the URL.
    /// - Returns: where to, such as `origin/main`.
    /// - Throws: a `Problem` of kind `refused` when the other side has commits that are missing
    ///   here or says no, `unreachable` when it does not answer.
    package func push() async throws -> String {
        try attempt("push") { handle in
            guard let reference = try handle.branchReference() else {
                throw Problem(
                    .refused, "HEAD is detached, so there is no branch to push.",
                    fix: "git switch BRANCH")
            }
            let branch = reference.replacing("refs/heads/", with: "", maxReplacements: 1)
            guard let remoteName = handle.setting("branch.\(branch).remote"),
                let upstream = handle.setting("branch.\(branch).merge")
            else {
                throw Problem(
                    .refused, "The branch \(branch) has no upstream to push to.",
                    fix: "git push --set-upstream origin \(branch)")
            }
            let session = PushSession(home: environment["HOME"])
            try session.push(handle, remote: remoteName, refspec: "\(reference):\(upstream)")
            let short = upstream.replacing("refs/heads/", with: "", maxReplacements: 1)
            return "\(remoteName)/\(short)"
        }
    }
}

/// One push, and what its callbacks noted.
final class PushSession {
    /// What the server said of a reference it refused.
    fileprivate var rejection: String?
    fileprivate var attempts = 0
    fileprivate var keys: [String]

    init(home: String?) {
        let folder = (home ?? "") + "/.ssh/"
        keys = ["id_ed25519", "id_ecdsa", "id_rsa"].map { folder + $0 }
            .filter { FileManager.default.isReadableFile(atPath: $0) }
    }

    func push(_ handle: Handle, remote name: String, refspec: String) throws {
        let remote = try Owned(git_remote_free) { git_remote_lookup($0, handle.pointer, name) }
        let url = git_remote_url(remote.pointer).map { String(cString: $0) } ?? name
        var options = git_push_options()
        try Libgit2.check(git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)))
        options.callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        options.callbacks.push_update_reference = { _, status, payload in
            guard let status, let payload else { return 0 }
            let session = Unmanaged<PushSession>.fromOpaque(payload).takeUnretainedValue()
            session.rejection = String(cString: status)
            return 0
        }
        options.callbacks.credentials = { out, _, user, allowed, payload in
            guard let payload else { return -1 }
            let session = Unmanaged<PushSession>.fromOpaque(payload).takeUnretainedValue()
            return session.credential(out, user: user, allowed: allowed)
        }
        let code = refspec.withCString { text in
            var line: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(mutating: text)
            return withUnsafeMutablePointer(to: &line) { lines in
                var refspecs = git_strarray(strings: lines, count: 1)
                return git_remote_push(remote.pointer, &refspecs, &options)
            }
        }
        do {
            try Libgit2.check(code)
        } catch {
            throw problem(error, name, url: Self.withoutSecrets(url))
        }
        if let rejection {
            throw Problem(
                .refused, "\(name) refused the push: \(rejection).",
                fix: "git pull --rebase && git push, or ask who guards the branch.")
        }
    }

    /// Each kind of credential is offered once; then the library is told to give up.
    private func credential(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?,
        user: UnsafePointer<CChar>?, allowed: UInt32
    ) -> Int32 {
        attempts += 1
        guard attempts <= 8 else { return GIT_EAUTH.rawValue }
        let user = user.map { String(cString: $0) } ?? "git"
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return git_credential_username_new(out, user)
        }
        guard allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 else { return GIT_EAUTH.rawValue }
        if !usedAgent {
            usedAgent = true
            if git_credential_ssh_key_from_agent(out, user) == 0 { return 0 }
        }
        guard let key = keys.first else { return GIT_EAUTH.rawValue }
        keys.removeFirst()
        return git_credential_ssh_key_new(out, user, key + ".pub", key, nil)
    }

    private var usedAgent = false

    private func problem(_ failure: GitFailure, _ name: String, url: String) -> Problem {
        switch failure.code {
        case GIT_ENONFASTFORWARD.rawValue:
            Problem(
                .refused, "\(name) has commits that are missing here.",
                fix: "git pull --rebase && git push", causes: [failure.message])
        case GIT_EAUTH.rawValue, GIT_EUSER.rawValue:
            Problem(
                .refused, "\(name) asks for a credential that bump does not have.", at: url,
                fix: "git push", causes: [failure.message])
        case GIT_ECERTIFICATE.rawValue:
            Problem(
                .refused, "The identity of \(name) cannot be verified.", at: url,
                fix: "Connect once by hand to record its host key: git ls-remote \(name)",
                causes: [failure.message])
        default:
            Problem(
                .unreachable, "The push to \(name) failed.", at: url, fix: "git push",
                causes: [failure.message])
        }
    }

    /// The URL without user and password.
    static func withoutSecrets(_ url: String) -> String {
        guard let scheme = url.range(of: "://"),
            let at = url[scheme.upperBound...].prefix(while: { $0 != "/" }).lastIndex(of: "@")
        else { return url }
        return url[..<scheme.upperBound] + String(url[url.index(after: at)...])
    }
}
