import GRPCNIOTransportHTTP2
import NIOCore
import NIOPosix
import NIOSSL

/// Listens on one address with mutual TLS and notes who calls.
struct NodeSocket: HTTP2ServerTransport.ListenerFactory {
    let address: String
    let context: NIOSSLContext
    let doors: Doors

    var eventLoopGroup: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }

    func makeListeningChannel(
        listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<
        HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel, Never
    > {
        let doors = doors
        let context = context
        let listening = try await ServerBootstrap(group: eventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .serverChannelInitializer { listenerConfigurator.configure(channel: $0) }
            .bind(host: address, port: TalosPort.apid) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let tls = NIOSSLServerHandler(context: context)
                    try pipeline.addHandler(tls)
                    try pipeline.addHandler(Doorkeeper(tls: tls, doors: doors))
                    doors.keep(channel)
                }.flatMap {
                    connectionConfigurator.configure(
                        channel: channel, tls: .configured(requireALPN: true))
                }
            }
        doors.keep(listening.channel)
        return listening
    }
}

/// The ports of a Talos node.
enum TalosPort {
    static let apid = 50000
    static let kubernetes = 6443
}

/// Reads the client's certificate: it is known when the first decrypted bytes arrive.
final class Doorkeeper: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let tls: NIOSSLServerHandler
    private let doors: Doors
    private var isIntroduced = false

    init(tls: NIOSSLServerHandler, doors: Doors) {
        self.tls = tls
        self.doors = doors
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A machine that is down hears nothing: a stream that opened now would find nobody to take
        // it, which the HTTP/2 library does not survive.
        if doors.isShut { return }
        if !isIntroduced, let peer = context.remoteAddress,
            let certificate = tls.peerCertificate,
            let caller = try? Caller(certificateDER: certificate.toDERBytes())
        {
            doors.introduce(caller, at: peer)
        }
        isIntroduced = true
        context.fireChannelRead(data)
    }
}
