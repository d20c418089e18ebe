import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The apid of one machine during one boot.
final class NodeListener: Sendable {
    let post: Post
    private let world: TalosWorld
    private let doors: Doors

    /// Who listens where. Another boot is another post.
    struct Post: Sendable, Equatable {
        var node: NodeName
        var address: NodeAddress
        var boot: String
    }

    init(post: Post, world: TalosWorld) {
        self.post = post
        self.world = world
        doors = Doors()
    }

    /// Closes the listening socket and every connection at once, as a machine does that goes down.
    func stop() { doors.shut() }

    /// Serves until `stop`.
    func run() async {
        var hasComplained = false
        while !doors.isShut {
            do {
                let transport = HTTP2ServerTransport.Custom(
                    listenerFactory: try NodeSocket(
                        address: post.address.text, context: tls(), doors: doors),
                    config: Self.config)
                let server = GRPCServer(
                    transport: transport,
                    services: [
                        MachineAPI(world: world), ImageAPI(world: world),
                        LifecycleAPI(world: world), StateAPI(world: world), TimeAPI(world: world),
                    ],
                    interceptors: [Apid(post: post, world: world, callers: doors)])
                try await server.serve()
            } catch {
                // The port may be held for a moment by the listener before this one.
                if !hasComplained && !doors.isShut {
                    DaemonLog.write("\(post.node): no listener on \(post.address):50000: \(error)")
                    hasComplained = true
                }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func tls() throws -> NIOSSLContext {
        let identity = try world.pki.talosNode(name: post.node.text, address: post.address.text)
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(
                    try NIOSSLCertificate(bytes: identity.certificateDER, format: .der))
            ],
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: identity.keyDER, format: .der)))
        settings.minimumTLSVersion = .tlsv12
        settings.applicationProtocols = ["h2"]
        settings.certificateVerification = .noHostnameVerification
        settings.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(world.pki.talos.certificatePEM.utf8)))
        settings.verifySignatureAlgorithms = Self.algorithms
        settings.signingSignatureAlgorithms = Self.algorithms
        return try NIOSSLContext(configuration: settings)
    }

    /// Ed25519 is what Talos certificates use; none of the library's defaults has it.
    private static let algorithms: [SignatureAlgorithm] = [
        .ed25519, .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha256,
    ]

    /// talosctl pings after ten idle seconds, which must not count as an abuse.
    private static var config: HTTP2ServerTransport.Custom<NodeSocket>.Config {
        var config = HTTP2ServerTransport.Custom<NodeSocket>.Config.defaults
        config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(1)
        config.connection.keepalive.clientBehavior.allowWithoutCalls = true
        config.rpc.maxRequestPayloadSize = 32 << 20
        return config
    }
}

/// The open channels of a listener, and who is at the other end of each.
final class Doors: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isShut = false
        var channels: [ObjectIdentifier: any Channel] = [:]
        var callers: [String: Caller] = [:]
    }

    /// Keeps a channel until it closes; closes it at once when the doors are shut already.
    func keep(_ channel: any Channel) {
        let isLate = state.withLock { state in
            if !state.isShut { state.channels[ObjectIdentifier(channel)] = channel }
            return state.isShut
        }
        if isLate { Self.slam(channel) }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { state in
                state.channels[ObjectIdentifier(channel)] = nil
                if let peer = channel.remoteAddress { state.callers[Self.key(peer)] = nil }
            }
        }
    }

    func introduce(_ caller: Caller, at peer: NIOCore.SocketAddress) {
        state.withLock { $0.callers[Self.key(peer)] = caller }
    }

    /// `peer` as `ServerContext.remotePeer` writes it.
    func caller(at peer: String) -> Caller? {
        state.withLock { $0.callers[peer] }
    }

    func shut() {
        let channels = state.withLock { state in
            state.isShut = true
            defer { state.channels = [:] }
            return Array(state.channels.values)
        }
        for channel in channels { Self.slam(channel) }
    }

    var isShut: Bool { state.withLock { $0.isShut } }

    /// Closes below TLS, without the farewell that would wait for the other side's.
    private static func slam(_ channel: any Channel) {
        channel.eventLoop.execute {
            let pipeline = channel.pipeline.syncOperations
            if let tls = try? pipeline.context(handlerType: NIOSSLServerHandler.self) {
                tls.close(mode: .all, promise: nil)
            } else {
                channel.close(promise: nil)
            }
        }
    }

    private static func key(_ peer: NIOCore.SocketAddress) -> String {
        "ipv4:\(peer.ipAddress ?? ""):\(peer.port ?? 0)"
    }
}
