import Model

/// Judges a plan: may it be applied to a running cluster?
struct PlanReview: Equatable {
    /// Addresses that would be destroyed, each with a word of how.
    private(set) var destroyed: [String] = []
    /// Nodes or clusters that Terraform itself would upgrade.
    private(set) var upgraded: [String] = []
    /// Image downloads that are replaced or removed: nothing that runs is touched.
    private(set) var downloads: [String] = []
    /// Files on this machine and schematics, made anew with other contents.
    private(set) var rewritten: [String] = []
    private(set) var created: [String] = []
    private(set) var updated: [String] = []
    private(set) var forgotten: [String] = []
    private(set) var outputs: [String] = []
    /// What would be done to each address, other than nothing and reading it.
    private(set) var actions: [String: Set<String>] = [:]
    /// What may be applied, but should be known.
    private(set) var warnings: [String] = []
    /// What the plan knows of the schematics that it will make.
    let schematics: PlannedSchematics

    /// - Parameter plan: what `show -json PLAN` printed.
    init(_ plan: JSONValue) {
        schematics = PlannedSchematics(plan)
        for change in plan["resource_changes"]?.array ?? [] { add(ResourceChange(change)) }
        outputs = (plan["output_changes"]?.object ?? [:]).filter { _, change in
            change["actions"]?.array?.compactMap(\.string) != ["no-op"]
        }.keys.sorted()
    }

    private mutating func add(_ change: ResourceChange) {
        let address = change.address
        let acting = Set(change.actions).subtracting(["no-op", "read"])
        if !acting.isEmpty { actions[address, default: []].formUnion(acting) }
        if change.actions.contains("forget") { forgotten.append(address) }
        if change.actions.contains("delete") {
            if change.isDownload {
                downloads.append(address)
            } else if change.isRewrite {
                rewritten.append(address)
            } else {
                destroyed.append(change.loss)
            }
        } else if change.actions.contains("create") {
            created.append(address)
        } else if change.actions.contains("update") {
            updated.append(address)
            if change.isUpgrade { upgraded.append(address) }
            if change.sendsConfiguration {
                warnings.append("\(address) sends its node a new machine configuration")
            }
        }
    }

    /// Why the plan must not be applied, nil when it may.
    func refusal(directory: String) -> Problem? {
        if !destroyed.isEmpty {
            return Problem(
                .refused,
                destroyed.count == 1
                    ? "Terraform would destroy or replace a resource."
                    : "Terraform would destroy or replace \(destroyed.count) resources.",
                at: directory, details: Self.list(destroyed + upgraded.map(Self.upgrade)),
                fix: "Keep them with lifecycle { ignore_changes = […] }, or leave the apply to "
                    + "you: terraform: {apply: never} in .bump.yaml")
        }
        guard !upgraded.isEmpty else { return nil }
        return Problem(
            .refused, "Terraform itself would upgrade nodes, several at once and unproven.",
            at: directory, details: Self.list(upgraded.map(Self.upgrade)),
            fix: "Keep them with lifecycle { ignore_changes = [image] }, or leave the apply to "
                + "you: terraform: {apply: never} in .bump.yaml")
    }

    /// One line: what would change.
    var summary: String {
        let parts = [
            part(created, "to add"), part(updated, "to change"),
            part(downloads, "image download to replace"), part(rewritten, "to write anew"),
            destroyed.isEmpty ? nil : "\(destroyed.count) to destroy",
            part(forgotten, "to forget"),
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

    private static func upgrade(_ address: String) -> String { "\(address) would be upgraded" }

    static func list(_ lines: [String]) -> [String] {
        let more = lines.count - 20
        return lines.prefix(20).map { "  " + $0 } + (more > 0 ? ["  and \(more) more"] : [])
    }
}

/// One entry of `resource_changes`.
/// Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
private struct ResourceChange {
    let address: String
    let actions: [String]
    let type: String
    /// The key of an older object that an interrupted replacement left behind.
    let deposed: String?
    private let change: JSONValue

    init(_ entry: JSONValue) {
        address = entry["address"]?.string ?? "an unnamed resource"
        type = entry["type"]?.string ?? ""
        deposed = entry["deposed"]?.string
        change = entry["change"] ?? .null
        actions = change["actions"]?.array?.compactMap(\.string) ?? []
    }

    /// The image of another version.
    var isDownload: Bool { type.contains("download_file") }

    /// Copies of credentials, and names of images: the new one takes the place of the old one,
    /// and nothing that runs holds on to it.
    var isRewrite: Bool {
        let types = ["local_file", "local_sensitive_file", "talos_image_factory_schematic"]
        return deposed == nil && actions.contains("create") && types.contains(type)
    }

    /// The Talos provider from 0.12 upgrades nodes and clusters by itself.
    var isUpgrade: Bool {
        switch type {
        case "talos_machine": differs("image")
        case "talos_cluster": differs("kubernetes_version")
        default: false
        }
    }

    var sendsConfiguration: Bool { type == "talos_machine_configuration_apply" }

    /// How the object would be lost.
    var loss: String {
        if let deposed {
            return "\(address) would lose an older object (\(deposed)) that an interrupted "
                + "replacement left behind"
        }
        guard actions.contains("create") else { return "\(address) would be destroyed" }
        let paths = (change["replace_paths"]?.array ?? []).compactMap(Self.text)
        let why = paths.isEmpty ? "" : ", because of \(paths.joined(separator: ", "))"
        let what = type == "talos_machine_secrets" ? ": new secrets for the whole cluster" : ""
        return "\(address) would be replaced\(why)\(what)"
    }

    private func differs(_ name: String) -> Bool {
        change["after_unknown", name]?.bool == true
            || change["before", name] != change["after", name]
    }

    /// `["disk", 0, "file_id"]` as `disk[0].file_id`.
    private static func text(_ path: JSONValue) -> String? {
        let steps = (path.array ?? []).map { step in
            if let index = step.integer { return "[\(index)]" }
            return "." + (step.string ?? "?")
        }
        let text = steps.joined()
        return text.isEmpty ? nil : String(text.drop { $0 == "." })
    }
}
