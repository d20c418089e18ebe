import Foundation
import Synchronization

/// A command that is run with empty input, a time limit and a bound on what is kept of its
/// output. Its children may outlive it; nothing waits for them.
struct BoundedProcess: Sendable {
    var path: String
    var arguments: [String]
    var environment: [String: String]
    var limit: Duration

    struct Result: Sendable {
        var status: Int32
        var output: Data
        var errors: Data

        /// The last five lines of what it complained.
        var lastErrorLines: [String] {
            String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(5)
                .map { String($0.prefix(300)) }
        }
    }

    enum Failure: Error {
        case cannotStart
        case tookTooLong(Duration)
        case saidTooMuch

        /// Completes a sentence that begins with the command.
        var text: String {
            switch self {
            case .cannotStart: "cannot be started"
            case .tookTooLong(let limit): "did not end within \(limit.components.seconds) s"
            case .saidTooMuch: "printed more than 1 MiB"
            }
        }
    }

    /// Runs it on a thread of its own. A cancelled task ends the command.
    func run() async throws -> Result {
        let stop = StopFlag()
        let result = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(with: Swift.Result { try runBlocking(stop) })
                }
            }
        } onCancel: {
            stop.raise()
        }
        try Task.checkCancellation()
        return result
    }

    private func runBlocking(_ stop: StopFlag) throws -> Result {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do {
            try process.run()
        } catch {
            throw Failure.cannotStart
        }
        try? output.fileHandleForWriting.close()
        try? errors.fileHandleForWriting.close()
        let deadline = ContinuousClock.now + limit
        var streams = [
            Stream(descriptor: output.fileHandleForReading.fileDescriptor),
            Stream(descriptor: errors.fileHandleForReading.fileDescriptor),
        ]
        do {
            try Self.read(&streams, until: deadline, limit: limit, stop: stop, ended: process)
            while ended.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
                if stop.isRaised || ContinuousClock.now >= deadline {
                    throw Failure.tookTooLong(limit)
                }
            }
        } catch {
            Self.end(process, ended)
            throw error
        }
        return Result(
            status: process.terminationStatus, output: streams[0].data, errors: streams[1].data)
    }

    /// Reads both streams until they are closed, or the command has ended and nothing comes.
    private static func read(
        _ streams: inout [Stream], until deadline: ContinuousClock.Instant, limit: Duration,
        stop: StopFlag, ended process: Process
    ) throws {
        while streams.contains(where: \.isOpen) {
            if stop.isRaised || ContinuousClock.now >= deadline {
                throw Failure.tookTooLong(limit)
            }
            let wasRunning = process.isRunning
            var polled = streams.map {
                pollfd(fd: $0.isOpen ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0)
            }
            let ready = poll(&polled, nfds_t(polled.count), 100)
            if ready == 0, !wasRunning { return }
            guard ready > 0 else { continue }
            for (index, item) in polled.enumerated() where item.revents != 0 {
                try streams[index].take()
            }
        }
    }

    private static func end(_ process: Process, _ ended: DispatchSemaphore) {
        guard process.isRunning else { return }
        process.terminate()
        if ended.wait(timeout: .now() + .seconds(1)) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
        }
    }

    /// One pipe being read.
    private struct Stream {
        let descriptor: Int32
        var data = Data()
        var isOpen = true

        mutating func take() throws {
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            let count = buffer.withUnsafeMutableBytes {
                systemRead(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                data.append(contentsOf: buffer.prefix(count))
                if data.count > 1 << 20 { throw Failure.saidTooMuch }
            } else if count == 0 || errno != EINTR {
                isOpen = false
            }
        }
    }
}

/// Tells a blocking thread that nobody waits for it any more.
private final class StopFlag: Sendable {
    private let raised = Mutex(false)

    var isRaised: Bool { raised.withLock { $0 } }

    func raise() { raised.withLock { $0 = true } }
}

/// `read(2)`, under a name that no method hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int)
    -> Int
{
    read(descriptor, buffer, count)
}
