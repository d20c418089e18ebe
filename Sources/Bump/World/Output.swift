import Display
import Foundation
import Model
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// stdout is data, stderr is talk.
struct Output: Sendable {
    /// The look of talk.
    let style: Style
    /// The look of data that people read, such as a plan.
    let dataStyle: Style
    private let isTerminal: Bool

    init(environment: [String: String], noColor: Bool) {
        let columns = environment["COLUMNS"].flatMap { Int($0) } ?? Self.columns()
        let offset = Self.utcOffset()
        style = Style(
            isTerminal: isatty(STDERR_FILENO) == 1, environment: environment, noColor: noColor,
            columns: columns, utcOffset: offset)
        dataStyle = Style(
            isTerminal: isatty(STDOUT_FILENO) == 1, environment: environment, noColor: noColor,
            columns: columns, utcOffset: offset)
        isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
    }

    func data(_ lines: [String]) { Self.write(lines, to: STDOUT_FILENO) }

    func talk(_ lines: [String]) { Self.write(lines, to: STDERR_FILENO) }

    func talk(_ line: String) { talk([line]) }

    /// Whether somebody is there to answer a question.
    var canAsk: Bool { isTerminal }

    /// Asks on stderr, reads a line from stdin. Nil at its end.
    func ask(_ question: String) -> String? {
        Self.writeText(question + " ", to: STDERR_FILENO)
        return readLine(strippingNewline: true)
    }

    private static func write(_ lines: [String], to descriptor: Int32) {
        guard !lines.isEmpty else { return }
        writeText(lines.joined(separator: "\n") + "\n", to: descriptor)
    }

    /// Writes all of it; a reader that went away is no reason to stop.
    private static func writeText(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// write(2), which a method of this name would hide.
    private static func writeBytes(
        _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
    ) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes, count)
        #else
            Darwin.write(descriptor, bytes, count)
        #endif
    }

    /// Seconds east of Greenwich, from the system: Foundation would load all time zones to tell.
    private static func utcOffset() -> Int {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return local.tm_gmtoff
    }

    private static func columns() -> Int? {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}
