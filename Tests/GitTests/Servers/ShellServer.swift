import Foundation
import Testing

/// A server for git over SSH, on a port of its own, for the user who runs the tests.
final class ShellServer {
    private let process = Process()
    let port: Int
    /// The line of `known_hosts` for it.
    let knownHost: String

    /// `BUMP_TEST_SSHD`, or where systems install it.
    static let program: String? = {
        let chosen = ProcessInfo.processInfo.environment["BUMP_TEST_SSHD"]
        return [chosen, "/usr/sbin/sshd", "/usr/local/sbin/sshd"].compactMap(\.self)
            .first(where: FileManager.default.isExecutableFile)
    }()

    /// - Parameters:
    ///   - folder: Where its keys go, and its user's: `id_ed25519`.
    init(_ folder: String) async throws {
        let program = try #require(Self.program)
        // It is a server of the machine: nothing but trying tells which port is free.
        port = Int.random(in: 20_000..<30_000)
        for name in ["host", "id_ed25519"] {
            try Self.run(
                "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/" + name)
        }
        let host = try String(contentsOfFile: folder + "/host.pub", encoding: .utf8)
        knownHost =
            "[127.0.0.1]:\(port) " + host.split(separator: " ").prefix(2).joined(separator: " ")
        let settings = """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(folder)/host
            AuthorizedKeysFile \(folder)/id_ed25519.pub
            PidFile none
            StrictModes no
            PasswordAuthentication no
            KbdInteractiveAuthentication no

            """
        try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/sshd_config"))
        if getuid() == 0 {
            try FileManager.default.createDirectory(
                atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        // Not sshd itself: it closes what Foundation listens to for the end of a process.
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "trap 'kill $!' TERM; \"$0\" -D -e -f \"$1\" & wait", program,
            folder + "/sshd_config",
        ]
        process.standardError = FileHandle(forWritingAtPath: "/dev/null")
        try process.run()
        for _ in 0..<100 {
            if Self.answers(port) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        process.terminate()
        throw CocoaError(.fileNoSuchFile)
    }

    deinit { process.terminate() }

    private static func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private static func answers(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
