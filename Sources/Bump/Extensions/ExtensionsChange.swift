import Model
import Planning
import Releases
import Terraform

/// A change of extensions from the command line: the names are looked up, the schematic is
/// computed and confirmed by the Image Factory, and the rest goes as any upgrade goes.
struct ExtensionsChange {
    enum Wish {
        case add([String]), remove([String]), set([String])
    }

    let wish: Wish
    let shared: SharedOptions
    let options: UpgradeOptions

    func run() async throws {
        try await Upgrade(shared: shared, options: options).run { context in
            let change = try await change(context)
            var planOptions = context.options
            // The schematic comes from what is applied, so Terraform goes first.
            planOptions.apply = context.workspace.settings.apply ?? .before
            return ExtensionsPlanner(
                snapshot: context.snapshot, options: planOptions, id: context.id, now: context.now
            ).plan(change)
        }
    }

    private func change(_ context: Upgrade.Context) async throws -> ExtensionChange {
        let snapshot = context.snapshot
        let factory = try context.workspace.releaseSources().factory
        guard let talos = snapshot.nodes.compactMap({ $0.machine.value?.version }).min() else {
            throw Problem(
                .unreachable, "No node tells which Talos it runs.", fix: "bump status --verbose")
        }
        guard let from = base(snapshot) else {
            throw Problem(
                .refused,
                "The nodes do not agree on a schematic, and Terraform's output is none "
                    + "of theirs: which nodes share the cluster's image is not known.",
                fix: "bump status --verbose")
        }
        let declared = snapshot.declaration.extensions.value ?? []
        let catalog = try await factory.extensions(for: talos)
        let names = ExtensionNames(catalog)
        let (wanted, findings) = try wanted(declared.map(ExtensionNames.short), names, talos)
        if findings.contains(where: { $0.severity == .error }) {
            return ExtensionChange(
                wanted: wanted.map(ExtensionNames.short), from: from, to: from,
                findings: findings)
        }
        let recipe = try await recipe(of: from, declared: declared, factory)
        let project = context.workspace.project
        // The list may be looked up only to see that all exist: what is sorted stays sorted.
        let hint: ExtensionOrder.Manner =
            try project.sortsExtensions()
            ? .name : project.mentions("talos_image_factory_extensions") ? .catalog : .declared
        let order = ExtensionOrder(
            recipe: recipe.extensions, declared: declared.map(ExtensionNames.full),
            catalog: catalog.names, hint: hint)
        let full = order.arrange(wanted.map(ExtensionNames.full))
        let registered = try await factory.register(recipe.with(extensions: full))
        var all = findings
        if let remark = registered.remark {
            all.append(Model.Finding(.note, "schematic.remark", remark))
        }
        if let remark = catalog.remark {
            all.append(Model.Finding(.warning, "extensions.bundled", remark))
        }
        return ExtensionChange(
            wanted: wanted.map(ExtensionNames.short), from: from, to: registered.id,
            findings: all)
    }

    /// The schematic of the nodes that share the cluster's image: Terraform's where any node runs
    /// it, else that of more than half of them.
    private func base(_ snapshot: Snapshot) -> SchematicID? {
        let running = snapshot.nodes.compactMap { $0.machine.value?.schematic }
        if let applied = snapshot.applied.schematic.value, running.contains(applied) {
            return applied
        }
        let counts = Dictionary(grouping: running) { $0 }.mapValues(\.count)
        return counts.first { $0.value * 2 > running.count }?.key
    }

    /// The wished list, full or short as it is known, and what is to be said of the names.
    private func wanted(
        _ declared: [String], _ names: ExtensionNames, _ talos: Version
    ) throws -> ([String], [Model.Finding]) {
        switch wish {
        case .add(let added):
            let (found, findings) = names.resolve(added)
            let new = found.map(ExtensionNames.short).filter { !declared.contains($0) }
            return (declared + new, findings)
        case .set(let list):
            let (found, findings) = names.resolve(list)
            return (found.map(ExtensionNames.short), findings)
        case .remove(let removed):
            var left = declared
            var findings: [Model.Finding] = []
            for text in removed {
                let short = ExtensionNames.short(text.lowercased())
                let alias: String
                if case .renamed(_, let new) = names.resolve(text) {
                    alias = ExtensionNames.short(new)
                } else {
                    alias = short
                }
                if left.contains(short) || left.contains(alias) {
                    left.removeAll { $0 == short || $0 == alias }
                } else if case .unknown = names.resolve(text) {
                    findings += names.resolve([text]).findings
                } else {
                    findings.append(
                        Model.Finding(
                            .note, "extension.absent",
                            "\(short) is not declared, so there is nothing to take away."))
                }
            }
            return (left, findings)
        }
    }

    /// What the factory keeps behind the id; where it does not know it, the declared list, if that
    /// gives the same id.
    private func recipe(
        of id: SchematicID, declared: [String], _ factory: FactoryClient
    ) async throws -> ImageSchematic {
        if let recipe = try await factory.schematic(id) { return recipe }
        let guess = ImageSchematic(extensions: declared.map(ExtensionNames.full))
        if guess.candidateIDs.contains(id) { return guess }
        throw Problem(
            .refused,
            "The Image Factory does not know the schematic \(id.short) that the nodes run, "
                + "and the declared extensions do not give it.",
            at: factory.address.description,
            fix: "name the factory it was made by: factory.url in .bump.yaml")
    }
}
