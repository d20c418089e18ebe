import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server on loopback that answers each request with the next of the given texts, and
/// stays silent when there is none left, or on connections from before it went down.
final class LoopbackServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let script: Script

    init(_ answers: [String]) async throws {
        let script = Script(answers)
        self.script = script
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// The requests so far: head and body as they came.
    var requests: [String] { script.state.withLock { $0.requests } }

    func close() async { try? await channel.close() }

    /// Goes down and comes back: the connections so far stay open, and nothing is answered on them.
    func leaveConnectionsHalfOpen() { script.state.withLock { $0.life += 1 } }

    /// An answer with a JSON body. It closes its connection unless that is kept.
    static func json(
        _ code: Int, _ body: String, headers: String = "", keepsAlive: Bool = false
    ) -> String {
        "HTTP/1.1 \(code) X\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Date: Fri, 01 May 2026 12:00:00 GMT\r\n"
            + "Connection: \(keepsAlive ? "keep-alive" : "close")\r\n\(headers)\r\n\(body)"
    }

    final class Script: Sendable {
        let state: Mutex<(answers: [String], requests: [String], life: Int)>

        init(_ answers: [String]) { state = Mutex((answers, [], 0)) }

        func next(for request: String) -> String? {
            state.withLock { state in
                state.requests.append(request)
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
        }
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let script: Script
        /// Of the server's lives, the one in which the connection was made.
        private let life: Int
        private var received = ""

        init(_ script: Script) {
            self.script = script
            life = script.state.withLock { $0.life }
        }

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
            guard life == script.state.withLock({ $0.life }),
                let answer = script.next(for: request)
            else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }
}
