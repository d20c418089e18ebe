import Model

/// Looks first: decides from a node's facts whether an operation is still to be done.
struct Looking {
    let memory: Memory
    let run: RunID
    let step: Step
    let steps: [Step]

    enum Decision {
        case act
        case alreadyTrue
        case skip(String)
        case refuse(Problem)
        /// It was begun, and only the next boot tells whether it was done.
        case unclear
        /// An installer may still run; once it has ended, it is unclear how.
        case awaitInstaller(NodeIdentity)
        /// It cannot be told yet: look again.
        case wait(String)
    }

    /// The node whose facts decide, nil when the operation needs no look.
    static func subject(of operation: Operation) -> NodeIdentity? {
        switch operation {
        case .upgrade(let node, _), .install(let node, _), .awaitInstaller(let node),
            .reboot(let node), .rollback(let node), .cordon(let node), .uncordon(let node):
            node
        default: nil
        }
    }

    func decide(_ operation: Operation, _ facts: NodeFacts) -> Decision {
        switch operation {
        case .cordon: cordon(facts)
        case .uncordon: uncordon(facts)
        case .upgrade, .install: install(facts)
        case .reboot: reboot(facts)
        case .rollback: rollback(facts)
        default: .act
        }
    }

    private func cordon(_ facts: NodeFacts) -> Decision {
        // Blindly it might make somebody else's cordon ours, and take it back later.
        guard let seen = facts.kubernetes.value else { return .wait(Self.word(of: facts)) }
        guard seen.isCordoned else { return .act }
        // An abort takes over the cordons of the run that it backs out of.
        return seen.cordonedBy != nil
            ? .alreadyTrue : .skip("somebody else has cordoned it meanwhile; it stays so")
    }

    private func uncordon(_ facts: NodeFacts) -> Decision {
        if memory.outcomes["\(facts.name)/cordon"] == .skipped {
            return .skip("it was not cordoned by this run")
        }
        guard let seen = facts.kubernetes.value else { return .wait(Self.word(of: facts)) }
        // With the mark of a run, also when somebody uncordoned it: the mark has to go.
        if seen.cordonedBy != nil { return .act }
        return seen.isCordoned
            ? .skip("somebody else has cordoned it meanwhile; it stays so") : .alreadyTrue
    }

    private static func word(of facts: NodeFacts) -> String {
        "Kubernetes to tell of \(facts.name)"
    }

    /// Never a second install without a boot between, never one on a node that fell back.
    private func install(_ facts: NodeFacts) -> Decision {
        if let verdict = memory.verdicts[facts.name], verdict != .neverWentDown,
            verdict != .notInstalled
        {
            return .refuse(
                Problem(
                    .stopped,
                    "\(facts.name) was found \(verdict.rawValue) earlier in this run: it is not "
                        + "installed again, or both of its boot slots may end up broken.",
                    fix: "look at its console, then: bump abort"))
        }
        guard let before = memory.intents[step.id] else {
            return facts.machine.value?.version == expectation?.version && isPromised(facts)
                ? .skip("it runs \(expectation?.version.tag ?? "that") already") : take(facts)
        }
        // It was begun before, and it is not known how it ended.
        guard case .perform(.install(let node, _)) = step.action else {
            return upgrade(facts, before)
        }
        if let boot = facts.bootID, boot != before { return .unclear }
        guard facts.machine.value != nil else {
            return .wait("\(facts.name) to answer: an installer may run on it")
        }
        return .awaitInstaller(node)
    }

    /// A node that is away, in another boot or on its way down has heard of it.
    private func upgrade(_ facts: NodeFacts, _ before: String?) -> Decision {
        guard let machine = facts.machine.value, facts.bootID == before else { return .unclear }
        return machine.stage == .running ? .act : .unclear
    }

    private func reboot(_ facts: NodeFacts) -> Decision {
        if let before = memory.bootID(before: facts.name), let boot = facts.bootID, boot != before {
            return .alreadyTrue
        }
        // It was asked for, and the node is away.
        if memory.intents[step.id] != nil, facts.machine.value == nil { return .alreadyTrue }
        return take(facts)
    }

    /// A node is not taken down unseen: in which boot it is tells afterwards what came of it.
    private func take(_ facts: NodeFacts) -> Decision {
        facts.machine.value == nil ? .wait("\(facts.name) to answer") : .act
    }

    /// Done when it was begun and the node is away or in another boot; a repeated call would flip
    /// the slots back again. Not to be done when the node boots the old version anyway.
    private func rollback(_ facts: NodeFacts) -> Decision {
        if let before = memory.intents[step.id] {
            guard let machine = facts.machine.value, facts.bootID == before else {
                return .alreadyTrue
            }
            return machine.stage == .running ? .act : .alreadyTrue
        }
        if rebootsFirst {
            guard let machine = facts.machine.value, machine.stage == .running else {
                return .wait("\(facts.name) to come back")
            }
            if let before = memory.bootID(before: facts.name), facts.bootID == before {
                return .wait("\(facts.name) to reboot")
            }
        }
        let isPrimed = step.gates.contains {
            if case .stillInBoot = $0 { true } else { false }
        }
        if let machine = facts.machine.value, !isPrimed, isBack(machine) {
            return .skip("it runs \(machine.version) already")
        }
        return take(facts)
    }

    /// It runs what the rollback would bring. At the same version the schematic tells.
    private func isBack(_ machine: MachineFacts) -> Bool {
        guard let expectation, machine.version == expectation.version else { return false }
        if expectation.version != expectation.previous { return true }
        return expectation.schematic != expectation.previousSchematic
            && machine.schematic == expectation.schematic
    }

    /// What the node boots is found out by a reboot ahead of this step.
    private var rebootsFirst: Bool {
        steps.contains { other in
            if case .perform(.reboot) = other.action { other.node == step.node } else { false }
        }
    }

    private func isPromised(_ facts: NodeFacts) -> Bool {
        guard let expectation, let machine = facts.machine.value else { return false }
        return expectation.schematic == nil || machine.schematic == expectation.schematic
    }

    /// What this lane promises of the node.
    private var expectation: Expectation? {
        for other in steps {
            if case .prove(let node, let expectation) = other.action, node.name == step.node {
                return expectation
            }
        }
        return nil
    }
}
