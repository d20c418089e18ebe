import Foundation
import Testing

/// A temporary folder with a home of its own, in which the built binary and other programs run.
struct Sandbox: Sendable {
    /// Holds everything, and is removed at the end.
    let home: URL
    var environment: [String: String]

    init() throws {
        home = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "bump-e2e-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        var inherited = ProcessInfo.processInfo.environment
        for name in inherited.keys where Self.isForeign(name) { inherited[name] = nil }
        environment = inherited
        environment["HOME"] = home.path
        environment["LC_ALL"] = "C.UTF-8"
        environment["TERM"] = "xterm"
        environment["COLUMNS"] = "100"
        try Data("[user]\n\tname = Ann Example\n\temail = ann@example.com\n".utf8)
            .write(to: home.appending(path: ".gitconfig"))
    }

    func remove() { try? FileManager.default.removeItem(at: home) }

    /// Runs a program to its end. One that has not ended in time is killed, and fails the test.
    @discardableResult
    func run(
        _ arguments: [String], in directory: URL? = nil, environment extra: [String: String?] = [:],
        input: String? = nil, within limit: Duration = .seconds(60)
    ) async throws -> Outcome {
        try await start(arguments, in: directory, environment: extra, input: input)
            .end(within: limit)
    }

    /// Starts a program. A nil in `extra` takes a variable away.
    func start(
        _ arguments: [String], in directory: URL? = nil, environment extra: [String: String?] = [:],
        input: String? = nil
    ) throws -> Program {
        var variables = environment
        for (name, value) in extra { variables[name] = value }
        return try Program(
            arguments, in: directory ?? home, environment: variables, input: input,
            scratch: home.appending(path: "scratch"))
    }

    /// The binary of this build: beside the tests, else in the package's debug build.
    static let binary: String = {
        let tests = URL(filePath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let beside = tests.appending(path: "bump").path
        let usual = package.appending(path: ".build/debug/bump").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : usual
    }()

    /// Whether a program is on the `PATH`.
    static func has(_ program: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// Whether a variable of the tests' own environment would change what the programs do.
    private static func isForeign(_ name: String) -> Bool {
        let prefixes = ["TF_", "TALOS", "KUBE", "GIT_", "BUMP", "XDG_", "NO_COLOR", "LC_", "LANG"]
        return prefixes.contains { name.hasPrefix($0) }
    }
}
