import Foundation
import Model
import NIOCore
import NIOPosix

/// Answers on a loopback port, one request a connection.
struct ControlServer: Sendable {
    let token: String
    /// A thrown error goes back as a `Problem`.
    let handle: @Sendable (ControlRequest.Verb) async throws -> ControlReply

    /// Listens on a free port and says which, then serves until the task is cancelled.
    func run(isListening: @Sendable (Int) throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        try isListening(server.channel.localAddress?.port ?? 0)
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                guard let line = try await LineReader.first(of: inbound) else { return }
                let reply = await answer(line)
                try await outbound.write(ByteBuffer(bytes: try JSONEncoder().encode(reply) + [10]))
            }
        } catch {
            DaemonLog.write("a control connection broke off")
        }
    }

    private func answer(_ line: Data) async -> ControlReply {
        guard let request = try? JSONDecoder().decode(ControlRequest.self, from: line),
            request.token == token
        else {
            return ControlReply(problem: Problem(.refused, "The lab does not know this caller."))
        }
        do {
            return try await handle(request.verb)
        } catch {
            return ControlReply(problem: Problem(error))
        }
    }
}
