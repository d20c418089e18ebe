/// A Kustomization or HelmRelease of Flux.
package struct ReconciliationFacts: Sendable, Codable, Equatable {
    /// `Kustomization` or `HelmRelease`.
    package var kind: String
    package var namespace: String
    package var name: String
    package var isSuspended: Bool
    package var state: State
    /// Of condition Ready, in one line.
    package var message: String

    package init(
        kind: String, namespace: String, name: String, isSuspended: Bool = false,
        state: State = .ready, message: String = ""
    ) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.isSuspended = isSuspended
        self.state = state
        self.message = message
    }

    package enum State: String, Sendable, Codable {
        case ready
        /// It is being applied at this moment, or its new spec was not looked at yet.
        case progressing
        /// The last attempt failed; there will be another.
        case failed
        /// It will not succeed without a change.
        case stalled
    }
}
