import Model

/// What a plan knows of schematics before it is applied: the output, where it is computed, and the
/// texts that the Talos provider would hand to the Image Factory.
///
/// The provider's own id is known only after the apply whenever the text changes.
struct PlannedSchematics: Equatable {
    /// The output that names the schematic, and what it will say; nil when only the apply tells.
    private(set) var output: (name: String, id: SchematicID)?
    /// Resources whose schematic the plan would change, with the names in the new text.
    private(set) var texts: [Text] = []

    struct Text: Equatable {
        var address: String
        /// Full names, in the text's order.
        var extensions: [String]
    }

    static func == (left: Self, right: Self) -> Bool {
        left.output?.name == right.output?.name && left.output?.id == right.output?.id
            && left.texts == right.texts
    }

    /// - Parameter plan: what `show -json PLAN` printed.
    init(_ plan: JSONValue) {
        for name in OutputReader.schematics {
            let known = plan["planned_values", "outputs", name, "value"]?.string
            guard plan["output_changes", name, "after_unknown"]?.bool != true,
                let id = known.flatMap({ SchematicID($0) })
            else { continue }
            output = (name, id)
            break
        }
        for entry in plan["resource_changes"]?.array ?? []
        where entry["type"]?.string == "talos_image_factory_schematic" {
            let actions = entry["change", "actions"]?.array?.compactMap(\.string) ?? []
            guard actions.contains("update") || actions.contains("create"),
                let text = entry["change", "after", "schematic"]?.string,
                let schematic = try? SchematicText(Array(text.utf8), name: "")
            else { continue }
            texts.append(
                Text(
                    address: entry["address"]?.string ?? "a schematic",
                    extensions: schematic.extensions))
        }
    }

    /// Why the plan must not be applied; nil when it makes what was promised, or does not know yet.
    func refusal(_ promise: SchematicPromise, at directory: String) -> Problem? {
        if let output {
            guard output.id != promise.id else { return nil }
            return problem(
                "Terraform would make the schematic \(output.id.short), not "
                    + "\(promise.id.short), which is what \(Self.list(promise.extensions)) give.",
                ["planned:  \(output.name) = \(output.id)", "expected: \(promise.id)"], promise,
                directory)
        }
        guard let text = texts.first,
            !texts.contains(where: { $0.extensions == promise.extensions })
        else { return nil }
        return problem(
            "Terraform would make a schematic with \(Self.list(text.extensions)), not with "
                + "\(Self.list(promise.extensions)).",
            Self.differences(planned: text.extensions, promised: promise.extensions)
                + ["planned by \(text.address)"], promise, directory)
    }

    private func problem(
        _ summary: String, _ details: [String], _ promise: SchematicPromise, _ directory: String
    ) -> Problem {
        if let source = promise.source {
            return Problem(
                .refused, summary, at: directory,
                details: ["No node was touched. Terraform's output does not come from \(source)."]
                    + details,
                fix: "let the output come from \(source), or take the output away: then \(source) "
                    + "alone tells")
        }
        return Problem(
            .refused, summary, at: directory,
            details: [
                "No node was touched. The configuration drops, doubles, adds or reorders an "
                    + "extension: a filter that matches parts of names does that."
            ] + details,
            fix: "mend the filter: it must compare whole names (exact_filters, or contains)")
    }

    private static func differences(planned: [String], promised: [String]) -> [String] {
        let dropped = promised.filter { !planned.contains($0) }
        let added = Set(planned).subtracting(promised).sorted()
        let doubled = Set(planned.filter { name in planned.filter { $0 == name }.count > 1 })
        return [
            dropped.isEmpty ? nil : "dropped:  \(list(dropped))",
            added.isEmpty ? nil : "added:    \(list(added))",
            doubled.isEmpty ? nil : "doubled:  \(list(doubled.sorted()))",
        ].compactMap(\.self)
    }

    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "no extensions" }
        let prefix = "siderolabs/"
        return names.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
            .joined(separator: ", ")
    }
}
