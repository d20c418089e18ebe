import ArgumentParser

/// Ends that are no problems. The codes are those of `Problem.Kind`.
enum ExitStatus {
    static let done = ExitCode(0)
    /// There is something to do, and only that was asked.
    static let pending = ExitCode(2)
    /// A check found what would stop an upgrade, and has said so.
    static let refused = ExitCode(3)
}
