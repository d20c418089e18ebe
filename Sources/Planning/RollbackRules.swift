import Model

/// Judges a rollback by hand: what the slots cannot give, and what else there is to know.
struct RollbackRules {
    let snapshot: Snapshot
    let named: [NodeName]
    let chosen: [NodeFacts]
    let slots: [NodeName: PreviousSlot]

    func findings(changes: [NodeChange], edit: ValueEdit?) -> [Finding] {
        let refused = named.compactMap(refusal)
        if chosen.isEmpty { return refused.isEmpty ? [nothing] : refused }
        return refused + choice + cluster() + etcd() + kubernetes() + drains()
            + schematics() + afterwards(changes, edit)
    }

    // MARK: What the slots give

    /// Why a node that was named cannot go back; nil when it can.
    private func refusal(of name: NodeName) -> Finding? {
        if chosen.contains(where: { $0.name == name }) { return nil }
        guard let node = snapshot.node(name) else {
            let known = snapshot.nodes.map(\.name.text).joined(separator: ", ")
            return Finding(
                .error, "rollback.no-such-node", "There is no node \(name).", at: name.text,
                fix: "bump rollback with one of: \(known)")
        }
        guard let machine = node.machine.value else {
            return Finding(
                .error, "node.unreachable",
                "\(name) does not answer: \(node.machine.reason ?? "no reason given")",
                at: name.text, fix: "look at the machine's console")
        }
        let only = "Talos keeps only the immediately previous version"
        guard let slot = slots[name] else {
            return Finding(
                .error, "rollback.unknown",
                "\(only), and no run in this repository tells which one the other boot slot of "
                    + "\(name) holds.", at: name.text, fix: Self.explicit(node))
        }
        if slot.running != machine.version {
            return Finding(
                .error, "rollback.moved",
                "\(only): run \(slot.run) left \(name) on \(slot.running), but it runs "
                    + "\(machine.version). Somebody changed it since, and what its other slot "
                    + "holds is not known.", at: name.text, fix: Self.explicit(node))
        }
        let story =
            slot.origin == .fellBack
            ? "its other slot holds \(slot.previous), which did not boot"
            : "it was rolled back in run \(slot.run), and its other slot holds \(slot.previous)"
        return Finding(
            .error, "rollback.used-up",
            "\(name) cannot go further back than \(slot.running). \(only): \(story).",
            at: name.text,
            fix: "to go to \(slot.previous) again: bump talos \(slot.previous); for an older one: "
                + Self.explicit(node))
    }

    private var nothing: Finding {
        Finding(
            .error, "rollback.nothing",
            "No node has a previous version that it could go back to.", at: nil,
            fix: "bump history; Talos keeps only the immediately previous version, and only a run "
                + "of this repository tells which. To install an older one: "
                + (snapshot.nodes.first.map(Self.explicit) ?? "talosctl upgrade"))
    }

    /// The way that needs no slot. Talos' installer takes a host that is at most one minor newer
    /// than it is tested with: the host table of siderolabs/talos `compatibility`.
    private static func explicit(_ node: NodeFacts) -> String {
        let image =
            node.machine.value.map { machine in
                var image = InstallerChoice.image(
                    for: machine, version: machine.version, schematic: machine.schematic)
                image.tag = "vOLD"
                return image.description
            } ?? "IMAGE"
        return "talosctl -n \(node.address) upgrade --image \(image) (at most one minor back)"
    }

    private var choice: [Finding] {
        guard named.isEmpty, let slot = chosen.first.flatMap({ slots[$0.name] }) else { return [] }
        let names = chosen.map(\.name.text).joined(separator: ", ")
        return [
            Finding(
                .note, "rollback.chosen",
                "No node was named: these are the ones that run \(slot.run) (\(slot.title)) "
                    + "brought to what they run: \(names).")
        ]
    }

    // MARK: The cluster

    /// What is said of a roll, less what a rollback is there to mend.
    private func cluster() -> [Finding] {
        let ailing = [
            "node.not-ready", "node.not-in-kubernetes", "etcd.unhealthy",
        ]
        let names = Set(chosen.map(\.name.text))
        let hasPlane = chosen.contains { $0.role == .controlPlane }
        return ClusterRules(snapshot: snapshot, options: PlanOptions()).findings().compactMap {
            finding in
            var finding = finding
            if finding.code.hasPrefix("backup.") { return nil }
            let isOurs = finding.location.map { names.contains($0) } ?? false
            let isMild =
                ailing.contains(finding.code) && isOurs
                || finding.code.hasPrefix("etcd.") && !hasPlane
                || finding.code.hasPrefix("schematic.") || finding.code.hasPrefix("declaration.")
            if isMild, finding.severity == .error { finding.severity = .warning }
            return finding
        }
    }

