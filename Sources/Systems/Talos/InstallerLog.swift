import GRPCCore
import Model
import Synchronization
import TalosAPI

/// What an installer prints while it runs, and how it ended.
///
/// Talos 1.13 sends chunks that are cut anywhere, 1.14 whole lines. The call itself ends well even
/// when the installer did not: only an exit code of 0 means success.
final class InstallerLog: Sendable {
    private struct State {
        var lines = LineAssembler()
        var last: [String] = []
        var exitCode: Int32?
    }

    private let state = Mutex(State())
    private let report: @Sendable (String) -> Void

    /// How many lines are kept to show when it fails.
    private static let kept = 8

    init(report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    func take(_ message: Machine_LifecycleServiceInstallProgress.OneOf_Response?) {
        let fresh = state.withLock { state -> [String] in
            var fresh: [String] = []
            switch message {
            case .message(let text):
                fresh = state.lines.take(text)
            case .exitCode(let code):
                state.exitCode = code
                if let rest = state.lines.finish() { fresh = [rest] }
            case nil:
                break
            }
            state.last = Array((state.last + fresh).suffix(Self.kept))
            return fresh
        }
        for line in fresh { report(line) }
    }

    /// How the installation failed; nil when it is proven to have worked.
    func problem(on node: NodeIdentity) -> Problem? {
        let (code, last) = state.withLock { ($0.exitCode, $0.last) }
        switch code {
        case 0:
            return nil
        case nil:
            return unknownResult(on: node, cause: "the installer gave no exit code")
        case let code?:
            return Problem(
                .stopped, "The installer failed on \(node.name): \(Self.meaning(of: code)).",
                at: node.name.text, details: last,
                fix: "Nothing was rebooted. Read the lines above, then: bump resume",
                causes: ["exit code \(code)"])
        }
    }

    func unknownResult(on node: NodeIdentity, cause: String) -> Problem {
        Problem(
            .unreachable, "Installing on \(node.name): result unknown.", at: node.name.text,
            details: state.withLock(\.last),
            fix: "bump resume; it waits for the installer, which runs to its end by itself",
            causes: [cause])
    }

    /// The exit codes of the installer of Talos 1.14; 1.13 knows only 1.
    private static func meaning(of code: Int32) -> String {
        switch code {
        case 2: "it does not accept its input"
        case 3: "this is not supported"
        case 4: "the machine does not meet its conditions"
        case 5: "something it depends on is missing"
        case 6: "reading or writing failed"
        case 7: "writing the system failed"
        default: "see its last lines"
        }
    }
}

extension CallFailure {
    /// Whether the call may have gone on at the node after we lost it.
    var isLossOfConnection: Bool {
        code == .unavailable || code == .deadlineExceeded || code == .cancelled
    }
}
