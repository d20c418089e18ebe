import CLibgit2
import Foundation
import Model

/// One push, and what its callbacks noted.
final class PushSession {
    /// Which servers are believed to be what they say.
    struct Trust {
        /// A file of certificates, in place of the system's.
        var authorities: String?
        var verifies = true
    }

    /// What the server said of a reference it refused.
    private var rejection: String?
    /// What programs at the other end said, at most 4 KiB.
    private var words = ""
    private var attempts = 0
    /// An agent answers, and was not asked yet.
    private var hasAgent: Bool
    private var keys: [String]
    private let trust: Trust
    private var password: Password?
    /// The server asked for a name and a password that nobody here has, or took none of them.
    private(set) var wantsPassword = false

    init(_ environment: [String: String], trust: Trust, password: Password? = nil) {
        let folder = (environment["HOME"] ?? "") + "/.ssh/"
        // The library gives up for good when it asks an agent that is not there.
        hasAgent = environment["SSH_AUTH_SOCK"].map(Self.answers) ?? false
        keys = ["id_ed25519", "id_ecdsa", "id_rsa"].map { folder + $0 }
            .filter { FileManager.default.isReadableFile(atPath: $0) }
        self.trust = trust
        self.password = password
    }

    func push(_ handle: Handle, _ request: PushRequest) throws {
        if let file = trust.authorities {
            guard git_bump_set_tls_authorities(file, nil) == 0 else { throw Self.unreadable(file) }
        }
        let remote = try Owned(git_remote_free) {
            git_remote_lookup($0, handle.pointer, request.remote)
        }
        var options = git_push_options()
        try Libgit2.check(git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)))
        options.proxy_opts.type = GIT_PROXY_AUTO
        listen(&options.callbacks)
        let code = request.refspec.withCString { text in
            var line: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(mutating: text)
            return withUnsafeMutablePointer(to: &line) { lines in
                var refspecs = git_strarray(strings: lines, count: 1)
                return git_remote_push(remote.pointer, &refspecs, &options)
            }
        }
        do {
            try Libgit2.check(code)
        } catch {
            throw problem(error, request)
        }
        if let rejection { throw refusal(rejection, request.remote) }
    }

    private func listen(_ callbacks: inout git_remote_callbacks) {
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.push_update_reference = { _, status, payload in
            guard let status, let session = PushSession.session(payload) else { return 0 }
            session.rejection = String(cString: status)
            return 0
        }
        callbacks.sideband_progress = { bytes, count, payload in
            guard let bytes, let session = PushSession.session(payload) else { return 0 }
            let part = UnsafeRawBufferPointer(start: bytes, count: Int(max(count, 0)))
            if session.words.utf8.count < 4096 {
                session.words += String(decoding: part.prefix(4096), as: UTF8.self)
            }
            return 0
        }
        callbacks.credentials = { out, _, user, allowed, payload in
            PushSession.session(payload)?.credential(out, user: user, allowed: allowed) ?? -1
        }
        // Only when it is turned off: without this, the library judges by itself.
        if !trust.verifies { callbacks.certificate_check = { _, _, _, _ in 0 } }
    }

    private static func session(_ payload: UnsafeMutableRawPointer?) -> PushSession? {
        payload.map { Unmanaged<PushSession>.fromOpaque($0).takeUnretainedValue() }
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
        if allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 {
            if hasAgent {
                hasAgent = false
                if git_credential_ssh_key_from_agent(out, user) == 0 { return 0 }
            }
            guard let key = keys.first else { return GIT_EAUTH.rawValue }
            keys.removeFirst()
            return git_credential_ssh_key_new(out, user, key + ".pub", key, nil)
        }
        guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0 else {
            return GIT_EAUTH.rawValue
        }
        guard let offered = password else {
            wantsPassword = true
            return GIT_EAUTH.rawValue
        }
        password = nil
        return git_credential_userpass_plaintext_new(out, offered.user, offered.secret)
    }

    private static func unreadable(_ file: String) -> Problem {
        Problem(
            .refused, "The certificates of the authorities in \(file) cannot be read.", at: file,
            fix: "Correct it: git config http.sslCAInfo FILE, or GIT_SSL_CAINFO where that is set")
    }

    /// The server was reached, and does not take it.
    private func refusal(_ reason: String, _ remote: String) -> Problem {
        let isBehind = ["fetch first", "non-fast-forward", "stale info"].contains {
            reason.contains($0)
        }
        let lines = words.split(whereSeparator: \.isNewline).map { "  \(remote): \($0)" }
        return Problem(
            .refused, "\(remote) refused the push: \(reason).",
            details: lines.suffix(12).map(Self.printable),
            fix: isBehind
                ? "git pull --rebase && git push"
                : "Do what its words ask for, or push to a branch of your own: "
                    + "git push \(remote) HEAD:refs/heads/bump")
    }

    private func problem(_ failure: GitFailure, _ request: PushRequest) -> Problem {
        let (name, url) = (request.remote, Self.withoutSecrets(request.url))
        let isHTTP = url.hasPrefix("http")
        switch failure.code {
        case GIT_ENONFASTFORWARD.rawValue:
            return Problem(
                .refused, "\(name) has commits that are missing here.",
                fix: "git pull --rebase && git push", causes: [failure.message])
        case GIT_EAUTH.rawValue, GIT_EUSER.rawValue:
            return Problem(
                .refused, "\(name) asks for a credential that bump does not have.", at: url,
                details: isHTTP
                    ? []
                    : ["Keys come from the SSH agent, or from ~/.ssh/id_* without passphrase."],
                fix: isHTTP ? "git push" : "ssh-add ~/.ssh/KEY, or push by hand: git push",
                causes: [failure.message])
        case GIT_ECERTIFICATE.rawValue:
            return Problem(
                .refused, "The identity of \(name) cannot be verified.", at: url,
                fix: isHTTP
                    ? "git config http.sslCAInfo FILE, with the certificate of its authority"
                    : "Connect once by hand to record its host key: git ls-remote \(name)",
                causes: [failure.message])
        default:
            return Problem(
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

    /// Whether somebody listens at a socket of the file system.
    private static func answers(_ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard !path.isEmpty, path.utf8.count < room else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        #if canImport(Darwin)
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #else
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Without what would move the cursor.
    private static func printable(_ text: String) -> String {
        text.filter { $0.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } }
    }
}