    /// Source: etcd's downgrade guide: a member of an older minor does not start once the cluster
    /// version has risen, which it does when every member runs the newer one.
    private func etcd() -> [Finding] {
        let planes = snapshot.nodes.filter { $0.role == .controlPlane }
        for node in chosen where node.role == .controlPlane {
            guard let slot = slots[node.name] else { continue }
            for newer in Self.newEtcd where slot.previous.series < newer {
                guard slot.running.series >= newer else { continue }
                let allRisen = planes.allSatisfy {
                    $0.machine.value.map { $0.version.series >= newer } ?? false
                }
                return [
                    Finding(
                        allRisen ? .error : .warning, "rollback.etcd-minor",
                        "Talos \(newer) brought a new minor of etcd; \(node.name) may not start "
                            + "etcd on \(slot.previous)"
                            + (allRisen ? ": every member has moved." : "."), at: node.name.text,
                        fix: "talosctl -n \(node.address) etcd downgrade validate, then talosctl "
                            + "rollback by hand; or go on forward")
                ]
            }
        }
        return []
    }

    private func kubernetes() -> [Finding] {
        guard let running = snapshot.kubernetesVersion.value else { return [] }
        for node in chosen {
            guard let slot = slots[node.name], let series = TalosSeries.of(slot.previous.series),
                !series.kubernetes.contains(running.series)
            else { continue }
            let range = "\(series.kubernetes.lowerBound) to \(series.kubernetes.upperBound)"
            return [
                Finding(
                    .error, "version.kubernetes-range",
                    "Talos \(slot.previous) runs Kubernetes \(range); this cluster is at "
                        + "\(running.number).", at: node.name.text,
                    fix: "bump rollback --kubernetes, to a version that \(slot.previous) runs")
            ]
        }
        return []
    }

    private func drains() -> [Finding] {
        chosen.compactMap { node in
            guard node.kubernetes.value?.isReady == false else { return nil }
            return Finding(
                .warning, "drain.impossible",
                "\(node.name) is not Ready: its pods cannot be asked to leave, so it is not "
                    + "drained.", at: node.name.text)
        }
    }

    private func schematics() -> [Finding] {
        guard
            let node = chosen.first(where: { node in
                let slot = slots[node.name]
                return slot?.previousSchematic != slot?.runningSchematic
            }), let slot = slots[node.name]
        else { return [] }
        return [
            Finding(
                .warning, "rollback.schematic",
                "\(node.name) comes back with schematic "
                    + "\(slot.previousSchematic?.short ?? "none") instead of "
                    + "\(slot.runningSchematic?.short ?? "none"): the extensions that Terraform "
                    + "declares are to be set back as well.", at: node.name.text)
        ]
    }

    /// What the cluster is afterwards, when no file says so.
    private func afterwards(_ changes: [NodeChange], _ edit: ValueEdit?) -> [Finding] {
        guard edit == nil else { return [] }
        let back = Set(changes.map(\.node.name))
        let others = snapshot.nodes.filter { !back.contains($0.name) }
        let stay = others.filter { node in
            node.machine.value.map { machine in changes.contains { $0.to != machine.version } }
                ?? false
        }
        guard let first = changes.first, !stay.isEmpty else { return [] }
        let declared = snapshot.declaration.talos.value?.version ?? first.from
        let names = stay.map(\.name.text).joined(separator: " ")
        if named.isEmpty {
            let able = changes.map(\.node.name.text).joined(separator: " ")
            return [
                Finding(
                    .error, "rollback.mixed",
                    "Not every node can go back to \(first.to): \(names) would stay behind, and "
                        + "the cluster would run two versions.",
                    fix: "name the nodes that shall go all the same: bump rollback \(able)")
            ]
        }
        return [
            Finding(
                .warning, "rollback.mixed",
                "The cluster runs two versions afterwards: \(changes.count) of "
                    + "\(snapshot.nodes.count) nodes on \(first.to). What is declared stays "
                    + "\(declared).",
                fix: "to end that later: bump talos \(declared), or bump rollback \(names)")
        ]
    }

    /// Talos minors that brought a new minor of etcd: 3.6 and 3.7.
    private static let newEtcd = [Version.Series(1, 11), Version.Series(1, 14)]
}
