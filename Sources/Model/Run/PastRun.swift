/// A run of the repository, as the history tells of it.
package struct PastRun: Sendable, Equatable {
    package var id: RunID
    /// `talos v1.9.4`.
    package var title: String
    /// How it ended, `open` when it has not, or `unreadable`.
    package var result: String
    /// Seconds since 1970, UTC.
    package var startedAt: Observed<Double>

    package init(id: RunID, title: String, result: String, startedAt: Observed<Double>) {
        self.id = id
        self.title = title
        self.result = result
        self.startedAt = startedAt
    }
}
