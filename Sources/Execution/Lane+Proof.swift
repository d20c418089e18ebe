import Model

extension Lane {
    mutating func proving(
        _ answer: Signal, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard case .prove(let node, let expectation) = steps[position].action else { return [] }
        let judgement = Judgement(
            expectation: expectation, bootBefore: memory.bootID(before: node.name))
        switch answer {
        case .observed(_, .node(let facts)):
            self.facts = facts
            silentLooks = facts.machine.value == nil ? silentLooks + 1 : 0
            if judgement.hasFallenBack(facts) {
                if let install = unclearInstall(of: node, memory) {
                    return installAgain(install, judgement, node, expectation, &memory, at: now)
                }
                return condemn(
                    isRolledBack(node, memory) ? .rolledBack : .fellBack, [], node, expectation,
                    &memory, at: now)
            }
            let missing = judgement.missing(facts)
            if !judgement.lostForGood(facts).isEmpty {
                return condemn(.unhealthy, missing, node, expectation, &memory, at: now)
            }
            if missing.isEmpty && expectation.role == .controlPlane {
                phase = .provingEtcd
                return [.observe(lane: index, .cluster)]
            }
            if missing.isEmpty { return proven(node, expectation, &memory, at: now) }
            return keepWaiting(missing, judgement, node, expectation, &memory, at: now)
        case .observed(_, .cluster(let cluster)):
            phase = .proving
            let missing = judgement.missing(cluster.etcd, of: node.name)
            if missing.isEmpty { return proven(node, expectation, &memory, at: now) }
            return keepWaiting(missing, judgement, node, expectation, &memory, at: now)
        case .waited:
            return [.observe(lane: index, .node(node))]
        default:
            return []
        }
    }

    /// It ran the new version and was not healthy on it: this run has rolled it back, also when it
    /// was killed before it could write so.
    private func isRolledBack(_ node: NodeIdentity, _ memory: Memory) -> Bool {
        let verdict = memory.verdicts[node.name]
        return verdict == .rolledBack || verdict == .unhealthy
    }

    /// The step that installs the node, when nobody knows whether it did, for the first time. A
    /// node that was not installed has not fallen back.
    private func unclearInstall(of node: NodeIdentity, _ memory: Memory) -> Int? {
        // A run may be killed again while it installs once more.
        guard memory.retries[node.name, default: 0] < Self.mostRetries else { return nil }
        switch memory.verdicts[node.name] {
        case nil, .neverWentDown, .unreachable, .notInstalled: break
        // It was seen on the new version: it was installed, whoever brought it back.
        case .fellBack, .unhealthy, .rolledBack: return nil
        }
        return steps.firstIndex { step in
            switch step.action {
            case .perform(.install), .perform(.upgrade):
                step.node == node.name && memory.outcomes[step.id] == .unclear
            default: false
            }
        }
    }

    private static let mostRetries = 3
    private static let looksUntilUnreachable = 4

    /// Goes back to the install, once the node is well on what it ran before.
    private mutating func installAgain(
        _ install: Int, _ judgement: Judgement, _ node: NodeIdentity, _ expectation: Expectation,
        _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard facts?.machine.value?.isReady == true, facts?.kubernetes.value?.isReady == true else {
            let what = "\(node.name) to be ready on \(expectation.previous)"
            if now.elapsed < deadline {
                return word("waiting for \(what)", at: now) + [pause(at: now)]
            }
            // No verdict: it has not fallen back, and may be installed once it is well.
            return fail(
                Problem(
                    .stopped, "Waited in vain for \(what), to install it once more.",
                    fix: "talosctl -n \(node.address) services, then: bump resume"), &memory,
                at: now)
        }
        let record = JournalRecord.verdict(node: node.name, .notInstalled)
        memory.note(record)
        let said = event(
            .progress,
            "\(node.name) runs \(expectation.previous) still: no install on it is known to have "
                + "ended well, so it is installed once more", at: now)
        position = install
        phase = .ready
        return [.record(record), said] + advance(&memory, at: now)
    }

    private mutating func keepWaiting(
        _ missing: [String], _ judgement: Judgement, _ node: NodeIdentity,
        _ expectation: Expectation, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        // One look that gets lost makes no node unreachable.
        let isUnsure = (1..<Self.looksUntilUnreachable).contains(silentLooks)
        if now.elapsed < deadline || isUnsure {
            return word("waiting for \(missing[0])", at: now) + [pause(at: now)]
        }
        let verdict = facts.map(judgement.verdict) ?? .unreachable
        return condemn(verdict, missing, node, expectation, &memory, at: now)
    }

    private mutating func proven(
        _ node: NodeIdentity, _ expectation: Expectation, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        let said = event(.nodeProven, "\(node.name) runs \(expectation.goal)", at: now)
        return [said] + settle(.done, &memory, at: now)
    }

    /// The node did not keep its promise: say what it is, and undo what can be undone.
    private mutating func condemn(
        _ verdict: NodeVerdict, _ missing: [String], _ node: NodeIdentity,
        _ expectation: Expectation, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        let record = JournalRecord.verdict(node: node.name, verdict)
        memory.note(record)
        let recovers = verdict == .unhealthy && expectation.onFailure == .rollback
        if recovers {
            lacking = missing
            enter(.recovering(.askingEtcd), for: .seconds(120), at: now)
            let said = event(
                .progress, "\(node.name) is not healthy on \(expectation.goal); rolling back",
                at: now)
            return [.record(record), said] + askGates()
        }
        let problem = Self.problem(verdict, missing, node, expectation)
        if [.fellBack, .rolledBack].contains(verdict), isCordonedByUs(node, memory) {
            enter(.recovering(.uncordoning), for: .seconds(60), at: now)
            pendingProblem = problem
            return [.record(record), .observe(lane: index, .node(node))]
        }
        return [.record(record)] + fail(problem, &memory, at: now)
    }

    static func problem(
        _ verdict: NodeVerdict, _ missing: [String], _ node: NodeIdentity,
        _ expectation: Expectation
    ) -> Problem {
        let old = expectation.origin
        let details = missing.map { "still missing: \($0)" }
        switch verdict {
        case .fellBack:
            return Problem(
                .stopped, "\(node.name) came back on \(old) instead of \(expectation.goal).",
                at: node.name.text,
                details: ["The new version did not boot, and the node fell back by itself."]
                    + details,
                fix: "talosctl -n \(node.address) dmesg; it will not be installed again in this "
                    + "run: bump abort, then mend the cause")
        case .rolledBack:
            return Problem(
                .stopped,
                "\(node.name) ran \(expectation.goal) but was not healthy; it was rolled back to "
                    + "\(old).",
                at: node.name.text, details: details,
                fix: "it will not be installed again in this run: bump abort, mend the cause, "
                    + "then give the command again")
        case .unhealthy:
            return Problem(
                .stopped, "\(node.name) runs \(expectation.goal) but is not healthy.",
                at: node.name.text, details: details,
                fix: missing.contains { $0.hasPrefix("extension ") }
                    ? "no waiting brings an extension: bump abort"
                    : "talosctl -n \(node.address) services; then bump resume, or bump abort")
        case .unreachable:
            return Problem(
                .stopped, "\(node.name) did not come back: it does not answer at \(node.address).",
                at: node.name.text, details: details,
                fix: "look at the machine's console; when it answers again: bump resume")
        case .neverWentDown, .notInstalled:
            return Problem(
                .stopped, "\(node.name) never went down for \(expectation.goal).",
                at: node.name.text, details: details,
                fix: "talosctl -n \(node.address) events --tail 50, then: bump resume")
        }
    }
}
