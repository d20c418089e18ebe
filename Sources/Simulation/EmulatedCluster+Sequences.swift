package import Model

extension EmulatedCluster {
    /// `MachineService.Reboot`: boots the default slot. No cordon, no drain. Gives the actor id.
    package mutating func reboot(
        _ node: NodeName, mode: RebootMode = .standard, by: String
    ) throws(CallRefusal) -> String {
        let machine = try answering(node)
        let actor = generator.uuid()
        guard isFree(machine, for: .reboot) else {
            refuseSequence("reboot", actor: actor, on: node)
            return actor
        }
        takeOver(node, with: .reboot, actor: actor, by: by)
        emit(.sequence("reboot", .start, error: nil), on: node)
        setStage(.rebooting, isReady: false, on: node)
        if mode != .force { schedule(.stopServices, on: node, after: .milliseconds(300)) }
        schedule(.goDown, on: node, after: Pace.goingDown)
        return actor
    }

    /// `MachineService.Shutdown`: drains, then stays off until it is healed.
    package mutating func shutdown(_ node: NodeName, by: String) throws(CallRefusal) {
        try requireAnswer(of: node)
        takeOver(node, with: .shutdown, actor: generator.uuid(), by: by)
        emit(.sequence("shutdown", .start, error: nil), on: node)
        setStage(.shuttingDown, isReady: false, on: node)
        startOwnDrain(on: node)
        settle()
    }

    /// `MachineService.Rollback`: makes the other slot the boot default and reboots, taking over
    /// whatever runs. No drain, no etcd check.
    package mutating func rollback(_ node: NodeName, by: String) throws(CallRefusal) {
        let machine = try answering(node)
        let target = machine.slots.active.other
        guard machine.slots[target] != nil, machine.slots.fallback != nil else {
            throw CallRefusal(
                .unknown, "cannot rollback to \"\(target.rawValue)\", label does not exist")
        }
        takeOver(node, with: .rollback, actor: "", by: by)
        machines.set(\.slots.active, of: node, to: target)
        machines.set(\.slots.fallback, of: node, to: target.other)
        machines.set(\.isPrimed, of: node, to: false)
        machines.set(\.hasFallbackMarker, of: node, to: false)
        record(
            .rolledBack, on: node, by: by, detail: machine.slots[target]?.version.tag ?? "")
        emit(.sequence("reboot", .start, error: nil), on: node)
        setStage(.rebooting, isReady: false, on: node)
        schedule(.stopServices, on: node, after: .milliseconds(300))
        schedule(.goDown, on: node, after: Pace.goingDown)
    }

    /// Whether a new sequence may take the lock. Source: the take-over table of the Talos
    /// sequencer: a boot gives way to a reboot or an upgrade, a reboot to a reboot, an upgrade to
    /// nothing.
    func isFree(_ machine: Machine, for wanted: MachineSequence) -> Bool {
        switch machine.sequence {
        case nil, .boot: true
        case .reboot: wanted == .reboot
        default: false
        }
    }

    /// The call was answered well; only the event tells that nothing is going to happen.
    mutating func refuseSequence(_ name: String, actor: String, on node: NodeName) {
        guard keepsFeeds else { return }
        let error = MachineEvent.SequenceError(
            code: .locked, message: "failed to acquire lock: sequence is locked")
        machineEventRings[node, default: MachineEventRing()].append(
            .sequence(name, .noop, error: error), actorID: actor, at: now)
    }

    mutating func takeOver(
        _ node: NodeName, with sequence: MachineSequence, actor: String, by: String
    ) {
        machines.update(node) { $0.epoch += 1 }
        machines.set(\.sequence, of: node, to: sequence)
        machines.set(\.actorID, of: node, to: actor)
        machines.set(\.sequenceBy, of: node, to: by)
        machines.set(\.installerEndsAt, of: node, to: nil)
        machines.set(\.power, of: node, to: .goingDown)
        changed(.machine(node))
    }

    // MARK: The node's own drain

    /// Cordons the node unless somebody did, and begins to evict.
    mutating func startOwnDrain(on node: NodeName) {
        emit(.phase("drain", isStart: true), on: node)
        emit(.task("cordonAndDrainNode", isStart: true), on: node)
        let isShutdown = machines[node]?.sequence == .shutdown
        guard apiIsAvailable, let known = nodes[node] else {
            if isShutdown {
                schedule(.goDown, on: node, after: Pace.goingDown)
            } else {
                machines.set(\.drainDeadline, of: node, to: .zero)
                schedule(.drain, on: node, after: .seconds(60))
            }
            return
        }
        if !known.isCordoned {
            nodes[node]?.annotations[ClusterNode.talosCordon] = "true"
            setCordon(node, true, by: "talos")
        }
        machines.set(\.drainDeadline, of: node, to: now + Pace.ownDrain)
        machines.set(\.nextEvictionAt, of: node, to: now)
        drainTick(on: node)
    }

    /// Evicts what a node drains by itself and comes back until nothing is left or time is up.
    mutating func drainTick(on node: NodeName) {
        guard let machine = machines[node] else { return }
        if machine.drainDeadline == .zero { return failDrain(on: node) }
        let pending = (podsByNode[node] ?? []).filter { uid in
            guard let pod = pods[uid] else { return false }
            return !pod.isMirror && !pod.isDaemon && pod.owner != nil
                && (pod.phase == .running || pod.phase == .pending)
        }
        guard !pending.isEmpty, now < machine.drainDeadline, apiIsAvailable else {
            emit(.task("cordonAndDrainNode", isStart: false), on: node)
            emit(.phase("drain", isStart: false), on: node)
            if machine.sequence == .shutdown {
                schedule(.stopServices, on: node, after: .milliseconds(200))
                schedule(.goDown, on: node, after: Pace.goingDown)
            } else {
                schedule(.stopServices, on: node, after: .milliseconds(200))
            }
            return
        }
        if now >= machine.nextEvictionAt {
            machines.set(\.nextEvictionAt, of: node, to: now + Pace.evictionRetry)
            for uid in pending where pods[uid, \.isTerminating] == false {
                _ = evict(uid: uid, by: "talos")
            }
        }
        let isWaiting = pending.contains { pods[$0, \.isTerminating] == true }
        let next = machines[node, \.nextEvictionAt] ?? now
        let retry = min(next, machine.drainDeadline)
        schedule(
            .drain, on: node,
            after: isWaiting ? min(retry - now, Pace.podStop) : retry - now)
    }

    /// Takes back the cordon that the node made itself; one of somebody else stays.
    mutating func uncordonOwn(_ node: NodeName) {
        guard nodes[node]?.annotations[ClusterNode.talosCordon] != nil else { return }
        nodes[node]?.annotations[ClusterNode.talosCordon] = nil
        setCordon(node, false, by: "talos")
        changed(.node(node))
    }
}
