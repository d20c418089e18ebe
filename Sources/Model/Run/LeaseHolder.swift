/// Who holds the Lease `kube-system/bump`, as its `holderIdentity` says: `RUN@HOST/PROCESS`.
///
/// The run and the host are the owner: a run that is taken up again on the same machine, by another
/// process, goes on holding it.
package struct LeaseHolder: Sendable, Codable, Equatable, CustomStringConvertible {
    package var run: RunID
    package var host: String
    package var process: Int32

    package init(run: RunID, host: String, process: Int32) {
        self.run = run
        self.host = host
        self.process = process
    }

    /// Nil when somebody else's program, or another version of this one, wrote it.
    package init?(_ text: String) {
        guard let at = text.firstIndex(of: "@"), let slash = text.lastIndex(of: "/"), at < slash,
            at > text.startIndex, let process = Int32(text[text.index(after: slash)...]),
            process > 0
        else { return nil }
        self.init(
            run: RunID(String(text[..<at])),
            host: String(text[text.index(after: at)..<slash]), process: process)
    }

    package var description: String { "\(run)@\(host)/\(process)" }

    /// What the lock belongs to, whichever process speaks for it.
    package static func owner(in text: String) -> String {
        LeaseHolder(text).map { "\($0.run)@\($0.host)" } ?? text
    }
}

/// The Lease as it was read.
package struct LeaseFacts: Sendable, Equatable {
    /// The `holderIdentity` as it is written.
    package var holder: String
    /// When its time is or was over, seconds since 1970 by the server's clock.
    package var endsAt: Double
    /// By the server's clock, which is the one that counts.
    package var isOver: Bool

    package init(holder: String, endsAt: Double, isOver: Bool) {
        self.holder = holder
        self.endsAt = endsAt
        self.isOver = isOver
    }
}
