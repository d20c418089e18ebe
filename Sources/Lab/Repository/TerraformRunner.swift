import Foundation
import Model
import Synchronization

/// Runs Terraform (or OpenTofu) in a lab's repository.
struct TerraformRunner: Sendable {
    let paths: LabPaths

    func initialize() async throws {
        try await run(["init", "-input=false", "-no-color"], within: .seconds(60))
    }

    /// Many machines at once: each is a process of its own.
    func apply() async throws {
        try await run(
            ["apply", "-input=false", "-auto-approve", "-no-color", "-parallelism=50"],
            within: .seconds(600))
    }

    /// Output goes to a file: a reader that goes away would kill Terraform in the middle of its
    /// work, and the state would be lost.
    private func run(_ arguments: [String], within limit: Duration) async throws {
        guard let executable = Self.find() else {
            throw Problem(
                .refused, "Neither terraform nor tofu is installed.",
                fix: "Install Terraform 1.4 or newer, or OpenTofu, and put it on the PATH.")
        }
        let manager = FileManager.default
        if !manager.fileExists(atPath: paths.terraformLog) {
            _ = manager.createFile(
                atPath: paths.terraformLog, contents: nil,
                attributes: [.posixPermissions: 0o600])
        }
        guard let log = FileHandle(forWritingAtPath: paths.terraformLog) else {
            throw Problem(.refused, "The log cannot be written.", at: paths.terraformLog)
        }
        log.seekToEndOfFile()
        defer { try? log.close() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: paths.terraform)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        var environment = ProcessInfo.processInfo.environment
        environment["TF_IN_AUTOMATION"] = "1"
        process.environment = environment
        let status = try await Self.wait(for: process, within: limit)
        guard status == 0 else {
            throw Problem(
                .refused, "`terraform \(arguments[0])` failed.", at: paths.terraform,
                details: lastLines(), fix: "See \(paths.terraformLog).")
        }
    }

    private static func wait(for process: Process, within limit: Duration) async throws -> Int32 {
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            end.yield(process.terminationStatus)
            end.finish()
        }
        try process.run()
        let id = process.processIdentifier
        return try await withThrowingTaskGroup(of: Int32.self) { group in
            group.addTask {
                for await status in ends { return status }
                throw CancellationError()
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Problem(.unreachable, "Terraform did not end in \(limit).")
            }
            defer { group.cancelAll() }
            do {
                return try await group.next() ?? 1
            } catch {
                kill(id, SIGTERM)
                throw error
            }
        }
    }

    private func lastLines() -> [String] {
        let bytes = FileManager.default.contents(atPath: paths.terraformLog) ?? Data()
        let lines = String(decoding: bytes.suffix(4_000), as: UTF8.self).split(separator: "\n")
        return lines.suffix(12).map(String.init)
    }

    private static func find() -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        for name in ["terraform", "tofu"] {
            for folder in path.split(separator: ":") {
                let candidate = "\(folder)/\(name)"
                if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            }
        }
        return nil
    }
}
