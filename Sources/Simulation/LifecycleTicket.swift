/// What `LifecycleService.Upgrade` is going to stream.
package struct LifecycleTicket: Sendable, Codable, Equatable {
    /// Lines of the installer with the time at which each is due, in order.
    package var lines: [Line]
    /// Nil when the stream ends without one (`lost-stream`): the installer then runs on unseen.
    package var exitCode: Int32?
    /// When the exit code is due, or the stream breaks.
    package var endsAt: Duration

    /// One line, without its newline.
    package struct Line: Sendable, Codable, Equatable {
        package var dueAt: Duration
        package var text: String
    }
}
