/// Something that happened in a run: what is shown, streamed under `--json` and kept, without what
/// looks like a secret.
package struct Event: Sendable, Codable, Equatable {
    /// Seconds since 1970, UTC.
    package var time: Double
    package var kind: Kind
    /// The step it belongs to.
    package var step: String?
    package var node: NodeName?
    /// A sentence for people, without a full stop.
    package var message: String
    package var problem: Problem?

    package init(
        time: Double, kind: Kind, step: String? = nil, node: NodeName? = nil, message: String,
        problem: Problem? = nil
    ) {
        self.time = time
        self.kind = kind
        self.step = step
        self.node = node
        self.message = Redaction.clean(message)
        self.problem = problem?.cleaned
    }

    package enum Kind: String, Sendable, Codable {
        case runStarted = "run-started"
        case stageStarted = "stage-started"
        case stepStarted = "step-started"
        /// What a wait waits for, or how far something is.
        case progress
        case stepDone = "step-done"
        case stepSkipped = "step-skipped"
        case stepFailed = "step-failed"
        /// A node kept its whole promise.
        case nodeProven = "node-proven"
        case nodeRolledBack = "node-rolled-back"
        case runDone = "run-done"
        case runStopped = "run-stopped"
        /// Stopped before anything was changed.
        case runRefused = "run-refused"
    }
}
