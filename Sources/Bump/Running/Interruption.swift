import Dispatch
import Foundation
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, SIGTERM and a terminal that is closed.
struct Interruption {
    /// Outside of a run nothing is half-way: the first signal ends the command.
    static func endCommand() {
        for number in signals { signal(number) { _ in _exit(Interruption.exitCode) } }
    }

    /// Runs `body` in a task that the first signal cancels, so that it stops resumable; the second
    /// exits now.
    func guarding<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await body() }
        let sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if task.isCancelled { exit(Self.exitCode) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            Self.endCommand()
        }
        return try await task.value
    }

    private static let exitCode = Problem.Kind.interrupted.exitCode

    /// A closed terminal does not count under `nohup`, which has it ignored.
    private static let signals = isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]

    private static func isIgnored(_ number: Int32) -> Bool {
        let before = signal(number, SIG_IGN)
        signal(number, before)
        return unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
