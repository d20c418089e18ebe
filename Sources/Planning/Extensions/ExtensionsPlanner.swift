package import Model

/// (Snapshot, extensions) to Plan: the declared list first, the schematic that Terraform makes of
/// it held against the predicted one, then a roll at the same Talos version.
package struct ExtensionsPlanner: Sendable {
    private let snapshot: Snapshot
    private let options: PlanOptions
    private let id: RunID
    private let now: Double

    package init(snapshot: Snapshot, options: PlanOptions, id: RunID, now: Double) {
        self.snapshot = snapshot
        self.options = options
        self.id = id
        self.now = now
    }

    /// The plan that gives every node of the cluster's image the wished extensions. Nodes with a
    /// schematic of their own keep it. A plan with error findings must not be executed.
    package func plan(_ change: ExtensionChange) -> Plan {
        let edit = edit(change)
        let pending = snapshot.nodes.filter { needsRoll($0, change) }
        let unknown = snapshot.nodes.contains { $0.machine.value == nil }
        let hasErrors = (change.findings + declaration()).contains { $0.severity == .error }
        if pending.isEmpty, edit == nil, !unknown, !hasErrors {
            return assemble(change, changes: [], edit: nil, stages: [], findings: change.findings)
        }
        var findings = change.findings
        findings += ClusterRules(snapshot: snapshot, options: options).findings(for: .extensions)
        findings += HealthRules(
            snapshot: snapshot, options: options, nodes: Set(pending.map(\.name))
        ).errors()
        findings += declaration()
        if edit == nil, !pending.isEmpty { findings += stale(change) }
        if let edit {
            findings += RepositoryRules(
                snapshot: snapshot, options: options, file: edit.place.file
            ).findings()
        }
        let order = NodeOrder(pending, snapshot: snapshot)
        let changes = (order.workers + order.controlPlanes).compactMap { node in
            self.change(of: node, change, note: order.note(on: node))
        }
        let roll = RollStages(
            snapshot: snapshot, options: options, id: id, changes: changes, edit: edit,
            commit: edit.map { request($0, change) }, extensions: change.wanted,
            promise: promise(change), verification: verification(change, edit))
        return assemble(
            change, changes: changes, edit: edit, stages: roll.stages(),
            findings: findings.sorted { $0.severity > $1.severity })
    }

    private func needsRoll(_ node: NodeFacts, _ change: ExtensionChange) -> Bool {
        guard let machine = node.machine.value else { return false }
        return machine.schematic == change.from && change.from != change.to
    }

    private func change(
        of node: NodeFacts, _ change: ExtensionChange, note: String?
    ) -> NodeChange? {
        guard let machine = node.machine.value else { return nil }
        let image = InstallerChoice.image(
            for: machine, version: machine.version, schematic: change.to)
        return NodeChange(
            node: node.identity, from: machine.version, to: machine.version,
            image: image.description, method: machine.servesLifecycle ? .lifecycle : .legacy,
            note: note)
    }

    /// In the manner in which the file writes its names: short or with the publisher. Where it
    /// has only the schematic's id, that one.
    private func edit(_ change: ExtensionChange) -> ValueEdit? {
        guard let place = snapshot.declaration.extensionsPlace else { return nil }
        if let id = snapshot.declaration.schematic {
            guard id != change.to else { return nil }
            return ValueEdit(place: place, old: id.text, new: change.to.text)
        }
        guard let declared = snapshot.declaration.extensions.value else { return nil }
        let isFull =
            snapshot.declaration.extensionsForm == .schematicFile
            || !declared.isEmpty && declared.allSatisfy { $0.contains("/") }
        let wanted = change.wanted.map { name in
            if let same = declared.first(where: { Self.short($0) == name }) { return same }
            return isFull && !name.contains("/") ? "siderolabs/\(name)" : name
        }
        guard wanted != declared else { return nil }
        return ValueEdit(
            place: place, old: declared.joined(separator: ","),
            new: wanted.joined(separator: ","))
    }

    private static func short(_ name: String) -> String {
        let prefix = "siderolabs/"
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    private func declaration() -> [Finding] {
        guard snapshot.declaration.extensionsPlace == nil || snapshot.declaration.schematic == nil
        else { return [] }
        let place = snapshot.declaration.extensionsPlace?.description
        let notes = snapshot.declaration.extensionsNotes.map {
            Finding(.note, "declaration.note", $0, at: place)
        }
        guard let reason = snapshot.declaration.extensions.reason else { return notes }
        return [
            Finding(
                .error, "declaration.no-extensions",
                "Nothing in the repository says which extensions there are: \(reason)",
                fix: "bump extensions list --schematic > schematic.yaml; git add schematic.yaml; "
                    + "git commit -m 'the image as a schematic'; or name what you have, "
                    + "variables.extensions, variables.schematic or schematic in .bump.yaml")
        ]
    }

    /// What Terraform has to make of the edit. It makes nothing where the schematic is kept beside
    /// it.
    private func promise(_ change: ExtensionChange) -> SchematicPromise? {
        guard options.apply == .before, snapshot.applied.schematic.value != nil,
            let recipe = change.recipe
        else { return nil }
        let place = snapshot.declaration.extensionsPlace
        let source: String? =
            switch snapshot.declaration.extensionsForm {
            case .list: nil
            case .schematicFile: place?.file
            case .schematicID: place?.path
            }
        return SchematicPromise(id: change.to, extensions: recipe, source: source)
    }

    /// Nothing is to be declared, so no apply will make Terraform's schematic the predicted one.
    private func stale(_ change: ExtensionChange) -> [Finding] {
        guard let applied = snapshot.applied.schematic.value, applied != change.to,
            snapshot.declaration.extensionsPlace != nil
        else { return [] }
        let folder = snapshot.declaration.directory
        let names = change.wanted.isEmpty ? "no extensions" : change.wanted.joined(separator: ", ")
        return [
            Finding(
                .error, "schematic.stale",
                "Terraform's schematic is \(applied.short), but \(names) give "
                    + "\(change.to.short): it is not applied yet, or the configuration drops, doubles "
                    + "or adds one.",
                fix: "terraform\(folder == "." ? "" : " -chdir=\(folder)") apply, then again; if "
                    + "it stays, mend the filter: it must compare whole names")
        ]
    }

    /// Nil where nothing is edited, or Terraform is not to apply it.
    private func verification(_ change: ExtensionChange, _ edit: ValueEdit?) -> Step? {
        guard edit != nil, options.apply == .before, snapshot.applied.schematic.value != nil else {
            return nil
        }
        return Step(
            id: "verify-schematic", title: "hold Terraform's schematic against the predicted one",
            action: .perform(.verifySchematic(change.to, extensions: change.wanted)),
            limit: options.limits.terraform)
    }

    private func request(_ edit: ValueEdit, _ change: ExtensionChange) -> CommitRequest {
        let old = Set(
            change.present ?? snapshot.declaration.extensions.value?.map(Self.short) ?? [])
        let added = change.wanted.filter { !old.contains($0) }
        let removed = old.subtracting(change.wanted).sorted()
        let words =
            (added.isEmpty ? [] : ["add \(added.joined(separator: ", "))"])
            + (removed.isEmpty ? [] : ["remove \(removed.joined(separator: ", "))"])
        let subject = words.isEmpty ? "in another order" : words.joined(separator: ", ")
        return CommitRequest(
            edit,
            message: """
                extensions: \(subject)

                System extensions of cluster \(snapshot.clusterName); the schematic goes from
                \(change.from.short) to \(change.to.short).

                Bump-Run: \(id)

                """)
    }

    private func assemble(
        _ change: ExtensionChange, changes: [NodeChange], edit: ValueEdit?, stages: [Stage],
        findings: [Finding]
    ) -> Plan {
        Plan(
            id: id, target: .extensions(change.wanted), options: options,
            clusterName: snapshot.clusterName, madeAt: now, basis: snapshot.signature,
            controlPlanes: snapshot.nodes.filter { $0.role == .controlPlane }.map(\.identity),
            nodes: changes, edit: edit, stages: stages, findings: findings)
    }
}
