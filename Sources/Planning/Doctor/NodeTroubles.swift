import Model

/// Troubles of single nodes.
struct NodeTroubles {
    let snapshot: Snapshot

    func all() -> [Trouble] {
        snapshot.nodes.flatMap { node in
            [
                away(node), primed(node), behind(node), missingExtensions(node), cordoned(node),
            ].compactMap(\.self)
        }
    }

    /// An upgrade that waits for a node, or a node that simply does not come back.
    private func away(_ node: NodeFacts) -> Trouble? {
        let stays: Set<MachineStage> = [.running]
        if let reason = node.machine.reason {
            let isWaited = snapshot.openRun != nil
            let kubernetes = node.kubernetes.value.map {
                "Kubernetes calls it \($0.isReady ? "Ready" : "NotReady")"
            }
            return Trouble(
                "node.away",
                isWaited
                    ? "\(node.name) does not come back, and a run waits for it."
                    : "\(node.name) does not answer.",
                evidence: [reason] + [kubernetes].compactMap(\.self),
                fix: "look at its console: a panic or a missing disk means the old version is one "
                    + "power cycle away (the boot menu keeps it); then: "
                    + (isWaited ? "bump resume" : "bump status"))
        }
        guard let machine = node.machine.value, !stays.contains(machine.stage) else { return nil }
        return Trouble(
            "node.hangs", "\(node.name) is \(machine.stage.rawValue) and not running yet.",
            evidence: machine.unmetConditions + machine.troubledServices,
            fix: "if it stays so for ten minutes: talosctl -n \(node.address) dmesg; then "
                + "talosctl -n \(node.address) reboot")
    }

    /// Installed, never rebooted. A boot that is not well yet has the same mark.
    private func primed(_ node: NodeFacts) -> Trouble? {
        guard snapshot.health?.machines[node.name]?.value?.hasPendingInstall == true,
            let machine = node.machine.value, machine.stage == .running, machine.isReady
        else { return nil }
        return Trouble(
            "node.primed",
            "\(node.name) has a version installed that it never booted; it runs "
                + "\(machine.version.tag).",
            evidence: ["its META partition names an upgrade that is not confirmed"],
            fix: snapshot.openRun.map { "bump resume takes it on: run \($0.id) is open" }
                ?? "boot it, drained: kubectl drain \(node.name) --ignore-daemonsets "
                + "--delete-emptydir-data, then talosctl -n \(node.address) reboot, then kubectl "
                + "uncordon \(node.name)")
    }

    /// Farther behind than an installer accepts.
    private func behind(_ node: NodeFacts) -> Trouble? {
        guard let machine = node.machine.value,
            let newest = snapshot.nodes.compactMap({ $0.machine.value?.version.series }).max()
        else { return nil }
        let declared = snapshot.declaration.talos.value?.version.series
        let goal = max(newest, declared ?? newest)
        guard goal.major == machine.version.series.major,
            goal.minor - machine.version.series.minor > 1,
            let next = TalosSeries.of(
                Version.Series(goal.major, machine.version.series.minor + 1))
        else { return nil }
        return Trouble(
            "version.skipped-minor",
            "\(node.name) runs \(machine.version.tag), and \(goal) is more than one minor away.",
            evidence: [
                newest > machine.version.series
                    ? "other nodes run \(newest)"
                    : "\(snapshot.declaration.talos.value?.text ?? "\(goal)") is declared"
            ],
            fix: "go one minor at a time, to its latest patch: bump talos \(next.latest.tag)")
    }

    /// What is declared, or what the image promises, and is not there.
    private func missingExtensions(_ node: NodeFacts) -> Trouble? {
        guard let machine = node.machine.value else { return nil }
        let wanted = Set(
            (snapshot.declaration.extensions.value ?? []).map { name in
                name.split(separator: "/").last.map(String.init) ?? name
            })
        let missing = ExtensionRename.missing(wanted.sorted(), in: machine.extensions)
        let applied = snapshot.applied.schematic.value
        let isOther = applied != nil && machine.schematic != applied
        guard !missing.isEmpty || (isOther && machine.schematic == nil) else { return nil }
        var evidence = missing.isEmpty ? [] : ["missing: \(missing.joined(separator: ", "))"]
        evidence.append("it runs the schematic \(machine.schematic?.short ?? "none")")
        if let applied { evidence.append("Terraform's output says \(applied.short)") }
        return Trouble(
            "extensions.missing",
            isOther
                ? "\(node.name) runs an image of another schematic."
                : "\(node.name) lacks extensions that its image should have.",
            evidence: evidence,
            fix: isOther
                ? "bump extensions verify, then roll it onto the right image: bump extensions set "
                    + wanted.sorted().joined(separator: " ")
                : "talosctl -n \(node.address) get extensions; then upgrade that node again at "
                    + "\(machine.version.tag)")
    }

    /// Left cordoned by a run that is over.
    private func cordoned(_ node: NodeFacts) -> Trouble? {
        guard let seen = node.kubernetes.value, seen.isCordoned, let run = seen.cordonedBy,
            snapshot.openRun?.id.text != run
        else { return nil }
        return Trouble(
            "node.left-cordoned", "\(node.name) was left cordoned by a run of bump.",
            evidence: ["annotation bump.dev/cordoned-by: \(run)", "that run is not open"],
            fix: "kubectl uncordon \(node.name)", remedy: .uncordon(node.name))
    }
}
