import Model

/// Holds a node against its promise.
///
/// A reboot is not an upgrade: a node is proven only by a new boot id and the target version and
/// the expected schematic and extensions and stage running and ready and Kubernetes Ready and, on
/// a control plane, a healthy etcd member.
struct Judgement {
    let expectation: Expectation
    /// The boot before the node was taken down; nil when it was never known.
    let bootBefore: String?

    /// What is still missing, in the order in which it usually comes true. Empty when proven by
    /// all but etcd, which `missing(etcd:)` judges.
    func missing(_ facts: NodeFacts) -> [String] {
        guard let machine = facts.machine.value else {
            return ["an answer at \(facts.address)"]
        }
        var missing: [String] = []
        if let bootBefore, facts.bootID == bootBefore { missing.append("a new boot") }
        if bootBefore != nil, facts.bootID == nil { missing.append("its boot id to be readable") }
        if machine.version != expectation.version {
            missing.append("\(expectation.version), it runs \(machine.version)")
        }
        if machine.schematic != expectation.schematic, expectsSchematic {
            let runs = machine.schematic?.short ?? "none"
            missing.append("schematic \(expectation.schematic?.short ?? "none"), it runs \(runs)")
        }
        let lost = lost(on: machine)
        if !lost.isEmpty { missing.append("extension \(lost.joined(separator: ", "))") }
        if machine.stage != .running {
            missing.append("stage running, it is \(machine.stage.rawValue)")
        } else if !machine.isReady {
            let unmet = (machine.unmetConditions + machine.troubledServices)
                .joined(separator: "; ")
            missing.append("the machine to be ready" + (unmet.isEmpty ? "" : " (\(unmet))"))
        }
        switch facts.kubernetes {
        case .unknown: missing.append("Kubernetes to tell of it")
        case .known(let seen):
            if !seen.isReady {
                missing.append("Ready in Kubernetes")
            } else if let bootBefore, seen.bootID == bootBefore {
                missing.append("the kubelet's word on the new boot")
            }
        }
        return missing
    }

    /// What etcd still lacks of this control plane.
    func missing(_ etcd: Observed<EtcdFacts>, of name: NodeName) -> [String] {
        guard let facts = etcd.value else { return ["etcd to answer"] }
        guard let member = facts.member(named: name) else {
            return ["its etcd member to be listed"]
        }
        if let trouble = member.trouble { return ["its etcd member to be healthy (\(trouble))"] }
        if member.isLearner { return ["its etcd member to become a voter"] }
        return facts.leader == nil ? ["etcd to have a leader"] : []
    }

    /// Booted anew, finished booting, and runs what it ran before.
    func hasFallenBack(_ facts: NodeFacts) -> Bool {
        guard let machine = facts.machine.value, let boot = facts.bootID, let bootBefore,
            boot != bootBefore, machine.stage == .running
        else { return false }
        if expectation.version != expectation.previous {
            return machine.version == expectation.previous
        }
        return expectsSchematic && expectation.schematic != expectation.previousSchematic
            && machine.schematic == expectation.previousSchematic
    }

    /// Extensions that no waiting will bring: the node is up and well, runs the expected schematic,
    /// and lacks what that should hold. Its list is complete once it boots.
    func lostForGood(_ facts: NodeFacts) -> [String] {
        guard let machine = facts.machine.value, machine.stage == .running, machine.isReady,
            let boot = facts.bootID, let bootBefore, boot != bootBefore,
            machine.version == expectation.version, expectsSchematic,
            machine.schematic == expectation.schematic, facts.kubernetes.value?.isReady == true
        else { return [] }
        return lost(on: machine)
    }

    private func lost(on machine: MachineFacts) -> [String] {
        ExtensionRename.missing(expectation.extensions, in: machine.extensions)
    }

    /// What to call a node whose time is over.
    func verdict(_ facts: NodeFacts) -> NodeVerdict {
        guard let machine = facts.machine.value else { return .unreachable }
        if let bootBefore, facts.bootID == bootBefore { return .neverWentDown }
        if hasFallenBack(facts) || machine.version == expectation.previous,
            machine.version != expectation.version
        {
            return .fellBack
        }
        return .unhealthy
    }

    /// The generic installer carries no schematic, and a node on it reports none.
    private var expectsSchematic: Bool { expectation.schematic != nil }
}
