import Foundation
import Model
import Simulation
import Synchronization

/// One cluster of the lab while it exists: the engine and everything that serves it.
final class LiveCluster: Sendable {
    let order: ClusterOrder
    let pki: PKI
    let engine: Engine
    let api: ClusterAPI
    private let paths: LabPaths
    private let shelf: SchematicShelf
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
        kubernetes: ClusterAPI.Saved?, paths: LabPaths, speed: Double
    ) throws {
        self.order = order
        self.pki = pki
        self.paths = paths
        engine = Engine(
            cluster, speed: speed, log: try EventLog(path: paths.events), timeline: timeline)
        api = ClusterAPI(engine: engine, saved: kubernetes)
        shelf = SchematicShelf(stateFile: paths.terraformState)
        (stopSignal, stopper) = AsyncStream.makeStream(of: Void.self)
    }

    /// Ends `run`: the cluster was destroyed.
    func stop() { stopper.finish() }

    /// Serves until `stop`. Its task must not be cancelled (see `TalosServer.run`).
    func run() async {
        let talos = TalosServer(
            world: TalosWorld(
                engine: engine, pki: pki, clusterName: order.name, endpoint: order.endpoint,
                learnSchematics: { [self] in learnSchematics() }))
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
        ).text(role: machine.role, pki: pki)
        engine.with { cluster in
            if cluster.machines[machine.name] != nil { return }
            cluster.register(schematic: machine.schematic, extensions: machine.extensions)
            cluster.createMachine(
                MachineSpec(
                    name: machine.name, address: machine.address, role: machine.role,
                    schematic: machine.schematic, extensions: machine.extensions,
                    installImage: installer.description, talos: machine.talos,
                    kubernetes: machine.kubernetes, config: config),
                by: "terraform")
        }
    }

    func destroy(_ machine: NodeName) {
        engine.with { $0.destroyMachine(machine, by: "terraform") }
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
        guard let found = shelf.look(), let id = found.id else { return }
        engine.with { cluster in
            if cluster.schematics[id] == nil {
                cluster.register(schematic: id, extensions: found.extensions)
            }
        }
    }
}

/// Knows which schematic Terraform registered last: it is in the state file.
final class SchematicShelf: Sendable {
    private let stateFile: String
    private let seen = Mutex<Date?>(nil)

    init(stateFile: String) {
        self.stateFile = stateFile
    }

    /// The schematic of the state file when that changed since the last look, nil otherwise.
    func look() -> Schematic? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: stateFile)
        guard let date = attributes?[.modificationDate] as? Date else { return nil }
        let isNew = seen.withLock { seen in
            defer { seen = date }
            return seen != date
        }
        guard isNew, let bytes = FileManager.default.contents(atPath: stateFile),
            let state = try? JSONDecoder().decode(JSONValue.self, from: bytes)
        else { return nil }
        for resource in state["resources"]?.array ?? []
        where resource["type"]?.string == "terraform_data"
            && resource["name"]?.string == "schematic"
        {
            let value = resource["instances"]?.array?.first?["attributes", "output", "value"]
            let names = value?["extensions"]?.array?.compactMap(\.string)
            if let names { return Schematic(extensions: names) }
        }
        return nil
    }
}
