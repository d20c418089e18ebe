import Foundation
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Starts the daemon as a process of its own session, which no terminal can hang up.
struct DaemonProcess {
    let paths: LabPaths
    /// The `bump` binary.
    let executable: String

    /// Returns when the daemon answers. Throws a `Problem` when it ends first, or does not answer
    /// within ten seconds.
    func start() async throws {
        let process = try spawn()
        let client = ControlClient(paths: paths)
        for _ in 0..<200 {
            if let address = client.address, address.process == process,
                (try? await client.send(.status, within: .seconds(2))) != nil
            {
                return
            }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                throw Problem(
                    .refused, "The lab's daemon ended at once.", at: paths.root,
                    details: lastLines(), fix: "See \(paths.daemonLog).")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Problem(
            .unreachable, "The lab's daemon does not answer.", at: paths.root,
            fix: "See \(paths.daemonLog).")
    }

    private func spawn() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, paths.daemonLog, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.ownSession)
        var arguments: [UnsafeMutablePointer<CChar>?] =
            ([executable, "lab", "serve", paths.root] as [String]).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let code = posix_spawn(
            &process, executable, &actions, &attributes, &arguments, environ)
        guard code == 0 else {
            throw Problem(
                .refused, "The lab's daemon cannot be started: \(String(cString: strerror(code))).",
                at: executable)
        }
        return process
    }

    private func lastLines() -> [String] {
        let bytes = FileManager.default.contents(atPath: paths.daemonLog) ?? Data()
        let lines = String(decoding: bytes.suffix(2_000), as: UTF8.self).split(separator: "\n")
        return lines.suffix(5).map(String.init)
    }

    /// POSIX_SPAWN_SETSID, which Swift does not import everywhere.
    #if canImport(Darwin)
        private static let ownSession: Int16 = 0x0400
    #else
        private static let ownSession: Int16 = 0x80
    #endif
}
