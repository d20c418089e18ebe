import Foundation
import Model
import Simulation
import Synchronization

/// The process behind a lab: keeps the cluster alive, saves it, and does what Terraform and
/// `bump lab` ask over the control port.
package final class Daemon: Sendable {
    let paths: LabPaths
    let record: LabRecord
    let savedRevision = SavedRevision()
    let shelf: SchematicShelf
    private let live = Mutex<LiveCluster?>(nil)
    private let turns: AsyncStream<Turn>
    private let turn: AsyncStream<Turn>.Continuation
    private let token: String

    /// What the daemon does next.
    private enum Turn: Sendable {
        case run(LiveCluster)
        case end
    }

    /// - Parameter directory: the lab's root. Throws a `Problem` when it is no lab.
    package init(directory: String) throws {
        paths = LabPaths(directory)
        record = try LabRecord.load(paths)
        shelf = SchematicShelf(file: paths.schematics, terraformState: paths.terraformState)
        (turns, turn) = AsyncStream.makeStream(of: Turn.self)
        token = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
    }

    /// Serves the lab until it is told to stop, by the control port or by SIGTERM. What it knows
    /// is saved every few seconds and at the end.
    package func run() async throws {
        if (try? await ControlClient(paths: paths).send(.status)) != nil {
            throw Problem(.refused, "The lab is running already.", at: paths.root)
        }
        if let saved = try loadSaved() {
            live.withLock { $0 = saved }
            turn.yield(.run(saved))
        }
        let signals = ProcessSignals.stop()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await listen() }
            group.addTask { [turn] in
                for await _ in signals { turn.yield(.end) }
            }
            group.addTask { [self] in await saveNowAndThen() }
            group.addTask { [self] in await serveWeb() }
            await runClusters()
            group.cancelAll()
        }
        save()
        try? FileManager.default.removeItem(atPath: paths.control)
        DaemonLog.write("stopped")
    }

    /// The cluster there is, if there is one.
    var present: LiveCluster? { live.withLock { $0 } }

    /// Ends `run`.
    func end() { turn.yield(.end) }

    /// Runs each cluster until it is stopped, and all of them until the end. Servers wait for their
    /// connections to close; a client that was killed may never close its own, so that wait has an
    /// end.
    private func runClusters() async {
        let (stopped, stopping) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup(of: Bool.self) { race in
            race.addTask { [self] in
                await serveClusters { stopping.finish() }
                return true
            }
            race.addTask {
                for await _ in stopped {}
                try? await Task.sleep(for: Self.patience)
                return Task.isCancelled
            }
            if await race.next() == false { leave() }
            race.cancelAll()
        }
    }

    private func serveClusters(atEnd: () -> Void) async {
        await withDiscardingTaskGroup { group in
            for await next in turns {
                guard case .run(let cluster) = next else { break }
                group.addTask { await cluster.run() }
            }
            present?.stop()
            atEnd()
        }
    }

    /// Ends the process: all that it knows is saved.
    private func leave() -> Never {
        save()
        try? FileManager.default.removeItem(atPath: paths.control)
        DaemonLog.write("stopped, with connections still open")
        exit(0)
    }

    private static let patience = Duration.seconds(3)

    private func listen() async {
        do {
            try await ControlServer(token: token, handle: { try await self.handle($0) })
                .run { port in try announce(port) }
        } catch {
            if Task.isCancelled { return }
            DaemonLog.write("the control port broke off: \(Problem(error).summary)")
            end()
        }
    }

    /// The Image Factory and the release feeds, there with or without a cluster.
    private func serveWeb() async {
        let server = WebServer(
            address: record.block.webAddress, shelf: shelf,
            faults: { [self] in present?.engine.with { $0.serviceFaults } ?? [] })
        do {
            try await server.run()
        } catch {
            if Task.isCancelled { return }
            DaemonLog.write("no Image Factory on \(record.block.webAddress): \(error)")
        }
    }

    private func announce(_ port: Int) throws {
        let address = ControlAddress(
            port: port, token: token, process: ProcessInfo.processInfo.processIdentifier)
        try PrivateFile.write(try JSONEncoder().encode(address), to: paths.control)
        DaemonLog.write("listening on port \(port)")
    }

    private func handle(_ verb: ControlRequest.Verb) async throws -> ControlReply {
        switch verb {
        case .createCluster(let order): try createCluster(order)
        case .destroyCluster: destroyCluster()
        case .createMachine(let machine): try cluster().create(machine)
        case .destroyMachine(let name): live.withLock { $0 }?.destroy(name)
        case .inject(let fault, let node): try inject(fault, on: node)
        case .furnish: try await cluster().furnish()
        case .status: return ControlReply(status: status())
        case .stop: turn.yield(.end)
        }
        return ControlReply()
    }

    private func createCluster(_ order: ClusterOrder) throws {
        if let present = live.withLock({ $0 }) {
            guard present.order.name == order.name else {
                throw Problem(
                    .refused, "The lab has a cluster already: \(present.order.name).",
                    fix: "Destroy it first: terraform destroy")
            }
            return try present.writeCredentials()
        }
        for path in [paths.talosconfig, paths.kubeconfig] {
            try? FileManager.default.removeItem(atPath: path)
        }
        let pki = try PKI()
        try pki.save(path: paths.pki)
        // A cluster that is made again is another one: its ids must not be those of the last.
        let lives = EventLog.read(path: paths.events).count { $0.kind == "machine-destroyed" }
        var blueprint = Blueprint(
            clusterName: order.name, talos: order.talos, kubernetes: order.kubernetes,
            seed: record.request.seed &+ UInt64(lives), workers: order.workers)
        blueprint.hasVelero = record.request.named?.hasVelero ?? true
        let cluster = try LiveCluster(
            order: order, pki: pki, cluster: EmulatedCluster(blueprint), timeline: Timeline(),
            kubernetes: nil, paths: paths, shelf: shelf, request: record.request)
        try cluster.writeCredentials()
        live.withLock { $0 = cluster }
        turn.yield(.run(cluster))
    }

    private func destroyCluster() {
        let manager = FileManager.default
        let gone = live.withLock { live in
            defer { live = nil }
            return live
        }
        gone?.stop()
        VolumeShelf(root: paths.volumes).loseEverything()
        for path in [paths.pki, paths.state, paths.talosconfig, paths.kubeconfig]
        where manager.fileExists(atPath: path) {
            try? manager.removeItem(atPath: path)
        }
    }

    private func cluster() throws -> LiveCluster {
        guard let cluster = live.withLock({ $0 }) else {
            throw Problem(
                .refused, "The lab has no cluster.", at: paths.root,
                fix: "terraform -chdir=\(paths.terraform) apply")
        }
        return cluster
    }

    private func inject(_ fault: Fault, on node: NodeName?) throws {
        try cluster().engine.with { cluster in
            if let node, cluster.machines[node] == nil {
                let names = cluster.machines.keys.sorted().map(\.text).joined(separator: ", ")
                throw Problem(
                    .usage, "There is no node \(node).", fix: "Pass one of \(names).")
            }
            cluster.inject(fault, on: node)
        }
    }

    private func status() -> LabStatus {
        var status = LabStatus(directory: paths.root)
        status.running = true
        guard let live = live.withLock({ $0 }) else {
            status.waitingFor = ["a cluster: nothing was applied yet"]
            return status
        }
        status.cluster = live.order.name
        status.endpoint = live.order.endpoint
        live.engine.with { status.fill(from: $0) }
        return status
    }
}

/// What was saved last.
final class SavedRevision: Sendable {
    private let last = Mutex<(ObjectIdentifier, Int)?>(nil)

    /// Notes the revision; false when it is the one noted already.
    func exchange(_ revision: Int, of cluster: LiveCluster) -> Bool {
        last.withLock { last in
            let key = ObjectIdentifier(cluster)
            if let last, last == (key, revision) { return false }
            last = (key, revision)
            return true
        }
    }
}
