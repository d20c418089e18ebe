import Foundation
import Testing

/// What a program said and how it ended.
struct Outcome: CustomStringConvertible {
    let command: String
    /// The exit code; 128 and the signal for a program that a signal ended.
    let status: Int32
    let out: String
    let err: String

    /// Everything it said.
    var said: String { out + err }

    /// Everything it said, as if no line had been wrapped.
    var flat: String { said.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    var description: String { "\(command) exits \(status)\n\(out)\(err)" }
}

/// A program that runs. What it says goes to files, so that neither a full pipe nor a child it left
/// behind can hold the test up.
final class Program {
    private let command: String
    private let process = Process()
    private let out: URL
    private let err: URL

    /// Starts it. A name without a slash is looked up on the `PATH` of `environment`.
    init(
        _ arguments: [String], in directory: URL, environment: [String: String], input: String?,
        scratch: URL
    ) throws {
        command = arguments.joined(separator: " ")
        let files = scratch.appending(path: "output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        out = files.appending(path: "out")
        err = files.appending(path: "err")
        let first = try #require(arguments.first)
        let isPath = first.contains("/")
        process.executableURL = URL(filePath: isPath ? first : "/usr/bin/env")
        process.arguments = isPath ? Array(arguments.dropFirst()) : arguments
        process.currentDirectoryURL = directory
        process.environment = environment
        let source = files.appending(path: "in")
        try Data((input ?? "").utf8).write(to: source)
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try Self.file(out)
        process.standardError = try Self.file(err)
        try process.run()
    }

    private static func file(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    /// What it has said on stdout so far.
    var output: String { String(decoding: (try? Data(contentsOf: out)) ?? Data(), as: UTF8.self) }

    /// Waits for its end. One that has not ended in time is killed, and fails the test.
    func end(within limit: Duration) async throws -> Outcome {
        let isOver = try await eventually(within: limit) { !process.isRunning }
        if !isOver { await kill() }
        let outcome = Outcome(
            command: command, status: status, out: output,
            err: String(decoding: (try? Data(contentsOf: err)) ?? Data(), as: UTF8.self))
        try #require(isOver, "no end in \(limit): \(outcome)")
        return outcome
    }

    /// Ends it at once. Nothing happens to one that has ended.
    func kill() async {
        guard process.isRunning else { return }
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        _ = try? await eventually(within: .seconds(5)) { !process.isRunning }
    }

    private var status: Int32 {
        guard !process.isRunning else { return -1 }
        let code = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? 128 + code : code
    }
}

/// Whether the condition came true in time. It is looked at every 20 ms.
func eventually(within limit: Duration, _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= deadline { return false }
        try await Task.sleep(for: .milliseconds(20))
    }
}
