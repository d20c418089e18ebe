import Model

/// Judges a plan: may it be applied to a running cluster?
struct PlanReview: Equatable {
    /// Addresses that would be destroyed, each with a word of how.
    private(set) var destroyed: [String] = []
    private(set) var replacedDownloads: [String] = []
    private(set) var created: [String] = []
    private(set) var updated: [String] = []
    private(set) var forgotten: [String] = []
    private(set) var outputs: [String] = []

    /// - Parameter plan: what `show -json PLAN` printed.
    init(_ plan: JSONValue) {
        for resource in plan["resource_changes"]?.array ?? [] {
            let address = resource["address"]?.string ?? "an unnamed resource"
            let actions =
                resource["change", "actions"]?.array?.compactMap(\.string) ?? []
            let type = resource["type"]?.string ?? ""
            switch (actions.contains("delete"), actions.contains("create")) {
            case (true, true) where type.contains("download_file"):
                // The image of another version: nothing that runs is touched.
                replacedDownloads.append(address)
            case (true, true): destroyed.append("\(address) would be replaced")
            case (true, false): destroyed.append("\(address) would be destroyed")
            case (false, true): created.append(address)
            case (false, false):
                if actions.contains("update") { updated.append(address) }
            }
            if actions.contains("forget") { forgotten.append(address) }
        }
        outputs = (plan["output_changes"]?.object ?? [:]).filter { _, change in
            change["actions"]?.array?.compactMap(\.string) != ["no-op"]
        }.keys.sorted()
    }

    /// Why the plan must not be applied, nil when it may.
    func refusal(directory: String) -> Problem? {
        guard !destroyed.isEmpty else { return nil }
        let shown = destroyed.prefix(20).map { "  " + $0 }
        let more = destroyed.count - shown.count
        return Problem(
            .refused,
            destroyed.count == 1
                ? "Terraform would destroy or replace a resource."
                : "Terraform would destroy or replace \(destroyed.count) resources.",
            at: directory, details: shown + (more > 0 ? ["  and \(more) more"] : []),
            fix: "Keep them with lifecycle { ignore_changes = […] }, or leave the apply to you: "
                + "terraform: {apply: never} in .bump.yaml")
    }

    /// One line: what would change.
    var summary: String {
        let parts = [
            part(created, "to add"), part(updated, "to change"),
            part(replacedDownloads, "image download to replace"),
            part(destroyed, "to destroy"), part(forgotten, "to forget"),
            outputs.isEmpty ? nil : "outputs " + Self.names(outputs),
        ].compactMap(\.self)
        return parts.isEmpty ? "no changes" : parts.joined(separator: ", ")
    }

    private func part(_ addresses: [String], _ words: String) -> String? {
        addresses.isEmpty ? nil : "\(addresses.count) \(words) (\(Self.names(addresses)))"
    }

    private static func names(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    }
}
