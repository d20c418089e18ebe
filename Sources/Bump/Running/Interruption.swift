import Dispatch
import Foundation
import Model
import Synchronization

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
        Self.state.withLock { state in
            if state.sources.isEmpty { state.sources = Self.signals.map(Self.source) }
            state.cancel = { task.cancel() }
        }
        defer { Self.state.withLock { $0.cancel = nil } }
        return try await task.value
    }

    private struct State {
        var sources: [any DispatchSourceSignal] = []
        /// Nil when there is nothing to cancel, or it was cancelled already.
        var cancel: (@Sendable () -> Void)?
    }

    private static let state = Mutex(State())

    /// Made once for all runs of a command: a source that follows one that was just cancelled hears
    /// nothing, since Dispatch has not yet let go of the signal.
    private static func source(_ number: Int32) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            let cancel = state.withLock { state in
                defer { state.cancel = nil }
                return state.cancel
            }
            guard let cancel else { exit(exitCode) }
            cancel()
        }
        source.resume()
        return source
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
