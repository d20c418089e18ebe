/// The one shape in which a failure reaches the user.
///
/// The summary is one line and never repeats its cause; the fix is something to type.
package struct Problem: Error, Sendable, Codable, Equatable {
    package var kind: Kind
    /// One line: what happened.
    package var summary: String
    /// Where: `terraform/terraform.tfvars:3:17`, a node, a step. Nil when it is nowhere special.
    package var location: String?
    /// More lines to show under the summary, such as the offending source line and a caret.
    package var details: [String]
    /// What to type or do next, in one sentence or command. Nil when there is nothing to do.
    package var fix: String?
    /// What made it happen, one line each, nearest first. Never a secret.
    package var causes: [String]

    package init(
        _ kind: Kind, _ summary: String, at location: String? = nil, details: [String] = [],
        fix: String? = nil, causes: [String] = []
    ) {
        self.kind = kind
        self.summary = summary
        self.location = location
        self.details = details
        self.fix = fix
        self.causes = causes
    }

    /// The same problem without what looks like a secret.
    package var cleaned: Problem {
        var copy = self
        copy.summary = Redaction.clean(summary)
        copy.details = details.map(Redaction.clean)
        copy.fix = fix.map(Redaction.clean)
        copy.causes = causes.map(Redaction.clean)
        return copy
    }

    /// Decides the exit code.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A run stopped half-way and can be resumed or aborted.
        case stopped
        /// There is something to do, and only that was asked.
        case pending
        /// A check says no; nothing was changed.
        case refused
        /// A machine, the cluster or a service does not answer.
        case unreachable
        /// The command line cannot be understood.
        case usage
        /// A defect of `bump`.
        case bug
        /// The user stopped it.
        case interrupted

        /// The process's exit status (`sysexits.h` for 64 and 70, 128 + SIGINT for 130).
        package var exitCode: Int32 {
            switch self {
            case .stopped: 1
            case .pending: 2
            case .refused: 3
            case .unreachable: 4
            case .usage: 64
            case .bug: 70
            case .interrupted: 130
            }
        }
    }

    /// The same problem with a place, when it has none yet.
    package func located(at place: String) -> Problem {
        var copy = self
        copy.location = copy.location ?? place
        return copy
    }

    /// The same problem as another kind.
    package func asKind(_ kind: Kind) -> Problem {
        var copy = self
        copy.kind = kind
        return copy
    }

    /// Any error as a problem: problems stay themselves, the rest becomes a bug with its text.
    package init(_ error: any Error) {
        if let problem = error as? Problem {
            self = problem
        } else if error is CancellationError {
            self.init(.interrupted, "Interrupted.")
        } else {
            self.init(
                .bug, "Something unexpected happened: \(error)",
                fix: "Please report this, with the command and what it printed.")
        }
    }
}
