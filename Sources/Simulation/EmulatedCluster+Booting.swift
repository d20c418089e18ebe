import Model

extension EmulatedCluster {
    /// One stage of a machine's way down or up.
    mutating func step(_ step: MachineStep, on node: NodeName) {
        switch step {
        case .drain: drainTick(on: node)
        case .stopServices: stopForSequence(on: node)
        case .install: installInSequence(on: node)
        case .fail: setStage(.rebooting, isReady: false, on: node)
        case .goDown: goDown(node)
        case .boot: boot(node)
        case .apiUp: apiCameUp(on: node)
        case .etcdUp: startEtcd(on: node)
        case .kubeletUp: startKubelet(on: node)
        case .controlPlaneUp: startControlPlane(on: node)
        case .settled: bootEnded(on: node)
        case .flapDown:
            machines.set(\.apiIsUp, of: node, to: false)
            schedule(.flapUp, on: node, after: .milliseconds(700))
        case .flapUp: machines.set(\.apiIsUp, of: node, to: true)
        }
    }

    /// The machine stops answering, and boots again unless it was shut down.
    mutating func goDown(_ node: NodeName) {
        guard let machine = machines[node] else { return }
        stopServices(of: node, by: machine.sequenceBy)
        if machine.apiIsUp {
            record(.wentDown, on: node, by: machine.sequenceBy, detail: machine.version.tag)
        }
        machines.set(\.apiIsUp, of: node, to: false)
        machineEventRings[node]?.forget()
        if let wipe = machine.wipe { return wiped(node, wipe) }
        if machine.sequence == .shutdown {
            machines.set(\.power, of: node, to: .off)
            machines.set(\.isStuck, of: node, to: true)
            machines.update(node) { $0.epoch += 1 }
            changed(.machine(node))
        } else {
            boot(node)
        }
    }

    /// Runs what the boot default names.
    mutating func boot(_ node: NodeName) {
        guard var machine = machines[node] else { return }
        let isFirstOfInstall = machine.isPrimed
        machine.epoch += 1
        machine.bootCount += 1
        machine.installerEndsAt = nil
        machine.isPrimed = false
        machine.isStuck = false
        machine.isHung = false
        machine.saysNotReady = false
        machine.apiIsUp = false
        machine.power = .booting
        machine.stage = .booting
        machine.isReady = false
        machine.sequence = .boot
        machine.bootedAt = now
        machine.bootID = generator.uuid()
        if isFirstOfInstall, machine.pendingFaults.remove(.bootsOld) != nil {
            machine.slots.active = machine.slots.running
            machine.hasFallbackMarker = false
        }
        if machine.slots.running != machine.slots.active { machine.isSick = false }
        if isFirstOfInstall, machine.pendingFaults.remove(.unhealthyAfterBoot) != nil {
            machine.isSick = true
        }
        machine.slots.running = machine.slots.active
        if let slot = machine.slots[machine.slots.running] {
            machine.version = slot.version
            machine.schematic = slot.schematic
            machine.extensions = slot.extensions
        }
        if isFirstOfInstall, machine.pendingFaults.remove(.neverBoots) != nil {
            machine.power = .off
            machine.isStuck = true
        }
        let isSlow = !machine.isStuck && machine.pendingFaults.remove(.slowBoot) != nil
        machines[node] = machine
        changed(.machine(node))
        guard !machine.isStuck else { return }
        let time = isSlow ? Pace.boot * 5 : Pace.boot
        if let image = machine.stagedImage {
            machines.set(\.stagedImage, of: node, to: nil)
            machines.set(\.pendingImage, of: node, to: image)
            schedule(.install, on: node, after: time + Pace.install)
        } else {
            schedule(.apiUp, on: node, after: time)
        }
    }

    private mutating func apiCameUp(on node: NodeName) {
        guard let role = machines[node, \.role] else { return }
        machines.set(\.power, of: node, to: .running)
        machines.set(\.apiIsUp, of: node, to: true)
        machines.set(\.actorID, of: node, to: "")
        machines.set(\.services, of: node, to: Self.bootingServices(role))
        record(.cameUp, on: node, by: "talos", detail: machines[node, \.version]?.tag ?? "")
        emit(.sequence("boot", .start, error: nil), on: node)
        setStage(.booting, isReady: false, on: node)
        if takes(.bootHangs, on: node) {
            machines.set(\.isHung, of: node, to: true)
            return
        }
        if role == .controlPlane {
            schedule(.etcdUp, on: node, after: .milliseconds(800))
            schedule(.controlPlaneUp, on: node, after: .milliseconds(1200))
        }
        schedule(.kubeletUp, on: node, after: .seconds(1))
        schedule(.settled, on: node, after: Pace.becomingReady)
    }

