import Model
import Simulation

/// The API servers of a cluster: one listener on `ADDRESS:6443` for each control plane whose API
/// server is up, and one on the virtual address while somebody holds it.
final class KubernetesListeners: Sendable {
    private let cluster: LiveCluster
    private let stopSignal: AsyncStream<Void>
    private let stopper: AsyncStream<Void>.Continuation

    init(cluster: LiveCluster) {
        self.cluster = cluster
        (stopSignal, stopper) = AsyncStream.makeStream(of: Void.self)
    }

    /// Ends `run`.
    func stop() { stopper.finish() }

    /// Serves until `stop`. Its task must not be cancelled (see `TalosServer.run`).
    func run() async {
        await withDiscardingTaskGroup { group in
            var servers: [Post: KubernetesServer] = [:]
            try? await cluster.engine.watch(patrol: Self.patrol, until: stopSignal) {
                let wanted = self.wanted()
                for (post, server) in servers where !wanted.contains(post) {
                    server.stop()
                    servers[post] = nil
                }
                for post in wanted where servers[post] == nil {
                    guard let server = make(post) else { continue }
                    servers[post] = server
                    group.addTask { await self.serve(server, at: post) }
                }
            }
            for server in servers.values { server.stop() }
        }
    }

    /// Who listens where. When another control plane takes the virtual address over, the old
    /// connections end, so the holder is part of it; another boot is another post as well.
    private struct Post: Hashable {
        var address: String
        var node: NodeName
        var boot: String
    }

    private func wanted() -> Set<Post> {
        let virtual = cluster.virtualAddress
        return cluster.engine.with { cluster in
            var posts: Set<Post> = []
            for machine in cluster.machines.values
            where machine.role == .controlPlane && cluster.apiServerIsUp(on: machine.name) {
                posts.insert(
                    Post(
                        address: machine.address.text, node: machine.name, boot: machine.bootID))
            }
            if let holder = cluster.endpointHolder, let machine = cluster.machines[holder],
                let virtual, virtual != machine.address.text
            {
                posts.insert(Post(address: virtual, node: holder, boot: machine.bootID))
            }
            return posts
        }
    }

    private func make(_ post: Post) -> KubernetesServer? {
        do {
            return try KubernetesServer(
                api: cluster.api, address: post.address,
                credentials: try cluster.serverCredentials())
        } catch {
            DaemonLog.write("\(post.node): no API server on \(post.address): \(error)")
            return nil
        }
    }

    /// The port may be held for a moment by the listener before this one.
    private func serve(_ server: KubernetesServer, at post: Post) async {
        for attempt in 0..<100 {
            do {
                try await server.run()
                return
            } catch {
                if Task.isCancelled { return }
                if attempt == 0 {
                    DaemonLog.write("\(post.node): \(post.address):6443 is not free: \(error)")
                }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// How often it looks even when nothing says that something changed.
    private static let patrol = Duration.milliseconds(200)
}
