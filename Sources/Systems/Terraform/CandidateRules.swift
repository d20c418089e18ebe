import Foundation
import HCL
import Model

/// Tells by name and value what a variable holds. The names are those of public repositories.
struct CandidateRules {
    enum Kind { case talos, kubernetes, extensions }

    struct Match {
        var kind: Kind
        var text: String
        var sureness: ConfigurationSurvey.Sureness
    }

    /// Nil for a value that is none of what is looked for.
    func match(_ path: HCLPath, _ value: HCLValue) -> Match? {
        let steps = path.steps.compactMap { step in
            if case .key(let key) = step { key.lowercased() } else { nil }
        }
        let words = [path.name.lowercased()] + steps
        guard let last = words.last else { return nil }
        if let items = value.list {
            let texts = items.compactMap(\.string)
            guard texts.count == items.count, last.contains("extension") else { return nil }
            let isUsual = words == ["talos_extensions"]
            return Match(
                kind: .extensions, text: texts.joined(separator: ","),
                sureness: isUsual ? .certain : .likely)
        }
        guard let text = value.string, let version = Version(text), version.major == 1,
            !Self.others.contains(where: last.contains)
        else { return nil }
        // Talos has not come to 1.20 and Kubernetes is long past it.
        return version.minor < 20
            ? talos(words, last, text) : kubernetes(words, last, text)
    }

    private func talos(_ words: [String], _ last: String, _ text: String) -> Match? {
        guard !last.contains("kube"), !last.contains("k8s") else { return nil }
        let isVersion = last.contains("version") || last == "talos"
        let sureness: ConfigurationSurvey.Sureness
        if words == ["talos_version"] {
            sureness = .certain
        } else if isVersion, words.contains(where: { $0.contains("talos") }) {
            sureness = .likely
        } else if Self.possible.contains(words) {
            sureness = .possible
        } else {
            return nil
        }
        return Match(kind: .talos, text: text, sureness: sureness)
    }

    private func kubernetes(_ words: [String], _ last: String, _ text: String) -> Match? {
        let isNamed = words.contains { $0.contains("kube") || $0.contains("k8s") }
        guard isNamed, last.contains("version") || last == "kubernetes" || last == "k8s",
            !last.contains("talos")
        else { return nil }
        return Match(
            kind: .kubernetes, text: text,
            sureness: words == ["kubernetes_version"] ? .certain : .likely)
    }

    /// Lines of a configuration that write a Talos version where no variable leads.
    func literals(_ file: SourceFile) -> [String] {
        guard file.document.syntax == .module else { return [] }
        let text = String(decoding: file.document.bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            guard let match = line.firstMatch(of: /^\s+(talos_version\s*=\s*"[^"$]*")/) else {
                return nil
            }
            return "\(file.name):\(index + 1): \(match.1)"
        }
    }

    /// Parts of names that mean another version than the one in force.
    private static let others = ["update", "upgrade", "contract", "previous", "next", "min", "max"]

    private static let possible: Set<[String]> = [
        ["image", "version"], ["cluster", "version"], ["release"], ["os_version"],
        ["image_version"],
    ]
}
