import Foundation
import Model
import Simulation

/// One cluster of the lab while it exists: the engine and everything that serves it.
final class LiveCluster: Sendable {
    let order: ClusterOrder
    let pki: PKI
    let engine: Engine
    let api: ClusterAPI
    private let paths: LabPaths
    private let shelf: SchematicShelf
    private let style: ConfigStyle
    private let surroundings: Surroundings
    private let stopSignal: AsyncStream<Void>
    private let stopper: AsyncStream<Void>.Continuation

    /// What is kept across stop and start.
    struct Saved: Codable {
        var order: ClusterOrder
        var cluster: EmulatedCluster
        var timeline: Timeline
        var kubernetes: ClusterAPI.Saved
    }

    /// A new cluster, or the saved one.
    init(
        order: ClusterOrder, pki: PKI, cluster: EmulatedCluster, timeline: Timeline,
        kubernetes: ClusterAPI.Saved?, paths: LabPaths, shelf: SchematicShelf,
        request: LabRequest
    ) throws {
        self.order = order
        self.pki = pki
        self.paths = paths
        engine = Engine(
            cluster, speed: request.speed, log: try EventLog(path: paths.events), timeline: timeline
        )
        surroundings = Surroundings(
            volumes: VolumeShelf(root: paths.volumes), vault: BackupVault(root: paths.backups),
            sources: paths.sources)
        api = ClusterAPI(engine: engine, saved: kubernetes, surroundings: surroundings)
        self.shelf = shelf
        style = request.named?.configStyle ?? .plain
        (stopSignal, stopper) = AsyncStream.makeStream(of: Void.self)
    }

    /// Ends `run`: the cluster was destroyed.
    func stop() { stopper.finish() }

    /// Serves until `stop`. Its task must not be cancelled (see `TalosServer.run`).
    func run() async {
        let talos = TalosServer(
            world: TalosWorld(
                engine: engine, pki: pki, clusterName: order.name, endpoint: order.endpoint,
                learnSchematics: { [self] in learnSchematics() },
                schematicText: { [shelf] in shelf.text($0) }))
        let kubernetes = KubernetesListeners(cluster: self)
        await withDiscardingTaskGroup { group in
            group.addTask { [engine] in await engine.run() }
            group.addTask { [api] in await api.follow() }
            await withDiscardingTaskGroup { servers in
                servers.addTask { await talos.run() }
                servers.addTask { await kubernetes.run() }
                for await _ in stopSignal {}
                talos.stop()
                kubernetes.stop()
            }
            group.cancelAll()
        }
    }

    /// Boots a machine of this description; one that is there already stays as it is.
    func create(_ machine: MachineOrder) {
        let image =
            machine.talos >= Version(1, 10, 0) ? "metal-installer" : "installer"
        let installer = InstallerImage(
            host: "factory.talos.dev", name: image, schematic: machine.schematic,
            tag: machine.talos.tag)
        let config = MachineConfigText(
            clusterName: order.name, endpoint: order.endpoint,
            installImage: installer.description, talos: machine.talos,
            kubernetes: machine.kubernetes
        ).text(role: machine.role, pki: pki, style: style)
        var spec = MachineSpec(
            name: machine.name, address: machine.address, role: machine.role,
            schematic: machine.schematic, extensions: machine.extensions,
            installImage: installer.description, talos: machine.talos,
            kubernetes: machine.kubernetes, config: config)
        spec.images = (ConfigReading(config)?.images ?? [:]).filter { component, image in
            (machine.role == .controlPlane || component == .kubelet)
                && image != component.defaultImage(machine.kubernetes)
        }
        engine.with { [spec] cluster in
            if cluster.machines[machine.name] != nil { return }
            cluster.register(schematic: machine.schematic, extensions: machine.extensions)
            cluster.createMachine(spec, by: "terraform")
        }
    }

    /// Its disk goes with it: volumes that its pods mount are lost.
    func destroy(_ machine: NodeName) {
        let claims = engine.with { cluster in
            cluster.pods.values.filter { $0.node == machine }.flatMap { pod in
                pod.volumeClaims.map { (pod.namespace, $0) }
            }
        }
        for (namespace, claim) in claims { surroundings.volumes.lose(namespace, claim) }
        engine.with { $0.destroyMachine(machine, by: "terraform") }
    }

    /// Applies what the scenario's users run, and returns when all of it is ready.
    func furnish() async throws {
        try StatefulDemo.furnish(api, surroundings)
        for _ in 0..<400 {
            try await Task.sleep(for: .milliseconds(50))
            let isReady = engine.with { cluster in
                let shop = cluster.pods.values.filter { $0.namespace == "shop" }
                return shop.count >= 4 && shop.allSatisfy(\.isReady)
            }
            if isReady { return }
        }
        throw Problem(.unreachable, "What users run in the lab does not become ready.")
    }

    /// Writes talosconfig and kubeconfig, once: what Terraform read of them must stay true.
    func writeCredentials() throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: paths.talosconfig),
            manager.fileExists(atPath: paths.kubeconfig)
        {
            return
        }
        let talosconfig = try pki.talosconfig(
            cluster: order.name, endpoints: order.controlPlanes)
        try PrivateFile.write(Data(talosconfig.utf8), to: paths.talosconfig)
        let kubeconfig = try pki.kubeconfig(cluster: order.name, server: order.endpoint)
        try PrivateFile.write(Data(kubeconfig.utf8), to: paths.kubeconfig)
    }

    /// The address of the endpoint; nil when it is a name.
    var virtualAddress: String? {
        URL(string: order.endpoint)?.host().flatMap { host in
            host.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } ? host : nil
        }
    }

    /// What an API server shows: its certificate names all control planes that are known.
    func serverCredentials() throws -> KubernetesServer.Credentials {
        let addresses = engine.with { cluster in
            cluster.machines.values.filter { $0.role == .controlPlane }.map(\.address.text)
                .sorted()
        }
        let all = addresses + (virtualAddress.map { addresses.contains($0) ? [] : [$0] } ?? [])
        let identity = try pki.kubernetesServer(addresses: all)
        return KubernetesServer.Credentials(
            certificatePEM: identity.certificatePEM, keyPEM: identity.keyPEM,
            authorityPEM: pki.kubernetes.certificatePEM)
    }

    func saved() -> (value: Saved, revision: Int) {
        let kubernetes = api.saved
        let (cluster, timeline, revision) = engine.saved()
        let value = Saved(
            order: order, cluster: cluster, timeline: timeline, kubernetes: kubernetes)
        return (value, revision)
    }

    private func learnSchematics() {
        let known = shelf.all()
        engine.with { cluster in
            for (id, names) in known where cluster.schematics[id] == nil {
                cluster.register(schematic: id, extensions: names)
            }
        }
    }
}
