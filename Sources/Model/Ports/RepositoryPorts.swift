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
    /// Commits just these paths as they are in the work tree. What else is staged or dirty stays
    /// as it is. Gives the new commit's id; when HEAD already holds these bytes, HEAD's id.
    func commit(_ request: CommitRequest) async throws -> String
    /// Pushes the current branch to its upstream. Gives a word of where to.
    func push() async throws -> String
}
