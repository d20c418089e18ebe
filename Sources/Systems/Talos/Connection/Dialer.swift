import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections to Talos APIs: TCP, mutual TLS with Ed25519, then the gRPC transport over the
/// finished channel, since the stock transport has no setting for signature algorithms.
struct Dialer: Sendable {
    let tls: NIOSSLContext

    /// Within this a TCP connection stands or the host does not answer.
    static let connectLimit = TimeAmount.seconds(3)
    /// Within this TLS is done and the server has spoken.
    static let handshakeLimit = TimeAmount.seconds(5)

    /// One transport is one connection: it does not come back by itself. Throws `DialFailure`.
    func dial(_ endpoint: Endpoint) async throws -> HTTP2ClientTransport.WrappedChannel {
        let config = HTTP2ClientTransport.WrappedChannel.Config.defaults {
            $0.http2.authority = endpoint.description
        }
        do {
            return try await .wrapping(config: config) { configure in
                try await open(endpoint, configure)
            }
        } catch {
            throw DialFailure(error)
        }
    }

    private typealias Configured = HTTP2ClientTransport.WrappedChannel.ConfiguredChannel

    private struct Opened: Sendable {
        var channel: Configured
        var spoken: EventLoopFuture<Void>
    }

    private func open(
        _ endpoint: Endpoint,
        _ configure: @escaping @Sendable (any Channel) -> EventLoopFuture<Configured>
    ) async throws -> Configured {
        // No server name for IP addresses: SNI forbids them, and NIOSSL then checks the
        // certificate's addresses against the socket's.
        let name = Self.isAddress(endpoint.host) ? nil : endpoint.host
        let opened: Opened = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(Self.connectLimit)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(
                ChannelOptions.Types.SocketOption(level: .tcp, name: Self.keepaliveIdle), value: 15
            )
            .connect(host: endpoint.host, port: endpoint.port) { channel in
                let spoken = channel.eventLoop.makePromise(of: Void.self)
                do {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: tls, serverHostname: name))
                    try pipeline.addHandler(
                        HandshakeWatcher(outcome: spoken, limit: Self.handshakeLimit))
                } catch {
                    spoken.fail(error)
                    return channel.eventLoop.makeFailedFuture(error)
                }
                return configure(channel).map { configured in
                    let opened = Opened(channel: configured, spoken: spoken.futureResult)
                    // Whoever drops it early, by an error or a cancellation, must not be its last
                    // owner: NIO traps when a writer goes before its channel is closed.
                    channel.closeFuture.whenComplete { _ in withExtendedLifetime(opened) {} }
                    return opened
                }
            }
        do {
            try await opened.spoken.get()
        } catch {
            try? await opened.channel.channel.close()
            throw error
        }
        return opened.channel
    }

    static func isAddress(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    /// Seconds of quiet after which the kernel probes the peer: a long stream over a connection
    /// whose other end is gone must not wait for its whole limit.
    private static var keepaliveIdle: NIOBSDSocket.Option {
        #if canImport(Darwin)
            NIOBSDSocket.Option(rawValue: TCP_KEEPALIVE)
        #else
            NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPIDLE))
        #endif
    }
}
