import Foundation
import Model

/// What `.bump.yaml` has to say because convention does not find it.
struct SettingsProposal: Sendable, Equatable {
    var directory: String?
    /// `talos`, `kubernetes`, `extensions` to the path of a value.
    var variables: [String: String] = [:]
    var talosconfig: String?
    var kubeconfig: String?

    var isEmpty: Bool { self == SettingsProposal() }

    /// The lines of the file, without the heading.
    var lines: [String] {
        var lines: [String] = []
        if let directory {
            lines += ["terraform:", "  directory: " + Self.scalar(directory)]
        }
        let known = ["talos", "kubernetes", "extensions"].compactMap { name in
            variables[name].map { "  \(name): " + Self.scalar($0) }
        }
        if !known.isEmpty { lines += ["variables:"] + known }
        if let talosconfig { lines.append("talosconfig: " + Self.scalar(talosconfig)) }
        if let kubeconfig { lines.append("kubeconfig: " + Self.scalar(kubeconfig)) }
        return lines
    }

    var text: String {
        (["# What bump does not find by convention; written by `bump init`."] + lines)
            .joined(separator: "\n") + "\n"
    }

    /// Refuses to touch a file that is there: it holds somebody's own words.
    func check(_ file: URL, name: String) throws {
        guard !isEmpty, FileManager.default.fileExists(atPath: file.path) else { return }
        throw Problem(
            .refused, "\(name) exists and says something else than what was found.", at: name,
            details: ["These lines are missing, or differ:"] + lines.map { "  " + $0 },
            fix: "${EDITOR:-vi} \(name), then bump init again")
    }

    func write(_ file: URL, name: String) throws {
        try check(file, name: name)
        do {
            try Data(text.utf8).write(to: file, options: .withoutOverwriting)
        } catch {
            throw Problem(
                .refused, "\(name) cannot be written.", at: name,
                fix: "ls -ld \(file.deletingLastPathComponent().path)",
                causes: [error.localizedDescription])
        }
    }

    /// A plain scalar where that is safe, else a quoted one.
    private static func scalar(_ text: String) -> String {
        if text.wholeMatch(of: /[A-Za-z0-9_.\/][A-Za-z0-9_.\/\-]*/) != nil { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
