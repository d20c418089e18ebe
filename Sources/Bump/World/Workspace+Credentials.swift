import Foundation
import Kubernetes
import Model
import Talos

extension Workspace {
    /// Access to one of the two APIs, with the text it was read from.
    struct Credential<Config: Sendable>: Sendable {
        var config: Config
        /// Secret: for a private copy only.
        var text: String
        var source: String
    }

    /// Outputs, then `generated/`, then the environment, then the home folder; the setting first.
    func talosconfig(_ output: String?) throws -> Credential<TalosConfig> {
        if let output, settings.talosconfig == nil {
            let source = "output talosconfig"
            return Credential(
                config: try TalosConfig(yaml: output, source: source), text: output,
                source: source)
        }
        var candidates = [
            settings.talosconfig.map { root.appending(path: $0).path },
            root.appending(path: "generated/talosconfig").path, world.environment["TALOSCONFIG"],
        ].compactMap(\.self)
        if let home = world.environment["TALOS_HOME"] ?? world.home.map({ $0 + "/.talos" }) {
            candidates.append(home + "/config")
        }
        let first = settings.talosconfig == nil ? nil : candidates.first
        for path in candidates where path == first || FileManager.default.fileExists(atPath: path) {
            let text = try text(of: path, "talosconfig")
            return Credential(
                config: try TalosConfig(yaml: text, source: path), text: text, source: path)
        }
        throw Problem(
            .refused, "There is no talosconfig.",
            details: ["Looked at the output talosconfig and at:"] + candidates.map { "  " + $0 },
            fix: "add an output talosconfig and run terraform apply, or set TALOSCONFIG")
    }

    func kubeconfig(_ output: String?) throws -> Credential<Kubeconfig> {
        if let output, settings.kubeconfig == nil {
            let source = "output kubeconfig"
            return Credential(
                config: try Kubeconfig(text: output, origin: source), text: output, source: source)
        }
        if let path = settings.kubeconfig.map({ root.appending(path: $0).path }) {
            return try file(path)
        }
        let generated = root.appending(path: "generated/kubeconfig").path
        if FileManager.default.fileExists(atPath: generated) { return try file(generated) }
        let usual = Kubeconfig.usualFiles(environment: world.environment, home: world.home)
        guard let first = usual.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw Problem(
                .refused, "There is no kubeconfig.",
                details: ["Looked at the output kubeconfig and at:"]
                    + ([generated] + usual).map { "  " + $0 },
                fix: "add an output kubeconfig and run terraform apply, or set KUBECONFIG")
        }
        return Credential(
            config: try Kubeconfig(files: usual, mayBeMissing: true),
            text: try text(of: first, "kubeconfig"), source: usual.joined(separator: ":"))
    }

    private func file(_ path: String) throws -> Credential<Kubeconfig> {
        Credential(
            config: try Kubeconfig(files: [path]), text: try text(of: path, "kubeconfig"),
            source: path)
    }

    func text(of path: String, _ what: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Problem(
                .refused, "The \(what) cannot be read.", at: path, fix: "ls -l \(path)",
                causes: [error.localizedDescription])
        }
    }
}
