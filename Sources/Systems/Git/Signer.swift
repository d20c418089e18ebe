import CLibgit2
import Foundation
import Model

/// Signs a commit with the user's own program, as `commit.gpgsign` asks for.
/// Source: git `gpg-interface.c`, traced with git 2.39.
struct Signer {
    private enum Format: String { case openpgp, x509, ssh }

    private let format: Format
    private let program: String
    private let key: String
    private let environment: [String: String]
    private let directory: String

    /// Nil when commits are not to be signed.
    init?(_ handle: Handle, environment: [String: String]) throws {
        guard handle.flag("commit.gpgsign") == true else { return nil }
        let name = handle.setting("gpg.format") ?? "openpgp"
        guard let format = Format(rawValue: name) else {
            throw Problem(
                .refused, "git is asked to sign in an unknown format: gpg.format=\(name).",
                fix: "git config gpg.format openpgp")
        }
        self.format = format
        program =
            switch format {
            case .openpgp: handle.path("gpg.openpgp.program") ?? handle.path("gpg.program") ?? "gpg"
            case .x509: handle.path("gpg.x509.program") ?? "gpgsm"
            case .ssh: handle.path("gpg.ssh.program") ?? "ssh-keygen"
            }
        let committer = try Identity(handle, environment: environment, role: "COMMITTER")
        let configured = handle.path("user.signingkey")
        if format == .ssh, configured == nil {
            throw Problem(
                .refused, "Commits shall be signed with SSH, but no key is configured.",
                fix: "git config --global user.signingkey ~/.ssh/id_ed25519.pub")
        }
        key = configured ?? "\(committer.name) <\(committer.email)>"
        self.environment = environment
        directory = handle.gitDirectory
    }

    /// The armored signature of a commit object.
    /// - Throws: a `Problem` of kind `refused` when the program does not sign.
    func signature(of content: String) async throws -> String {
        switch format {
        case .openpgp, .x509: try await armored(content)
        case .ssh: try await ssh(content)
        }
    }

    private func armored(_ content: String) async throws -> String {
        let outcome = try await run(["--status-fd=2", "-bsau", key], input: content)
        guard outcome.status == 0, outcome.errors.contains("[GNUPG:] SIG_CREATED ") else {
            throw failure(outcome)
        }
        return outcome.output
    }

    private func ssh(_ content: String) async throws -> String {
        let literal =
            key.hasPrefix("key::")
            ? String(key.dropFirst(5)) : key.hasPrefix("ssh-") ? key : nil
        var file = key
        if let literal {
            file = directory + "/bump-signing-key-\(UUID().uuidString)"
            try Data((literal + "\n").utf8).write(to: URL(fileURLWithPath: file))
        }
        defer { if literal != nil { try? FileManager.default.removeItem(atPath: file) } }
        // Without a file to sign, the program reads stdin and writes the signature to stdout.
        let outcome = try await run(["-Y", "sign", "-n", "git", "-f", file], input: content)
        guard outcome.status == 0, outcome.output.hasPrefix("-----BEGIN SSH SIGNATURE") else {
            throw failure(outcome)
        }
        return outcome.output
    }

    private func run(_ arguments: [String], input: String) async throws -> Program.Outcome {
        try await Program(
            path: program, arguments: arguments, environment: environment, directory: directory,
            input: Data(input.utf8), limit: .seconds(120)
        ).run()
    }

    private func failure(_ outcome: Program.Outcome) -> Problem {
        Problem(
            .refused, "\(program) did not sign the commit.",
            details: outcome.errors.split(separator: "\n").map(String.init)
                .filter { !$0.hasPrefix("[GNUPG:]") }.suffix(8),
            fix: "Unlock the key and try: git commit --allow-empty -S -m test; "
                + "or do without: git config commit.gpgsign false")
    }
}
