import Foundation
import Model

/// One command line of the user's, run by `sh -c` for a bounded time.
struct ShellCommand: Sendable {
    var text: String
    var directory: String
    var environment: [String: String]

    struct End: Sendable {
        /// Nil when its time ran out.
        var status: Int32?
        /// The last lines of its output and errors.
        var lines: [String]
    }

    func run(
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> End {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bump-\(UUID())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "output").path
        report(text)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", text]
        process.currentDirectoryURL = URL(filePath: directory)
        process.environment = environment
        FileManager.default.createFile(atPath: file, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let deadline = ContinuousClock.now + limit
        while process.isRunning, ContinuousClock.now < deadline {
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                process.terminate()
                throw error
            }
        }
        let isOver = !process.isRunning
        if !isOver { process.terminate() }
        try? handle.close()
        let bytes = (try? Data(contentsOf: URL(filePath: file)))?.suffix(8192) ?? Data()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        return End(status: isOver ? process.terminationStatus : nil, lines: lines)
    }
}
