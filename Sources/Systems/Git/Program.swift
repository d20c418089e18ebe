import Foundation
import Model

/// Runs a program of the user's, such as a hook or a signer, for a bounded time. Its output goes
/// to files, never to a pipe, so it cannot stall.
struct Program {
    var path: String
    var arguments: [String]
    var environment: [String: String]
    var directory: String
    var input = Data()
    var limit: Duration

    struct Outcome {
        /// Nil when time ran out.
        var status: Int32?
        var output: String
        var errors: String
    }

    /// - Throws: a `Problem` when the program does not start.
    func run() async throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bump-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
        try input.write(to: files[0])
        try Data().write(to: files[1])
        try Data().write(to: files[2])
        let process = Process()
        process.executableURL = try executable()
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        let status = try await wait(for: process)
        try Task.checkCancellation()
        return Outcome(status: status, output: text(files[1]), errors: text(files[2]))
    }

    private func wait(for process: Process) async throws -> Int32? {
        let (ends, end) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            end.yield($0.terminationStatus)
            end.finish()
        }
        do {
            try process.run()
        } catch {
            throw Problem(
                .refused, "\(path) cannot be run.", at: path,
                fix: "Make it executable, with an interpreter that exists in its first line.",
                causes: ["\(error)"])
        }
        let id = process.processIdentifier
        let limit = limit
        return await withTaskGroup(of: Int32?.self) { group in
            group.addTask {
                for await status in ends { return status }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            if first == nil {
                // Foundation starts each process in a group of its own.
                kill(-id, SIGKILL)
                kill(id, SIGKILL)
            }
            group.cancelAll()
            return first
        }
    }

    private func executable() throws -> URL {
        if path.contains("/") { return URL(fileURLWithPath: path) }
        for folder in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let candidate = "\(folder)/\(path)"
            if FileManager.default.isExecutableFile(atPath: candidate) {
                return URL(fileURLWithPath: candidate)
            }
        }
        throw Problem(
            .refused, "The program \(path) is not installed.",
            fix: "Install it, or turn off what needs it in the git configuration.")
    }

    /// At most a mebibyte, replacement characters for what is not UTF-8.
    private func text(_ file: URL) -> String {
        guard let handle = try? FileHandle(forReadingFrom: file),
            let data = try? handle.read(upToCount: 1 << 20)
        else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}

extension Program {
    /// A hook of the repository. The shell also runs one that names no interpreter, as git does.
    init(
        hook: String, arguments: [String], environment: [String: String], root: String,
        input: Data = Data()
    ) {
        self.init(
            path: "/bin/sh", arguments: ["-c", #"exec "$0" "$@""#, hook] + arguments,
            environment: environment, directory: root, input: input, limit: .seconds(600))
    }
}
