import CLibgit2
import Foundation
import Model

/// A name and a password for a server. Secret.
struct Password: Sendable, CustomStringConvertible {
    var user: String
    var secret: String

    /// Without the secret.
    var description: String { user }
}

/// The programs that `credential.helper` names, asked as git asks them.
/// Source: gitcredentials(7), git-credential(1) "INPUT/OUTPUT FORMAT".
struct CredentialHelpers: Sendable {
    private let helpers: [String]
    private let fields: [String]
    private let environment: [String: String]
    private let directory: String

    init(_ handle: Handle, url: String, environment: [String: String]) {
        let address = URLComponents(string: PushSession.withoutSecrets(url))
        let host = (address?.host ?? "") + (address?.port.map { ":\($0)" } ?? "")
        let scheme = address?.scheme ?? "https"
        var helpers: [String] = []
        var user = URLComponents(string: url)?.user
        var usesPath = false
        for (name, value) in handle.settings("credential") {
            guard let key = Self.key(name, scheme: scheme, host: host) else { continue }
            switch key {
            // An empty one takes back those before it.
            case "helper": helpers = value.isEmpty ? [] : helpers + [value]
            case "username": user = user ?? value
            case "usehttppath": usesPath = ["true", "1", "yes", "on"].contains(value.lowercased())
            default: continue
            }
        }
        self.helpers = helpers
        fields =
            ["protocol=" + scheme, "host=" + host]
            + (usesPath ? ["path=" + (address?.path.drop { $0 == "/" } ?? "")] : [])
            + (user.map { ["username=" + $0] } ?? [])
        self.environment = environment
        directory = handle.gitDirectory
    }

    /// The first complete answer; nil when no helper has one.
    func fill() async throws -> Password? {
        for helper in helpers {
            guard let answer = await ask(helper, "get", fields) else { continue }
            var values: [String: String] = [:]
            for line in answer.split(separator: "\n") {
                let parts = line.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
            }
            if values["quit"] == "1" || values["quit"] == "true" { return nil }
            let known = fields.first { $0.hasPrefix("username=") }?.dropFirst("username=".count)
            if let user = values["username"] ?? known.map(String.init),
                let secret = values["password"], !secret.isEmpty
            {
                return Password(user: user, secret: secret)
            }
        }
        return nil
    }

    /// Says how a credential served: `store` or `erase`. A helper that fails is not of interest.
    func tell(_ word: String, _ password: Password) async {
        let others = fields.filter { !$0.hasPrefix("username=") }
        for helper in helpers {
            _ = await ask(
                helper, word,
                others + ["username=" + password.user, "password=" + password.secret])
        }
    }

    /// Why the push cannot go on, with ways out.
    func missing(_ request: PushRequest, _ problem: Problem) -> Problem {
        Problem(
            .refused, "\(request.remote) asks for a password, and no credential helper has one.",
            at: PushSession.withoutSecrets(request.url),
            details: [
                helpers.isEmpty
                    ? "git config credential.helper is not set."
                    : "Asked: \(helpers.joined(separator: ", "))."
            ],
            fix: "git push, which asks you; or set a helper: git config --global "
                + "credential.helper store", causes: problem.causes)
    }

    private func ask(_ helper: String, _ word: String, _ lines: [String]) async -> String? {
        let command =
            if helper.hasPrefix("!") {
                String(helper.dropFirst())
            } else if helper.hasPrefix("/") {
                helper
            } else {
                "git-credential-" + helper
            }
        var inherited = environment
        let folders = [environment["GIT_EXEC_PATH"], environment["PATH"]].compactMap(\.self)
        // Where git keeps the helpers that come with it.
        inherited["PATH"] = (folders + Self.folders).joined(separator: ":")
        // A question on the terminal would be heard by nobody.
        inherited["GIT_TERMINAL_PROMPT"] = "0"
        let outcome = try? await Program(
            path: "/bin/sh", arguments: ["-c", "\(command) \(word)"], environment: inherited,
            directory: directory, input: Data((lines + [""]).joined(separator: "\n").utf8),
            limit: .seconds(60)
        ).run()
        return outcome?.status == 0 ? outcome?.output : nil
    }

    /// `credential.helper` and `credential.https://host.helper` as `helper`, those for other
    /// servers as nil.
    private static func key(_ name: String, scheme: String, host: String) -> String? {
        let rest = name.dropFirst("credential.".count)
        guard let dot = rest.lastIndex(of: ".") else { return String(rest) }
        let place = String(rest[..<dot])
        let parts = place.split(separator: "://", maxSplits: 1)
        let address = (parts.last ?? "").drop { $0 == "/" }
        let wanted = address.prefix { $0 != "/" }
        let bare = wanted.split(separator: "@").last.map(String.init) ?? ""
        guard parts.count < 2 || parts[0] == scheme, bare.isEmpty || bare == host else {
            return nil
        }
        return String(rest[rest.index(after: dot)...])
    }

    private static let folders = [
        "/usr/lib/git-core", "/usr/libexec/git-core", "/usr/local/libexec/git-core",
        "/opt/homebrew/opt/git/libexec/git-core", "/usr/bin", "/bin",
    ]
}
