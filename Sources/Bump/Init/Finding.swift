import Model

/// One thing that was looked for in a repository.
struct Finding: Sendable {
    /// `Talos`, `kubeconfig`, …
    var name: String
    /// Nil when it was not found; the notes say why.
    var value: String?
    /// The file and line, output or setting that it comes from.
    var source: String?
    var sureness: Sureness
    var notes: [String] = []

    enum Sureness: String, Sendable { case certain, likely, possible, missing }

    /// `Talos        v1.9.2  (certain: talos_version, terraform/terraform.tfvars:1:17)`
    func lines(width: Int) -> [String] {
        let label = name.padding(to: width)
        let isPlain = sureness == .missing || (sureness == .certain && source == nil)
        let origin = [isPlain ? nil : sureness.rawValue, source]
            .compactMap(\.self).joined(separator: ": ")
        let shown = (value ?? "not found") + (origin.isEmpty ? "" : "  (\(origin))")
        let indent = String(repeating: " ", count: width + 2)
        return [label + "  " + shown] + notes.map { indent + "- " + $0 }
    }

    var json: JSONValue {
        [
            "name": .string(name), "value": value.map(JSONValue.string) ?? .null,
            "source": source.map(JSONValue.string) ?? .null,
            "sureness": .string(sureness.rawValue), "notes": .array(notes.map(JSONValue.string)),
        ]
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
