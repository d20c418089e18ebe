import Display
import Execution
import Foundation
import Model

/// Everything outside the program that it looks at: made once, passed in. Nothing else reads the
/// process, the clock or the terminal.
struct World: Sendable {
    var environment: [String: String]
    /// Where the command was typed, or what `-C` said.
    var directory: URL
    var output: Output
    var clock: @Sendable () -> Moment

    /// - Parameter directory: what `-C` said; nil for the working directory.
    static func live(directory: String?, noColor: Bool = false) -> World {
        let environment = ProcessInfo.processInfo.environment
        let here = URL(
            filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let place = directory.map { Self.url($0, in: here).standardizedFileURL }
        let start = ContinuousClock.now
        return World(
            environment: environment, directory: place ?? here,
            output: Output(environment: environment, noColor: noColor),
            clock: {
                Moment(
                    elapsed: ContinuousClock.now - start,
                    wall: Date.now.timeIntervalSince1970)
            })
    }

    /// A path as it was typed, from the working directory or absolute.
    func url(_ path: String) -> URL { Self.url(path, in: directory) }

    private static func url(_ path: String, in directory: URL) -> URL {
        path.hasPrefix("/") ? URL(filePath: path) : directory.appending(path: path)
    }

    var home: String? { environment["HOME"] }

    /// This machine's own name, without asking the network for it.
    var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// This process's number.
    var process: Int32 { ProcessInfo.processInfo.processIdentifier }

    var now: Double { clock().wall }

    /// A name for a run that nobody used before: the time, and two random bytes.
    func newRunID() -> RunID {
        let format = Date.ISO8601FormatStyle(timeZone: .gmt)
            .year().month().day().dateSeparator(.omitted)
            .time(includingFractionalSeconds: false).timeSeparator(.omitted)
        let stamp = Date(timeIntervalSince1970: now).formatted(format)
            .replacing("T", with: "-").prefix(15)
        let tail = String(UInt16.random(in: 0x1000...0xffff), radix: 16)
        return RunID("\(stamp)-\(tail)")
    }
}
