package import Model

extension EmulatedCluster {
    /// `MachineService.Upgrade`: checks, then the node drains itself, installs and reboots. Gives
    /// the actor id. The order of the checks and their texts are those of Talos's server.
    package mutating func upgrade(
        _ image: String, on node: NodeName, force: Bool = false, stage: Bool = false, by: String
    ) throws(CallRefusal) -> String {
        let machine = try answering(node)
        try validate(image, on: node, by: by)
        if machine.role == .controlPlane, !force { try checkEtcdBeforeUpgrade(on: node) }
        let actor = generator.uuid()
        guard isFree(machine, for: .upgrade) else {
            refuseSequence("upgrade", actor: actor, on: node)
            return actor
        }
        takeOver(node, with: stage ? .stageUpgrade : .upgrade, actor: actor, by: by)
        machines.set(\.pendingImage, of: node, to: image)
        if stage {
            machines.set(\.stagedImage, of: node, to: image)
            emit(.sequence("stageUpgrade", .start, error: nil), on: node)
            setStage(.rebooting, isReady: false, on: node)
            schedule(.goDown, on: node, after: Pace.goingDown)
        } else {
            emit(.sequence("upgrade", .start, error: nil), on: node)
            setStage(.upgrading, isReady: false, on: node)
            startOwnDrain(on: node)
        }
        settle()
        return actor
    }

    /// `LifecycleService.Upgrade` (Talos 1.13 and later): installs beside the running system. No
    /// drain, no reboot, no etcd check, and only a lock of the node's own, which is looked at before
    /// the request is.
    package mutating func lifecycleUpgrade(_ image: String, on node: NodeName, by: String)
        throws(CallRefusal) -> LifecycleTicket
    {
        let machine = try answering(node)
        guard machine.version >= ReleaseTable.firstLifecycle else {
            throw CallRefusal(.unimplemented, "unknown service machine.LifecycleService")
        }
        if let until = machine.installerEndsAt, until > now {
            throw CallRefusal(
                .failedPrecondition, "another installation/upgrade is already in progress")
        }
        guard isFree(machine, for: .upgrade) else {
            throw CallRefusal(
                .failedPrecondition, "another installation/upgrade is already in progress")
        }
        guard !image.isEmpty else {
            throw CallRefusal(.invalidArgument, "installer image name is required")
        }
        guard let stored = machine.images.first(where: { $0.reference == image }),
            stored.availableAt <= now, let installer = parse(image),
            let target = Version(installer.tag)
        else {
            throw CallRefusal(
                .internal, "upgrade failed: image \"\(image)\" not found in the containerd store")
        }
        var ticket = LifecycleTicket(
            lines: [.init(dueAt: now, text: "installing Talos \(target.tag)")], exitCode: 0,
            endsAt: now + Pace.install)
        if let objection = ReleaseTable.preflight(host: machine.version, target: target) {
            return fail(ticket, objection, code: target >= Version(1, 14, 0) ? 4 : 1, on: node)
        }
        if takes(.diskFull, on: node) {
            return fail(
                ticket, "failed to install bootloader: no space left on device",
                code: target >= Version(1, 14, 0) ? 7 : 1, on: node)
        }
        for (index, text) in Self.installerLines.enumerated() {
            let share = Pace.install * (index + 1) / (Self.installerLines.count + 1)
            ticket.lines.append(.init(dueAt: now + share, text: text))
        }
        machines.set(\.pendingImage, of: node, to: image)
        machines.set(\.sequenceBy, of: node, to: by)
        machines.set(\.installerEndsAt, of: node, to: ticket.endsAt)
        queue.schedule(.installerDone(node, epoch: machine.epoch), at: ticket.endsAt)
        if takes(.lostStream, on: node) {
            ticket.exitCode = nil
            ticket.endsAt = now + Pace.install / 2
            ticket.lines.removeAll { $0.dueAt > ticket.endsAt }
        }
        return ticket
    }

    /// The installer started by `lifecycleUpgrade` ended well.
    mutating func installerDone(on node: NodeName) {
        machines.set(\.installerEndsAt, of: node, to: nil)
        writeSystem(on: node)
        settle()
    }

