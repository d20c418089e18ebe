import Model

extension Lane {
    /// Brings a node that runs the new version unhealthily back to the old one.
    mutating func recovering(
        _ stage: Recovery, _ step: Step, _ answer: Signal, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard case .prove(let node, let expectation) = step.action else { return [] }
        switch stage {
        case .askingEtcd:
            return askedEtcd(answer, node, expectation, &memory, at: now)
        case .rollingBack:
            guard case .performed(_, let result) = answer else { return [] }
            if case .failure(let problem) = result {
                return giveUp(
                    "the rollback was refused: \(problem.summary)", node, expectation, &memory,
                    at: now)
            }
            enter(.recovering(.proving), for: step.limit, at: now)
            return [.observe(lane: index, .node(node))]
        case .proving:
            return provingRollback(answer, node, expectation, &memory, at: now)
        case .uncordoning:
            return uncordoning(answer, node, expectation, &memory, at: now)
        }
    }

    /// Somebody else may have cordoned it meanwhile: it is looked at first.
    private mutating func uncordoning(
        _ answer: Signal, _ node: NodeIdentity, _ expectation: Expectation,
        _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        let problem = pendingProblem ?? Self.problem(.unhealthy, [], node, expectation)
        switch answer {
        case .waited:
            return [.observe(lane: index, .node(node))]
        case .observed(_, .node(let facts)):
            guard let seen = facts.kubernetes.value else {
                if now.elapsed < deadline {
                    return word("waiting for Kubernetes to tell of \(node.name)", at: now)
                        + [pause(at: now)]
                }
                return fail(problem, &memory, at: now)
            }
            if seen.cordonedBy != nil { return uncordonForRecovery(node) }
        case .performed(_, .success): break
        default: return fail(problem, &memory, at: now)
        }
        let record = JournalRecord.outcome(step: "\(node.name)/uncordon", .done)
        memory.note(record)
        return [.record(record)] + fail(problem, &memory, at: now)
    }

    /// Cordoned by this run, and not uncordoned yet.
    func isCordonedByUs(_ node: NodeIdentity, _ memory: Memory) -> Bool {
        memory.outcomes["\(node.name)/cordon"] == .done
            && !memory.isSettled("\(node.name)/uncordon")
    }

    private mutating func askedEtcd(
        _ answer: Signal, _ node: NodeIdentity, _ expectation: Expectation,
        _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        if case .waited = answer { return askGates() }
        guard case .observed(_, .cluster(let cluster)) = answer else { return [] }
        if cluster.etcd.value != nil { etcdWasSeen = true }
        if node.role == .controlPlane {
            let blocking = objections(of: cluster.etcd, toRollingBack: node)
            if let first = blocking.first {
                if now.elapsed < deadline {
                    return word("waiting: \(first)", at: now) + [pause(at: now)]
                }
                // A single control plane takes etcd away with it, whether it can be asked or not.
                guard isSinglePlane, !etcdWasSeen else {
                    return giveUp(
                        "rolling it back would be unsafe: \(first)", node, expectation, &memory,
                        at: now)
                }
            }
        }
        enter(.recovering(.rollingBack), for: .seconds(120), at: now)
        rollbackBoot = facts?.bootID
        return [
            .perform(
                lane: index, .rollback(node), limit: .seconds(120), step: "\(node.name)/rollback")
        ]
    }

    /// Its own state is no objection: that is what the rollback is for.
    private func objections(
        of etcd: Observed<EtcdFacts>, toRollingBack node: NodeIdentity
    ) -> [String] {
        guard let facts = etcd.value else {
            return ["etcd does not answer: \(etcd.reason ?? "no reason given")"]
        }
        if facts.members.allSatisfy({ $0.name == node.name.text }) { return [] }
        return facts.objections(toTakingDown: node.name).filter {
            !$0.hasPrefix("\(node.name) is not a member")
        }
    }

    private mutating func provingRollback(
        _ answer: Signal, _ node: NodeIdentity, _ expectation: Expectation,
        _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        if case .waited = answer { return [.observe(lane: index, .node(node))] }
        guard case .observed(_, .node(let facts)) = answer else { return [] }
        let old = Expectation(
            version: expectation.previous, schematic: expectation.previousSchematic, extensions: [],
            role: expectation.role, previous: expectation.version,
            previousSchematic: expectation.schematic, onFailure: .stop)
        let missing = Judgement(expectation: old, bootBefore: rollbackBoot).missing(facts)
        guard missing.isEmpty else {
            if now.elapsed < deadline {
                return word("rolling back, waiting for \(missing[0])", at: now) + [pause(at: now)]
            }
            return giveUp(
                "the rollback did not end well, still missing: \(missing[0])", node, expectation,
                &memory, at: now)
        }
        let record = JournalRecord.verdict(node: node.name, .rolledBack)
        memory.note(record)
        let said = event(
            .nodeRolledBack, "\(node.name) is back on \(expectation.origin)", at: now)
        var problem = Self.problem(.rolledBack, [], node, expectation)
        problem.details = lacking.map { "it lacked: \($0)" }
        if lacking.contains(where: { $0.hasPrefix("extension ") }) {
            problem.fix = "bump abort to take the other nodes back, too"
        }
        if isCordonedByUs(node, memory) {
            pendingProblem = problem
            enter(.recovering(.uncordoning), for: .seconds(60), at: now)
            return [.record(record), said, .observe(lane: index, .node(node))]
        }
        return [.record(record), said] + fail(problem, &memory, at: now)
    }

    private func uncordonForRecovery(_ node: NodeIdentity) -> [Effect] {
        [
            .perform(
                lane: index, .uncordon(node), limit: .seconds(60),
                step: "\(node.name)/uncordon")
        ]
    }

    private mutating func giveUp(
        _ why: String, _ node: NodeIdentity, _ expectation: Expectation, _ memory: inout Memory,
        at now: Moment
    ) -> [Effect] {
        var problem = Self.problem(.unhealthy, [], node, expectation)
        problem.details.append(why)
        return fail(problem, &memory, at: now)
    }
}
