import Model
import Planning
import Releases

/// A change of extensions from the command line: the names are looked up, the schematic is
/// computed and confirmed by the Image Factory, and the rest goes as any upgrade goes.
struct ExtensionsChange {
    enum Wish {
        case add([String]), remove([String]), set([String])

        var names: [String] {
            switch self {
            case .add(let names), .remove(let names), .set(let names): names
            }
        }
    }

    let wish: Wish
    let shared: SharedOptions
    let options: UpgradeOptions

    func run() async throws {
        if wish.names.map(ExtensionNames.short).contains(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw Problem(
                .usage, "The name of an extension is empty.",
                fix: "see the names: bump extensions list --available")
        }
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
        guard let from = PresentExtensions.running(snapshot) else {
            throw PresentExtensions.noAgreement
        }
        let isKept = snapshot.declaration.extensionsPlace != nil
        guard isKept || snapshot.declaration.extensions.value != nil else {
            // The planner tells what is missing.
            return ExtensionChange(wanted: [], from: from, to: from)
        }
        let present = try await PresentExtensions.find(
            snapshot, running: from, in: context.workspace, factory)
        let catalog = try await factory.extensions(for: talos)
        let names = ExtensionNames(catalog)
        let short = present.names.map(ExtensionNames.short)
        var (wanted, findings) = try wanted(short, names, talos)
        wanted = wanted.map(ExtensionNames.short)
        findings += present.findings
        if findings.contains(where: { $0.severity == .error }) {
            return ExtensionChange(
                wanted: wanted, from: from, to: from, present: short, findings: findings)
        }
        let order = ExtensionOrder(
            recipe: present.recipe.extensions, declared: present.names.map(ExtensionNames.full),
            catalog: catalog.names, hint: present.hint)
        let full = order.arrange(wanted.map(ExtensionNames.full))
        let registered = try await factory.register(present.recipe.with(extensions: full))
        var all = findings
        if let remark = registered.remark {
            all.append(Model.Finding(.note, "schematic.remark", remark))
        }
        if let remark = catalog.remark {
            all.append(Model.Finding(.warning, "extensions.bundled", remark))
        }
        return ExtensionChange(
            wanted: wanted, from: from, to: registered.id, recipe: full, present: short,
            findings: all)
    }

    /// The wished list, full or short as it is known, and what is to be said of the names.
    private func wanted(
        _ declared: [String], _ names: ExtensionNames, _ talos: Version
    ) throws -> ([String], [Model.Finding]) {
        switch wish {
        case .add(let added):
            let (found, findings) = names.resolve(added)
            let new = ExtensionRename.missing(found.map(ExtensionNames.short), in: declared)
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
}
