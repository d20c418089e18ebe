import Foundation
import Model
import Subprocess

/// One call of the program, for a bounded time.
///
/// Its output goes to files: when the reader of a pipe goes away, Terraform dies of SIGPIPE and
/// loses the state of a running apply. The files have no name any more once the program runs: they
/// may hold every secret, and nothing of them stays when we are killed. It runs in a session of its
/// own with SIGHUP ignored, so a Ctrl-C or a closed terminal reaches it only through us, and it
/// outlives us if we are killed.
struct Invocation: Sendable {
    var program: TerraformProgram
    /// Absolute path of the Terraform directory.
    var directory: String
    var arguments: [String]
    var environment: [String: String]
    /// Exists, and nobody else may read it: outputs hold secrets.
    var folder: String
    var limit: Duration
    /// How long the program may take to stop by itself once it was asked to.
    var grace: Duration = .seconds(5)
    /// True when files it makes are for our eyes only. Not for `apply`: those belong to the user.
    var isPrivate = true

    struct Outcome: Sendable {
        /// Zero is success; nil when time ran out; negative for a signal.
        var status: Int32?
        var output: Data
        var errors: String

        /// What each line of a `-json` stream says.
        var messages: [JSONValue] {
            output.split(separator: UInt8(ascii: "\n")).compactMap {
                try? JSONDecoder().decode(JSONValue.self, from: Data($0))
            }
        }
    }

    /// Runs it; each complete line of output is handed to `onLine` while it runs.
    func run(onLine: @escaping @Sendable (Data) -> Void = { _ in }) async throws -> Outcome {
        let name = folder + "/terraform-" + UUID().uuidString
        let (output, errors) = (name + ".out", name + ".err")
        let files = FileManager.default
        try files.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        defer { for file in [output, errors] { try? files.removeItem(atPath: file) } }
        let said = try handle(on: output)
        let words = try handle(on: errors)
        let status = try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask { .ended(try await launch(output: output, errors: errors)) }
            group.addTask {
                try await LineTail(file: said).follow(onLine)
                return .followed
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return .timedOut
            }
            defer { group.cancelAll() }
            while let event = try await group.next() {
                switch event {
                case .ended(let status): return Int32?.some(status)
                case .timedOut: return nil
                case .followed: continue
                }
            }
            return nil
        }
        try Task.checkCancellation()
        try said.seek(toOffset: 0)
        return Outcome(
            status: status, output: try said.readToEnd() ?? Data(),
            errors: String(decoding: try words.read(upToCount: 1 << 20) ?? Data(), as: UTF8.self))
    }

    /// Makes the file, for our eyes only, and opens it for reading.
    private func handle(on file: String) throws -> FileHandle {
        let isMade = FileManager.default.createFile(
            atPath: file, contents: nil, attributes: [.posixPermissions: 0o600])
        guard isMade, let handle = FileHandle(forReadingAtPath: file) else {
            throw Problem(
                .refused, "The output of terraform cannot be kept.", at: folder,
                fix: "ls -ld \(folder); df -h \(folder)")
        }
        return handle
    }

    private enum Event: Sendable { case ended(Int32), followed, timedOut }

    /// Cancellation asks the program to stop, waits, and then makes it.
    private func launch(output: String, errors: String) async throws -> Int32 {
        let script =
            "trap '' HUP; \(isPrivate ? "umask 077; " : "")"
            + #"exec >"$1" 2>"$2"; rm -f "$1" "$2"; shift 2; exec "$@""#
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .interrupt, allowedDurationToNextStep: grace),
            .send(signal: .interrupt, allowedDurationToNextStep: .seconds(8)),
        ]
        var values: [Environment.Key: String] = [:]
        for (name, value) in settings { values[Environment.Key(stringLiteral: name)] = value }
        do {
            let result = try await Subprocess.run(
                .name("sh"),
                arguments: Arguments(
                    ["-c", script, "sh", output, errors, program.path, "-chdir=" + directory]
                        + arguments),
                environment: .custom(values), platformOptions: options, input: .none,
                output: .discarded, error: .discarded)
            switch result.terminationStatus {
            case .exited(let code): return code
            case .signaled(let signal): return -signal
            }
        } catch let error as SubprocessError {
            throw Problem(
                .refused, "\(program.name) cannot be started.", at: program.path,
                fix: "\(program.path) version", causes: ["\(error)"])
        }
    }

    private var settings: [String: String] {
        var values = environment
        values["TF_IN_AUTOMATION"] = "1"
        values["CHECKPOINT_DISABLE"] = "1"
        values["TF_INPUT"] = "0"
        values["PATH"] = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        // Meant for commands that take variables; others fail over it.
        if !["plan", "apply", "destroy"].contains(arguments.first) { values["TF_CLI_ARGS"] = nil }
        return values
    }
}

/// Reads a growing file line by line.
struct LineTail: Sendable {
    var file: FileHandle

    /// Until cancelled; then once more, so that the last lines are not lost.
    func follow(_ onLine: @Sendable (Data) -> Void) async throws {
        var rest = Data()
        var isLast = false
        while true {
            while let part = try file.read(upToCount: 1 << 16), !part.isEmpty {
                rest += part
                var start = rest.startIndex
                while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                    onLine(rest[start..<end])
                    start = rest.index(after: end)
                }
                rest = Data(rest[start...])
            }
            if isLast { return }
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                isLast = true
            }
        }
    }
}
