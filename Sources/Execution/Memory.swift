package import Model

/// What a run knows of its own past: the fold of its journal.
package struct Memory: Sendable, Equatable {
    package private(set) var outcomes: [String: JournalRecord.Outcome] = [:]
    /// Steps that were begun, with the node's boot id before them when it mattered.
    package private(set) var intents: [String: String?] = [:]
    package private(set) var verdicts: [NodeName: NodeVerdict] = [:]
    /// Nodes on which an install was begun, and what is known of the last one.
    package private(set) var installed: [NodeName: InstallTrace] = [:]
    /// How often a node was found not installed after all, because nobody heard how it ended.
    private(set) var retries: [NodeName: Int] = [:]
    package private(set) var result: RunResult?
    /// The boots before what takes a node down, by the step's own name.
    private var boots: [NodeName: [String: String]] = [:]
    /// The one of them that counts.
    private var bootsBefore: [NodeName: String] = [:]
    /// The last one first.
    private static let takingDown = ["rollback", "reboot", "install", "upgrade"]

    package init(_ records: [JournalRecord] = []) {
        for record in records { note(record) }
    }

    package mutating func note(_ record: JournalRecord) {
        switch record {
        case .begun: result = nil
        case .intent(let step, let bootID):
            intents[step] = .some(bootID)
            if let bootID { note(boot: bootID, before: step) }
            if let node = Self.installed(by: step) {
                installed[node] = InstallTrace(bootID: bootID)
            }
        case .outcome(let step, let outcome):
            outcomes[step] = outcome
            if outcome == .done, let node = Self.installed(by: step) {
                installed[node]?.isComplete = true
            }
        case .verdict(let node, let verdict): note(verdict, on: node)
        case .finished(let end): result = end
        }
    }

    private mutating func note(boot: String, before step: String) {
        guard let slash = step.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
        let name = String(step[step.utf8.index(after: slash)...])
        guard Self.takingDown.contains(name) else { return }
        let node = NodeName(String(step[..<slash]))
        boots[node, default: [:]][name] = boot
        chooseBoot(of: node)
    }

    private mutating func chooseBoot(of node: NodeName) {
        let begun = boots[node] ?? [:]
        bootsBefore[node] = Self.takingDown.lazy.compactMap { begun[$0] }.first
    }

    private mutating func note(_ verdict: NodeVerdict, on node: NodeName) {
        verdicts[node] = verdict
        switch verdict {
        case .neverWentDown:
            // It did not hear what was thought to be heard: the call is to be made once more.
            for name in ["upgrade", "reboot", "rollback"] { outcomes["\(node)/\(name)"] = nil }
        case .notInstalled:
            retries[node, default: 0] += 1
            for name in ["upgrade", "install", "reboot"] {
                outcomes["\(node)/\(name)"] = nil
                intents["\(node)/\(name)"] = nil
                boots[node]?[name] = nil
            }
            chooseBoot(of: node)
        case .fellBack, .unhealthy, .unreachable, .rolledBack: break
        }
    }

    /// The step needs no more work.
    package func isSettled(_ step: String) -> Bool {
        switch outcomes[step] {
        case .done, .skipped, .unclear: true
        case .failed, nil: false
        }
    }

    /// Begun, and how it ended was never written: look first, then act.
    package func isUnclear(_ step: String) -> Bool {
        intents[step] != nil && outcomes[step] == nil
    }

    /// The boot the node was in before this run last took it down; nil when it did not, or it is
    /// not known.
    package func bootID(before node: NodeName) -> String? { bootsBefore[node] }

    /// The cluster whose Lease was taken is being destroyed, or is gone, and that of the new one was
    /// not taken yet.
    package var isBetweenClusters: Bool {
        intents["machines/destroy"] != nil && !isSettled("relock")
    }

    /// Whether something outside the run's own folder may have changed.
    package var hasChangedAnything: Bool {
        !installed.isEmpty
            || intents.keys.contains { step in
                step == "commit" || step == "apply"
                    || (step.contains("/") && !step.hasSuffix("/pull"))
            }
    }

    /// The node on which a step installs; nil when it does not.
    private static func installed(by step: String) -> NodeName? {
        for suffix in ["/upgrade", "/install"] where step.hasSuffix(suffix) {
            return NodeName(String(step.dropLast(suffix.count)))
        }
        return nil
    }
}
