import Dispatch
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Signals of the process as a stream.
enum ProcessSignals {
    /// One element for each SIGTERM and SIGINT. A hang-up is ignored, as is a broken pipe: the
    /// daemon outlives the terminal that made it.
    static func stop() -> AsyncStream<Void> {
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler holds its source: it lives as long as the process.
            source.setEventHandler {
                withExtendedLifetime(source) { _ = continuation.yield() }
            }
            source.activate()
        }
        return stream
    }
}
