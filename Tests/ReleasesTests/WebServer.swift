import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server on loopback whose answers a test writes by hand.
final class WebServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let state: State

    /// - Parameter answer: the whole answer to a request (its head and body), nil for silence.
    init(_ answer: @escaping @Sendable (String) -> String?) async throws {
        let state = State(answer)
        self.state = state
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    var url: String { "http://127.0.0.1:\(port)" }

    var requests: [String] { state.requests.withLock { $0 } }

    func close() async { try? await channel.close() }

    static func answer(_ code: Int, _ body: String = "", headers: String = "") -> String {
        "HTTP/1.1 \(code) X\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n"
            + "\(headers)\r\n\(body)"
    }

    private final class State: Sendable {
        let answer: @Sendable (String) -> String?
        let requests = Mutex<[String]>([])

        init(_ answer: @escaping @Sendable (String) -> String?) { self.answer = answer }
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let state: State
        private var received = ""

        init(_ state: State) { self.state = state }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard let end = received.firstRange(of: "\r\n\r\n") else { return }
            let length =
                received[..<end.lowerBound].split(separator: "\r\n")
                .first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
            guard received[end.upperBound...].utf8.count >= length else { return }
            let request = received
            received = ""
            state.requests.withLock { $0.append(request) }
            guard let answer = state.answer(request) else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }
}

/// A port on which nobody listens.
enum ClosedPort {
    static func url() async throws -> String {
        let server = try await WebServer { _ in nil }
        await server.close()
        return server.url
    }
}
