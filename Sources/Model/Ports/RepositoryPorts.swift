/// Reads the git repository. Throws a `Problem`.
package protocol RepositoryReading: Sendable {
    /// Absolute path of the work tree's root.
    var root: String { get }
    /// HEAD, branch and whatever stands in the way of committing `paths` (relative to the root):
    /// a merge or rebase in progress, ignored, filtered or dirty files, no identity, …
    func facts(committing paths: [String]) async throws -> RepositoryFacts
}

/// Changes the git repository. Throws a `Problem`.
package protocol RepositoryChanging: Sendable {
    /// Commits just these paths: what HEAD holds with the request's edit made in it by `editing`,
    /// or, without an edit, as they are in the work tree. What else is staged or dirty stays as it
    /// is. Gives the new commit's id; when HEAD already holds these bytes, HEAD's id.
    func commit(_ request: CommitRequest, editing: @escaping TextEditing) async throws -> String
    /// Pushes the current branch to its upstream. Gives a word of where to.
    func push() async throws -> String
}

/// Gives the bytes of a file with an edit made in them; bytes that hold the new value already come
/// back as they are. Throws a `Problem` when they hold a third value.
package typealias TextEditing = @Sendable (_ edit: ValueEdit, _ bytes: [UInt8]) throws -> [UInt8]
