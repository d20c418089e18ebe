package import Model

/// Something in which declared, applied and running differ. A fact that is not known differs from
/// nothing; `Health` says that it is not known.
package struct Drift: Sendable, Equatable {
    /// A short stable name: `talos.version`.
    package var code: String
    package var summary: String
    /// Where it is declared; nil when it is not a matter of a file.
    package var location: String?
    package var fix: String?
    /// The nodes concerned; none when it is about the cluster.
    package var nodes: [NodeName]

    /// Everything that differs, in the order: versions, extensions, schematic, the list of nodes.
    /// Nodes that differ in the same way are told together.
    package static func all(in snapshot: Snapshot) -> [Drift] {
        talos(snapshot) + kubernetes(snapshot) + extensions(snapshot) + schematic(snapshot)
            + strangers(snapshot)
    }

    private static func talos(_ snapshot: Snapshot) -> [Drift] {
        guard let declared = snapshot.declaration.talos.value else { return [] }
        return alike(snapshot.nodes) { node in
            node.machine.value.map(\.version).flatMap { $0 == declared.version ? nil : $0 }
        }.map { running, nodes in
            Drift(
                code: "talos.version",
                summary: "Talos is \(running) on \(list(nodes)), declared is \(declared.text).",
                location: declared.place.description,
                fix: running < declared.version
                    ? "bump talos \(declared.version)"
                    : "set \(declared.place.path) to \(declared.spelling(of: running)) in "
                        + "\(declared.place.file), if that is what the cluster shall be",
                nodes: nodes)
        }
    }

    private static func kubernetes(_ snapshot: Snapshot) -> [Drift] {
        guard let declared = snapshot.declaration.kubernetes.value else { return [] }
        var found: [Drift] = []
        let place = declared.place.description
        if let server = snapshot.kubernetesVersion.value, server != declared.version {
            found.append(
                Drift(
                    code: "kubernetes.version",
                    summary: "Kubernetes is \(server), declared is \(declared.text).",
                    location: place, nodes: []))
        }
        return found
            + alike(snapshot.nodes) { node in
                node.kubernetes.value?.kubeletVersion.flatMap {
                    $0 == declared.version ? nil : $0
                }
            }.map { running, nodes in
                Drift(
                    code: "kubernetes.kubelet",
                    summary: "The kubelet is \(running) on \(list(nodes)), declared is "
                        + "\(declared.text).",
                    location: place, nodes: nodes)
            }
    }

    private static func extensions(_ snapshot: Snapshot) -> [Drift] {
        guard let declared = snapshot.declaration.extensions.value else { return [] }
        return alike(snapshot.nodes) { node -> String? in
            guard let machine = node.machine.value else { return nil }
            let running = machine.extensions
            let missing = ExtensionRename.missing(declared, in: running).map(base).sorted()
                .joined(separator: ", ")
            let extra = ExtensionRename.missing(running, in: declared).map(base).sorted()
                .joined(separator: ", ")
            let words = [
                missing.isEmpty ? nil : "\(missing) declared but missing",
                extra.isEmpty ? nil : "\(extra) there but not declared",
            ].compactMap(\.self)
            return words.isEmpty ? nil : words.joined(separator: ", ")
        }.map { words, nodes in
            Drift(
                code: "extensions.differ", summary: "Extensions on \(list(nodes)): \(words).",
                nodes: nodes)
        }
    }

    private static func schematic(_ snapshot: Snapshot) -> [Drift] {
        guard let applied = snapshot.applied.schematic.value else { return [] }
        return alike(snapshot.nodes) { node -> String? in
            guard let machine = node.machine.value, machine.schematic != applied else { return nil }
            return machine.schematic?.short ?? "none"
        }.map { running, nodes in
            Drift(
                code: "schematic.differs",
                summary: "The schematic is \(running) on \(list(nodes)), Terraform applied "
                    + "\(applied.short).",
                nodes: nodes)
        }
    }

    /// Nodes of the cluster that Terraform does not know.
    private static func strangers(_ snapshot: Snapshot) -> [Drift] {
        let applied = Set(snapshot.applied.nodes.map(\.address))
        let nodes = snapshot.nodes.filter { !applied.contains($0.address) }.map(\.name)
        guard !applied.isEmpty, !nodes.isEmpty else { return [] }
        return [
            Drift(
                code: "nodes.not-applied",
                summary: "In the cluster, and in no Terraform output: \(list(nodes)).",
                nodes: nodes)
        ]
    }

    /// Nodes grouped by a value, in order of first appearance; nil leaves a node out.
    private static func alike<Value: Hashable>(
        _ nodes: [NodeFacts], by value: (NodeFacts) -> Value?
    ) -> [(Value, [NodeName])] {
        var order: [Value] = []
        var groups: [Value: [NodeName]] = [:]
        for node in nodes {
            guard let value = value(node) else { continue }
            if groups[value] == nil { order.append(value) }
            groups[value, default: []].append(node.name)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }

    private static func list(_ nodes: [NodeName]) -> String { Paragraph.list(nodes.map(\.text)) }

    /// The last part of an extension's name: `siderolabs/iscsi-tools` is reported by nodes as
    /// `iscsi-tools`.
    private static func base(_ name: String) -> String {
        name.split(separator: "/").last.map(String.init) ?? name
    }
}