    private mutating func startKubelet(on node: NodeName) {
        guard machines[node, \.isSick] == false, kubeletTakesConfig(on: node) else { return }
        machines.set(\.kubeletIsUp, of: node, to: true)
        setService("kubelet", .running, isHealthy: true, on: node)
        reportKubelet(of: node)
    }

    private mutating func startControlPlane(on node: NodeName) {
        guard machines[node, \.isSick] == false else { return }
        let isUp = staticPodsTakeConfig(on: node)
        machines.set(\.controlPlaneIsUp, of: node, to: isUp)
        controlPlaneIsDirty = true
        changed(.machine(node))
        syncStaticPods(on: node)
        becomeReadyIfPossible(node)
    }

    private mutating func bootEnded(on node: NodeName) {
        machines.set(\.sequence, of: node, to: nil)
        emit(.sequence("boot", .stop, error: nil), on: node)
        setStage(.running, isReady: false, on: node)
        becomeReadyIfPossible(node)
    }

    /// Stage running and ready, once the node's Kubernetes side agrees.
    mutating func becomeReadyIfPossible(_ node: NodeName) {
        // Asked in its place: to be computed from elsewhere, the machine would be copied.
        guard machines.update(node, { $0.mayBecomeReady }) == true, apiIsAvailable,
            nodes.contains(node)
        else { return }
        setReadiness(
            .ready, of: node, reason: "KubeletReady",
            message: "kubelet is posting ready status")
        machines.set(\.hasFallbackMarker, of: node, to: false)
        setStage(.running, isReady: true, on: node)
        uncordonOwn(node)
        record(.ready, on: node, by: "talos", detail: machines[node, \.version]?.tag ?? "")
    }

    /// Everything on the node that Kubernetes and etcd see stops. `by` is who wanted it, nil when
    /// nobody did.
    mutating func stopServices(of node: NodeName, by: String?) {
        guard let machine = machines[node] else { return }
        machines.update(node) { machine in
            for index in machine.services.indices
            where machine.services[index].id != "machined" && machine.services[index].id != "apid" {
                machine.services[index].state = .finished
                machine.services[index].isHealthy = false
            }
        }
        if machine.kubeletIsUp { loseKubelet(of: node) }
        machines.set(\.kubeletIsUp, of: node, to: false)
        if machine.controlPlaneIsUp { controlPlaneIsDirty = true }
        machines.set(\.controlPlaneIsUp, of: node, to: false)
        if let index = etcd.index(of: node), etcd.members[index].isHealthy {
            etcd.members[index].isHealthy = false
            controlPlaneIsDirty = true
        }
        if let by {
            voluntarily(by: by, on: node) { $0.stopPods(on: node) }
        } else {
            stopPods(on: node)
        }
        changed(.machine(node))
    }

    mutating func setService(
        _ id: String, _ state: Service.State, isHealthy: Bool, on node: NodeName
    ) {
        guard let index = machines[node, \.services]?.firstIndex(where: { $0.id == id }) else {
            return
        }
        machines.update(node) { machine in
            machine.services[index].state = state
            machine.services[index].isHealthy = isHealthy
        }
        guard keepsFeeds, let service = machines[node]?.services[index] else { return }
        let action: MachineEvent.ServiceAction =
            switch state {
            case .running: .running
            case .finished: .finished
            case .failed: .failed
            case .preparing: .preparing
            case .waiting: .waiting
            }
        emit(.serviceState(service, action, message: ""), on: node, byActor: false)
        changed(.machine(node))
    }

    private static func bootingServices(_ role: Role) -> [Service] {
        let running = ["apid", "containerd", "cri", "machined", "udevd"]
        let pending = role == .controlPlane ? ["etcd", "kubelet", "trustd"] : ["kubelet"]
        var services = running.map { Service($0, .running, isHealthy: true) }
        for id in pending {
            services.append(
                id == "trustd"
                    ? Service(id, .running, isHealthy: true)
                    : Service(id, .preparing, isHealthy: false))
        }
        return services.sorted { $0.id < $1.id }
    }
}
