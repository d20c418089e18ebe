import Execution
import Foundation
import Model

/// Runs a hook of the user's: a command of `.bump.yaml` between the new cluster and the restore.
///
/// What it prints may be secret, so it goes into a private file of the run and nowhere else.
struct HookRunner: Sendable {
    let root: URL
    let environment: [String: String]
    /// As the settings have them now: a hook that failed is mended there, not in the plan.
    let hooks: [RebuildHook]
    /// The new cluster's, as text, for `kubectl` and `helm`. Secret.
    let kubeconfig: String

    func run(
        _ planned: RebuildHook, keepingOutputIn folder: RunFolder, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let hook = hooks.first { $0.name == planned.name } ?? planned
        let file = root.appending(path: ".bump/kubeconfig-\(UUID())")
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: Data(kubeconfig.utf8),
                attributes: [.posixPermissions: 0o600])
        else {
            throw Problem(
                .stopped, "The kubeconfig for your hook cannot be written.", at: ".bump",
                fix: "df -h .bump; ls -ld .bump")
        }
        defer { try? FileManager.default.removeItem(at: file) }
        var environment = environment
        environment["KUBECONFIG"] = file.path
        let log = "hook-\(Self.fileName(hook.name)).log"
        report(hook.command)
        let status = try await ShellCommand(
            text: hook.command, directory: root.path, environment: environment,
            log: folder.path(of: log)
        ).run(within: limit)
        guard status == 0 else {
            let end =
                status.map { "exit status \($0)" } ?? "no end in \(limit.components.seconds) s"
            throw Problem(
                .stopped, "Your hook \(hook.name) failed: \(end).",
                at: folder.relativePath(of: log),
                details: ["What it printed is there, and not here: it may hold secrets."],
                fix: "tail \(folder.relativePath(of: log)); mend the hook in .bump.yaml, then: "
                    + "bump resume")
        }
        return "done"
    }

    private static func fileName(_ name: String) -> String {
        String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
    }
}
