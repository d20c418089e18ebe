package import Model

/// What a run knows of its own past: the fold of its journal.
package struct Memory: Sendable, Equatable {
    package private(set) var outcomes: [String: JournalRecord.Outcome] = [:]
    /// Steps that were begun, with the node's boot id before them when it mattered.
    package private(set) var intents: [String: String?] = [:]
    package private(set) var verdicts: [NodeName: NodeVerdict] = [:]
    package private(set) var result: RunResult?

    package init(_ records: [JournalRecord] = []) {
        for record in records { note(record) }
    }

    package mutating func note(_ record: JournalRecord) {
        switch record {
        case .begun: result = nil
        case .intent(let step, let bootID): intents[step] = .some(bootID)
        case .outcome(let step, let outcome): outcomes[step] = outcome
        case .verdict(let node, let verdict):
            verdicts[node] = verdict
            // It did not hear what was thought to be heard: the call is to be made once more.
            guard verdict == .neverWentDown else { return }
            for name in ["upgrade", "reboot", "rollback"] { outcomes["\(node)/\(name)"] = nil }
        case .finished(let end): result = end
        }
    }

    /// The step needs no more work.
    package func isSettled(_ step: String) -> Bool {
        outcomes[step] == .done || outcomes[step] == .skipped
    }

    /// Begun, and how it ended was never written: look first, then act.
    package func isUnclear(_ step: String) -> Bool {
        intents[step] != nil && outcomes[step] == nil
    }

    /// The boot the node was in before this run took it down; nil when it did not, or it is not
    /// known.
    package func bootID(before node: NodeName) -> String? {
        for name in ["upgrade", "install", "reboot", "rollback"] {
            if let boot = intents["\(node)/\(name)"], let boot { return boot }
        }
        return nil
    }

    /// Nodes on which an install was begun.
    package var installed: Set<NodeName> {
        Set(
            intents.keys.compactMap { step in
                for suffix in ["/upgrade", "/install"] where step.hasSuffix(suffix) {
                    return NodeName(String(step.dropLast(suffix.count)))
                }
                return nil
            })
    }

    /// Whether something outside the run's own folder may have changed.
    package var hasChangedAnything: Bool {
        intents.keys.contains { step in
            step == "commit" || (step.contains("/") && !step.hasSuffix("/pull"))
        }
    }
}
