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
/// behind can hold the test up. For the same reason this is no `Foundation.Process`, whose end
/// comes only when every descendant has closed a socket it inherits.
final class Program {
    private let command: String
    private let child: pid_t
    private let files: URL
    private var status: Int32?

    /// Starts it, in a process group of its own. A name without a slash is looked up on the `PATH`
    /// of `environment`.
    init(
        _ arguments: [String], in directory: URL, environment: [String: String], input: String?,
        scratch: URL
    ) throws {
        command = arguments.joined(separator: " ")
        files = scratch.appending(path: "output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        try Data((input ?? "").utf8).write(to: files.appending(path: "in"))
        child = try Self.spawn(
            ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory.path] + arguments,
            environment.map { "\($0)=\($1)" }, files: files.path)
    }

    private static func spawn(
        _ words: [String], _ variables: [String], files: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let creates = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, files + "/in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, files + "/out", creates, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, files + "/err", creates, 0o600)
        var flags = POSIX_SPAWN_SETPGROUP
        #if canImport(Darwin)
            flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            for descriptor in Int32(3)..<256 {
                posix_spawn_file_actions_addclose(&actions, descriptor)
            }
        #endif
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        var arguments = words.map { strdup($0) } + [nil]
        var environment = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let failure = posix_spawn(
            &child, words[0], &actions, &attributes, &arguments, &environment)
        try #require(failure == 0, "\(words[0]): \(String(cString: strerror(failure)))")
        return child
    }

    /// What it has said on stdout so far.
    var output: String { text("out") }

    /// What it has said on stderr so far.
    var talk: String { text("err") }

    /// Waits for its end. One that has not ended in time is killed, and fails the test.
    func end(within limit: Duration) async throws -> Outcome {
        let isOver = try await eventually(within: limit) { hasEnded() }
        if !isOver { await kill() }
        let outcome = Outcome(
            command: command, status: status ?? -1, out: output, err: text("err"))
        try #require(isOver, "no end in \(limit): \(outcome)")
        return outcome
    }

    /// Ends it and its children at once. Nothing happens to one that has ended.
    func kill() async {
        guard !hasEnded() else { return }
        _ = Foundation.kill(-child, SIGKILL)
        _ = try? await eventually(within: .seconds(5)) { hasEnded() }
    }

    /// Ends it alone, at once, as `kill -9` with its number does: its children live on.
    func crash() { signal(SIGKILL) }

    func signal(_ number: Int32) { _ = Foundation.kill(child, number) }

    func hasEnded() -> Bool {
        if status != nil { return true }
        var word: Int32 = 0
        guard waitpid(child, &word, WNOHANG) == child else { return false }
        let signal = word & 0x7f
        status = signal == 0 ? (word >> 8) & 0xff : 128 + signal
        return true
    }

    private func text(_ name: String) -> String {
        let bytes = try? Data(contentsOf: files.appending(path: name))
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }
}

/// Whether the condition came true in time. It is looked at again after each `interval`.
func eventually(
    within limit: Duration, every interval: Duration = .milliseconds(10),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= deadline { return false }
        try await Task.sleep(for: interval)
    }
}
