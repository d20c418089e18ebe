import Foundation
import Model
import NIOCore
import NIOPosix

/// Talks to the daemon of a lab.
struct ControlClient: Sendable {
    let paths: LabPaths

    /// Sends one request and gives the answer; a problem in it is thrown.
    func send(
        _ verb: ControlRequest.Verb, within limit: Duration = .seconds(30)
    ) async throws -> ControlReply {
        guard let address = self.address else { throw notRunning }
        let request = ControlRequest(token: address.token, verb: verb)
        let line = try JSONEncoder().encode(request) + [10]
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .connect(host: "127.0.0.1", port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw notRunning
        }
        let reply = try await withLimit(limit) {
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(bytes: line))
                return try await LineReader.first(of: inbound)
            }
        }
        guard let reply, let answer = try? JSONDecoder().decode(ControlReply.self, from: reply)
        else {
            throw Problem(
                .unreachable, "The lab's daemon broke off.", at: paths.root,
                fix: "See \(paths.daemonLog), then `bump lab start \(paths.root)`.")
        }
        if let problem = answer.problem { throw problem }
        return answer
    }

    /// Nil when no daemon said where it is.
    var address: ControlAddress? {
        FileManager.default.contents(atPath: paths.control).flatMap {
            try? JSONDecoder().decode(ControlAddress.self, from: $0)
        }
    }

    private var notRunning: Problem {
        Problem(
            .unreachable, "The lab is not running.", at: paths.root,
            fix: "bump lab start \(paths.root)")
    }

    private func withLimit<R: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Problem(
                    .unreachable, "The lab's daemon does not answer.",
                    fix: "See \(paths.daemonLog).")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw notRunning }
            return first
        }
    }
}

/// Reads what stands before the first newline.
enum LineReader {
    /// Nil when the other side closed first, or when the line is longer than a megabyte.
    static func first(of inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> Data? {
        var bytes = Data()
        for try await buffer in inbound {
            bytes.append(contentsOf: buffer.readableBytesView)
            if let end = bytes.firstIndex(of: 10) { return bytes[..<end] }
            if bytes.count > 1 << 20 { return nil }
        }
        return nil
    }
}
