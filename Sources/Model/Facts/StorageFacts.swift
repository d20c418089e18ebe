/// One object of a storage system, judged by what it reports itself.
package struct StorageFacts: Sendable, Codable, Equatable {
    /// `Longhorn`, `Rook-Ceph`, `CloudNativePG`.
    package var system: String
    /// `volume longhorn-system/pvc-1`.
    package var object: String
    package var verdict: Verdict
    /// Its own words; empty when it is fine.
    package var message: String
    /// What shows more of it.
    package var command: String

    package init(
        system: String, object: String, verdict: Verdict, message: String = "",
        command: String = ""
    ) {
        self.system = system
        self.object = object
        self.verdict = verdict
        self.message = message
        self.command = command
    }

    package enum Verdict: String, Sendable, Codable {
        case fine
        /// It works, and would go on to work without one more node, or it only complains.
        case complaining
        /// It lacks copies or members: another node must not go now.
        case degraded
    }
}
