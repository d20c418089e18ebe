package import Model

extension EmulatedCluster {
    package func machine(at address: NodeAddress) -> Machine? {
        for name in machineOrder {
            if let machine = machines[name], machine.address == address { return machine }
        }
        return nil
    }

    /// Machine names in natural order.
    package var machineNames: [NodeName] { machineOrder }

    /// Names of Kubernetes nodes in natural order.
    package var nodeNames: [NodeName] { nodeOrder }

    /// The pods on a node, oldest first.
    package func podIDs(on node: NodeName) -> [ObjectUID] { podsByNode[node] ?? [] }

    /// A new machine powers on. One of that name that exists already is left alone.
    package mutating func createMachine(_ spec: MachineSpec, by: String) {
        guard machines[spec.name] == nil else { return }
        if let schematic = spec.schematic, schematics[schematic] == nil {
            schematics[schematic] = spec.extensions
        }
        machinesMade += 1
        machines[spec.name] = newMachine(spec)
        let position = machineOrder.firstIndex { spec.name < $0 } ?? machineOrder.count
        machineOrder.insert(spec.name, at: position)
        controlPlanes = machineOrder.filter { machines[$0, \.role] == .controlPlane }
        record(.machineCreated, on: spec.name, by: by, detail: spec.role.rawValue)
        schedule(.apiUp, on: spec.name, after: Pace.boot)
        changed(.machine(spec.name))
        if spec.role == .worker { welcomeWorker() }
        settle()
    }

    /// The machine and its disk are gone. Its Node object and etcd member stay behind, as they do
    /// in the real world; with the last control plane all of Kubernetes is gone.
    package mutating func destroyMachine(_ name: NodeName, by: String) {
        guard let machine = machines[name] else { return }
        record(.machineDestroyed, on: name, by: by, detail: machine.role.rawValue)
        stopServices(of: name, by: nil)
        machines[name] = nil
        machineOrder.removeAll { $0 == name }
        controlPlanes.removeAll { $0 == name }
        machineEventRings[name] = nil
        if let index = etcd.index(of: name) { etcd.members[index].node = nil }
        changed(.machineGone(name))
        controlPlaneIsDirty = true
        if controlPlanes.isEmpty { loseKubernetes() }
        settle()
    }

    /// Every machine runs and is ready, every Node is Ready, etcd has a leader and only healthy
    /// members, and all pods of the system namespaces are ready.
    package var isHealthy: Bool {
        guard !machines.isEmpty, isFurnished, quorate, etcd.leader != nil,
            etcd.members.allSatisfy(\.isHealthy), etcd.members.count == controlPlanes.count,
            nodes.count == machines.count,
            machines.values.allSatisfy({ $0.power == .running && $0.isReady && $0.apiIsUp }),
            nodes.values.allSatisfy(\.isReady)
        else { return false }
        return Self.systemNamespaces.allSatisfy { namespace in
            (podsByNamespace[namespace] ?? []).allSatisfy { pods[$0, \.isReady] ?? true }
        }
    }

    /// Makes a schematic known, as an Image Factory does when it is asked for one.
    package mutating func register(schematic: SchematicID, extensions: [String]) {
        schematics[schematic] = extensions
    }

    /// Keeps a machine config and the install image in it; event `config-applied`.
    package mutating func setConfig(
        _ text: String, installImage: String? = nil, on node: NodeName, by: String
    ) {
        guard machines[node] != nil else { return }
        if machines[node, \.config] != text { machines.update(node) { $0.configRevision += 1 } }
        machines.set(\.config, of: node, to: text)
        if let installImage { machines.set(\.installImage, of: node, to: installImage) }
        record(.configApplied, on: node, by: by)
        changed(.machine(node))
    }

    /// The node's Talos events since its boot, oldest first.
    package func machineEvents(on node: NodeName) -> [MachineEvent] {
        machineEventRings[node]?.all ?? []
    }

    static let systemNamespaces = ["kube-system", "velero"]

