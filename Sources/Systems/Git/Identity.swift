import CLibgit2
import Model

/// Who commits, by git's rules: environment, then `author.name`, then `user.name`, `EMAIL` last.
/// Source: git `Documentation/config/user.txt`, git-commit(1) "COMMIT INFORMATION".
struct Identity {
    var name: String
    var email: String

    /// Stands in for a missing identity in repositories that `bump lab` makes.
    static let lab = Identity(name: "bump lab", email: "lab@bump.invalid")

    /// - Parameter role: `AUTHOR` or `COMMITTER`.
    /// - Throws: `GitFailure` when a part is missing, empty or of no use.
    init(_ handle: Handle, environment: [String: String], role: String) throws(GitFailure) {
        let section = role.lowercased()
        func first(_ candidates: String?...) -> String {
            candidates.lazy.compactMap(\.self).first { !$0.isEmpty } ?? ""
        }
        name = first(
            environment["GIT_\(role)_NAME"], handle.setting("\(section).name"),
            handle.setting("user.name"))
        email = first(
            environment["GIT_\(role)_EMAIL"], handle.setting("\(section).email"),
            handle.setting("user.email"), environment["EMAIL"])
        try withSignature { _ in }
    }

    private init(name: String, email: String) {
        self.name = name
        self.email = email
    }

    /// Lends the signature of now.
    func withSignature<Result>(
        _ body: (UnsafePointer<git_signature>) throws(GitFailure) -> Result
    ) throws(GitFailure) -> Result {
        var made: UnsafeMutablePointer<git_signature>?
        try Libgit2.check(git_signature_now(&made, name, email))
        defer { git_signature_free(made) }
        guard let made else {
            throw GitFailure(code: -1, category: 0, message: "no signature")
        }
        return try body(UnsafePointer(made))
    }
}
