/// One line of a run's journal. Intent is written and synced before an act, the outcome after it;
/// an intent without an outcome means: look first, then act.
package enum JournalRecord: Sendable, Codable, Equatable {
    /// The run began (or was taken up again) at this time, seconds since 1970.
    case begun(at: Double)
    /// About to act. `bootID` is the node's boot before an act that ends in a boot.
    case intent(step: String, bootID: String?)
    case outcome(step: String, Outcome)
    /// A node did not keep its promise; kept across resumes so that it is never installed again.
    case verdict(node: NodeName, NodeVerdict)
    case finished(RunResult)

    package enum Outcome: String, Sendable, Codable {
        case done
        /// Was already true; nothing was done.
        case skipped
        case failed
        /// It may have been done: whether it was, the node's next boot tells.
        case unclear
    }
}

/// How a node that was not proven in time was found.
package enum NodeVerdict: String, Sendable, Codable {
    /// Booted, and runs the version it had before.
    case fellBack = "fell-back"
    /// Runs the new version but is not healthy.
    case unhealthy
    /// Does not answer.
    case unreachable
    /// Never went down.
    case neverWentDown = "never-went-down"
    /// Booted on the version it had before, and no install on it is known to have ended well: it
    /// may be installed once more.
    case notInstalled = "not-installed"
    /// Was brought back to the version it had.
    case rolledBack = "rolled-back"
}

/// How a run ended.
package enum RunResult: String, Sendable, Codable {
    case done
    /// Half-way: `resume` or `abort`.
    case stopped
    /// Ended before anything was changed.
    case refused
    /// Backed out of.
    case aborted
}