    func extensionFacts(_ names: [String], talos: Version) -> [ExtensionFact] {
        names.map { name in
            let own = ExtensionCatalog.resolved(name, talos: talos) ?? name
            return ExtensionFact(own, ReleaseTable.extensionVersion(own, talos: talos))
        }
    }

    mutating func emit(_ payload: MachineEvent.Payload, on node: NodeName, byActor: Bool = true) {
        guard keepsFeeds else { return }
        let actor = byActor ? machines[node, \.actorID] ?? "" : ""
        machineEventRings[node, default: MachineEventRing()].append(
            payload, actorID: actor, at: now)
    }

    mutating func schedule(_ step: MachineStep, on node: NodeName, after delay: Duration) {
        guard let epoch = machines[node, \.epoch] else { return }
        queue.schedule(.machine(node, epoch: epoch, step), at: now + delay)
    }

    mutating func setStage(_ stage: MachineStage, isReady: Bool, on node: NodeName) {
        guard machines.contains(node) else { return }
        let unmet = isReady ? [] : unmetConditions(of: node)
        machines.update(node) { machine in
            machine.stage = stage
            machine.isReady = isReady
            machine.unmetConditions = unmet
        }
        emit(.machineStatus(stage, isReady: isReady, unmet: unmet), on: node, byActor: false)
        changed(.machine(node))
    }

    private mutating func newMachine(_ spec: MachineSpec) -> Machine {
        let version = spec.talos ?? blueprint.talos
        let kubernetes = spec.kubernetes ?? blueprint.kubernetes
        let extensions = extensionFacts(spec.extensions, talos: version)
        let isControlPlane = spec.role == .controlPlane
        let components: [SystemComponent] =
            isControlPlane ? [.apiServer, .controllerManager, .scheduler] : []
        return Machine(
            name: spec.name, address: spec.address, role: spec.role, power: .booting,
            stage: .booting, isReady: false, unmetConditions: [], version: version,
            bootID: generator.uuid(), schematic: spec.schematic, extensions: extensions,
            platform: spec.platform, isSecureBoot: spec.isSecureBoot,
            machineUUID: generator.uuid(),
            slots: Slots(
                Slots.Slot(
                    version: version, image: spec.installImage, schematic: spec.schematic,
                    extensions: extensions)),
            isPrimed: false, installImage: spec.installImage, config: spec.config,
            components: spec.images.mapValues { ComponentState(image: $0) },
            services: [], kubeletVersion: kubernetes,
            controlPlaneVersions: Dictionary(
                uniqueKeysWithValues: components.map { ($0, kubernetes) }),
            images: [], bootCount: 1, apiIsUp: false, kubeletIsUp: false,
            controlPlaneIsUp: false, createdAt: now, bootedAt: now, pendingFaults: [], epoch: 1,
            sequence: .boot, sequenceBy: "", actorID: "", installerEndsAt: nil,
            hasFallbackMarker: false, isSick: false, saysNotReady: false, isStuck: false,
            stagedImage: nil, pendingImage: "", drainDeadline: .zero, nextEvictionAt: .zero,
            ordinal: machinesMade)
    }

    private func unmetConditions(of node: NodeName) -> [UnmetCondition] {
        guard let at = machines.position(of: node) else { return [] }
        var unmet: [UnmetCondition] = []
        let services = machines.values[at].services
        let troubled = services.filter { !$0.isHealthy }
        if services.isEmpty || !troubled.isEmpty {
            unmet.append(
                UnmetCondition(
                    "services",
                    troubled.map { "service \"\($0.id)\" not healthy" }
                        .joined(separator: ", ")))
        }
        if machines.values[at].role == .controlPlane, !machines.values[at].controlPlaneIsUp {
            unmet.append(UnmetCondition("staticPods", "kube-system/kube-apiserver not ready"))
        }
        unmet.append(UnmetCondition("nodeReady", "node \"\(node)\" status is not ready"))
        return unmet
    }
}
