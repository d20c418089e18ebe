import Foundation
package import Model
import Simulation

/// The Talos API of all machines: one listener on `ADDRESS:50000` for each machine whose apid is
/// up, with the certificates, roles and forwarding of the real thing.
package final class TalosServer: Sendable {
    private let world: TalosWorld
    private let stopSignal: AsyncStream<Void>
    private let stopper: AsyncStream<Void>.Continuation

    package init(world: TalosWorld) {
        self.world = world
        (stopSignal, stopper) = AsyncStream.makeStream(of: Void.self)
    }

    /// Ends `run`.
    package func stop() { stopper.finish() }

    /// Serves until `stop`. Its task must not be cancelled: a connection that is accepted in that
    /// moment would be dropped unfinished, which NIO answers with a trap. A machine that goes down loses its listener and all
    /// its connections at once; one that came up again has a new listener.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var listeners: [NodeName: NodeListener] = [:]
            try? await world.engine.watch(patrol: Self.patrol, until: stopSignal) {
                let wanted = self.wanted()
                for (name, listener) in listeners where wanted[name] != listener.post {
                    listener.stop()
                    listeners[name] = nil
                }
                for (name, post) in wanted where listeners[name] == nil {
                    let listener = NodeListener(post: post, world: world)
                    listeners[name] = listener
                    group.addTask { await listener.run() }
                }
            }
            for listener in listeners.values { listener.stop() }
        }
    }

    private func wanted() -> [NodeName: NodeListener.Post] {
        world.engine.with { cluster in
            var posts: [NodeName: NodeListener.Post] = [:]
            for (name, machine) in cluster.machines where machine.apiIsUp {
                posts[name] = NodeListener.Post(
                    node: name, address: machine.address, boot: machine.bootID)
            }
            return posts
        }
    }

    /// How often it looks even when nothing says that something changed.
    private static let patrol = Duration.milliseconds(200)
}

/// What the Talos API of a lab needs to know besides the cluster itself.
package struct TalosWorld: Sendable {
    package let engine: Engine
    package let pki: PKI
    package let clusterName: String
    /// `https://HOST:6443`, as kubeconfigs name it.
    package let endpoint: String
    let resources: ResourceShelf
    let snapshots: SnapshotMaker
    /// Asked before an image with an unknown schematic is refused: tells the cluster of
    /// schematics that were registered meanwhile.
    package let learnSchematics: @Sendable () -> Void
    /// The canonical text of a schematic; nil when no factory was told of it.
    package let schematicText: @Sendable (SchematicID) -> String?

    package init(
        engine: Engine, pki: PKI, clusterName: String, endpoint: String,
        learnSchematics: @escaping @Sendable () -> Void = {},
        schematicText: @escaping @Sendable (SchematicID) -> String? = { _ in nil }
    ) {
        self.engine = engine
        self.pki = pki
        self.clusterName = clusterName
        self.endpoint = endpoint
        self.learnSchematics = learnSchematics
        self.schematicText = schematicText
        resources = ResourceShelf()
        snapshots = SnapshotMaker()
    }
}
