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
    /// What exists and comes into the state, or is called another name in it.
    private(set) var adopted: [String] = []
    private(set) var outputs: [String] = []
    /// What would be done to each address, other than nothing and reading it.
    private(set) var actions: [String: Set<String>] = [:]
    /// What may be applied, but should be known.
    private(set) var warnings: [String] = []
    /// What the plan knows of the schematics that it will make.
    let schematics: PlannedSchematics

    /// - Parameter plan: what `show -json PLAN` printed.
    /// - Throws: a `Problem` of kind `refused` when it is written in a format of another major
    ///   number, which may name things in another way.
    init(_ plan: JSONValue) throws {
        let format = plan["format_version"]?.string ?? "unknown"
        guard ["0", "1"].contains(format.prefix { $0 != "." }) else {
            throw Problem(
                .refused, "Terraform tells its plan in the format \(format), unknown to bump.",
                fix: "Use an older one: export BUMP_TERRAFORM=PATH; or a newer bump.")
        }
        schematics = PlannedSchematics(plan)
        for change in plan["resource_changes"]?.array ?? [] { add(ResourceChange(change)) }
        for action in plan["action_invocations"]?.array ?? [] {
            warnings.append("the action \(action["address"]?.string ?? "without a name") would run")
        }
        outputs = (plan["output_changes"]?.object ?? [:]).filter { _, change in
            change["actions"]?.array?.compactMap(\.string) != ["no-op"]
        }.keys.sorted()
    }

    private mutating func add(_ change: ResourceChange) {
        let address = change.address
        let acting = Set(change.actions).subtracting(["no-op", "read"])
        if !acting.isEmpty { actions[address, default: []].formUnion(acting) }
        if change.isAdopted { adopted.append(address) }
        if !change.isKnown {
            destroyed.append(change.loss)
        } else if change.losesObject {
            if change.isDownload {
                downloads.append(address)
            } else if change.isRewrite {
                rewritten.append(address)
            } else {
                destroyed.append(change.loss)
            }
        } else if change.actions.contains("forget") {
            forgotten.append(address)
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
            part(forgotten, "to forget"), part(adopted, "to import or move"),
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
