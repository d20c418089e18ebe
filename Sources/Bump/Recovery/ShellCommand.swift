import Foundation
import Model
import Subprocess

/// One command line of the user's, run by `sh -c` for a bounded time, in a session of its own: what
/// it has started ends with it.
struct ShellCommand: Sendable {
    var text: String
    var directory: String
    var environment: [String: String]
    /// Gets its output and errors, mode 0600.
    var log: String

    /// The exit status; nil when its time ran out. Cancelled, it ends at once.
    func run(within limit: Duration) async throws -> Int32? {
        try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { try await launch() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            let first = try await group.next()
            try Task.checkCancellation()
            return first ?? nil
        }
    }

    private func launch() async throws -> Int32 {
        _ = FileManager.default.createFile(
            atPath: log, contents: nil, attributes: [.posixPermissions: 0o600])
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(
                signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(5)),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1)),
        ]
        var values: [Environment.Key: String] = [:]
        for (name, value) in environment { values[Environment.Key(stringLiteral: name)] = value }
        do {
            let result = try await Subprocess.run(
                .name("sh"),
                arguments: [
                    "-c", #"cd "$1" && exec sh -c "$3" >"$2" 2>&1"#, "sh", directory, log,
                    text,
                ],
                environment: .custom(values), platformOptions: options, input: .none,
                output: .discarded, error: .discarded)
            switch result.terminationStatus {
            case .exited(let code): return code
            case .signaled(let signal): return -signal
            }
        } catch let error as SubprocessError {
            throw Problem(
                .stopped, "A shell cannot be started.", fix: "command -v sh",
                causes: ["\(error)"])
        }
    }
}