    /// Part of a sequence: pre-flight and write, then on to the reboot.
    mutating func installInSequence(on node: NodeName) {
        guard let machine = machines[node], let installer = parse(machine.pendingImage),
            let target = Version(installer.tag)
        else { return }
        if let objection = ReleaseTable.preflight(host: machine.version, target: target) {
            return failSequence("installer failed: \(objection)", on: node)
        }
        if takes(.diskFull, on: node) {
            return failSequence("installer failed: no space left on device", on: node)
        }
        writeSystem(on: node)
        for phase in ["upgrade", "meta", "kexec", "stopEverything"] {
            emit(.phase(phase, isStart: false), on: node)
        }
        emit(.phase("reboot", isStart: true), on: node)
        if machine.apiIsUp {
            setStage(.rebooting, isReady: false, on: node)
            schedule(.goDown, on: node, after: Pace.goingDown)
        } else {
            boot(node)
        }
    }

    /// The drain is over: services and pods stop, then the installer runs.
    mutating func stopForSequence(on node: NodeName) {
        guard let machine = machines[node] else { return }
        stopServices(of: node, by: machine.sequenceBy)
        guard machine.sequence == .upgrade else { return }
        for phase in ["cleanup", "dbus", "stopServices", "unmount", "unmountSystem"] {
            emit(.phase(phase, isStart: true), on: node)
            emit(.phase(phase, isStart: false), on: node)
        }
        emit(.phase("upgrade", isStart: true), on: node)
        emit(.task("upgrade", isStart: true), on: node)
        schedule(.install, on: node, after: Pace.install)
    }

    private mutating func writeSystem(on node: NodeName) {
        guard let image = machines[node, \.pendingImage], let slot = system(from: image, for: node)
        else { return }
        machines.update(node) { $0.slots.install(slot) }
        machines.set(\.isPrimed, of: node, to: true)
        machines.set(\.hasFallbackMarker, of: node, to: true)
        let isMismatched =
            machines[node, \.isSecureBoot] != (parse(image)?.isSecureBoot ?? false)
        // A SecureBoot node given a plain installer does not boot (siderolabs/talos#9245).
        if isMismatched, machines[node, \.isSecureBoot] == true {
            machines.update(node) { $0.pendingFaults.insert(.neverBoots) }
        }
        record(
            .installed, on: node, by: machines[node, \.sequenceBy] ?? "talos",
            detail: slot.version.tag + " " + (slot.schematic?.short ?? "no schematic"))
        changed(.machine(node))
    }

    /// A fatal error in a sequence: ten seconds later the node reboots into what it ran.
    private mutating func failSequence(_ message: String, on node: NodeName) {
        emit(
            .sequence("upgrade", .noop, error: .init(code: .fatal, message: message)), on: node)
        setStage(.rebooting, isReady: false, on: node)
        machines.set(\.isPrimed, of: node, to: false)
        machines.update(node) { machine in
            guard machine.hasFallbackMarker else { return }
            machine.slots.active = machine.slots.running
            machine.hasFallbackMarker = false
        }
        schedule(.goDown, on: node, after: Pace.failureReboot)
    }

    mutating func failDrain(on node: NodeName) {
        failSequence("error cordoning the node: no answer from the API server", on: node)
    }

    private mutating func fail(
        _ ticket: LifecycleTicket, _ text: String, code: Int32, on node: NodeName
    ) -> LifecycleTicket {
        var failed = ticket
        failed.exitCode = code
        failed.endsAt = now + Pace.install / 4
        failed.lines.append(.init(dueAt: failed.endsAt, text: "error: \(text)"))
        machines.set(\.installerEndsAt, of: node, to: failed.endsAt)
        return failed
    }

    private mutating func validate(_ image: String, on node: NodeName, by: String)
        throws(CallRefusal)
    {
        let prefix = "error validating installer image \"\(image)\": "
        guard parse(image) != nil else {
            throw CallRefusal(.unknown, prefix + "error pulling image: could not parse reference")
        }
        do {
            _ = try pullImage(image, on: node, by: by)
        } catch {
            throw CallRefusal(.unknown, prefix + error.message)
        }
    }

    private static let installerLines = [
        "running pre-flight checks", "pre-flight checks successful",
        "writing the boot partition", "updating the boot loader", "installation complete",
    ]
}
