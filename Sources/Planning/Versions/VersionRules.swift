import Model

/// Judges a wished Talos version against what runs. Code only walks the tables of `TalosSeries`
/// and `Hazard`.
struct VersionRules {
    let snapshot: Snapshot
    let target: Version
    var known: KnownReleases = BundledReleases.known

    func findings() -> [Finding] {
        var found = released()
        let machines = snapshot.nodes.compactMap(\.machine.value)
        // What holds of one node holds of all at its version: `unique` names the first of them and
        // counts the others.
        var judged: [Version: [Finding]] = [:]
        for node in snapshot.nodes {
            guard let version = node.machine.value?.version else { continue }
            let findings = judged[version] ?? step(from: version, at: node.name)
            judged[version] = findings
            found += findings
        }
        if !found.contains(where: { $0.severity == .error }),
            let oldest = machines.map(\.version).min(), oldest < target
        {
            let rolled = machines.filter { $0.version < target }
            found += Hazard.findings(from: oldest, to: target, machines: rolled)
        }
        found += kubernetes() + extensions(of: machines.filter { $0.version < target })
        return unique(found)
    }

    private func released() -> [Finding] {
        let withdrawn = Set(known.talos.releases.filter(\.isWithdrawn).map(\.version))
        if let finding = HopRules.unknown(target) ?? HopRules.taken(back: target, withdrawn) {
            return [finding]
        }
        let newest = known.talos.newest(in: target.series)?.version
        if target > newest ?? target {
            return [
                Finding(
                    .warning, "version.newer-than-known",
                    "Talos \(target) is newer than the newest \(target.series) this bump knows, "
                        + "\(newest ?? target); whether it exists shows when its image is pulled.")
            ]
        }
        return []
    }

    private func step(from current: Version, at node: NodeName) -> [Finding] {
        if target < current {
            return [
                Finding(
                    .error, "version.downgrade",
                    "\(target) is older than \(current), which \(node) runs: going back is not an "
                        + "upgrade.", at: node.text, fix: "choose \(current) or later")
            ]
        }
        guard target.series > current.series else { return [] }
        let next = Version.Series(current.major, current.minor + 1)
        guard target.series == next else {
            let stop =
                known.talos.newest(in: next)?.version.tag ?? "the latest patch of \(next)"
            return [
                Finding(
                    .error, "version.skips-minor",
                    "\(node) runs \(current): \(target) skips Talos \(next). Talos is upgraded one "
                        + "minor at a time, through the latest patch of each.", at: node.text,
                    fix: "bump talos \(stop)")
            ]
        }
        return latestPatch(from: current, at: node)
    }

    /// Source: the upgrade guide (“upgrade to the latest patch first”).
    private func latestPatch(from current: Version, at node: NodeName) -> [Finding] {
        guard let latest = known.talos.newest(in: current.series)?.version, current < latest,
            Hazard.findings(from: current, to: target).allSatisfy({ $0.severity < .error })
        else { return [] }
        return [
            Finding(
                .warning, "hop.not-from-latest-patch",
                "Going to \(target.series) from \(current): the tested way is through "
                    + "\(latest), the latest patch of \(current.series).", at: node.text,
                fix: "bump talos \(latest) first, if you can spare the time")
        ]
    }

    /// What an image of the new Talos calls otherwise, or cannot have. Only names that the running
    /// Talos is known to have are judged: a factory of one's own may have others.
    private func extensions(of machines: [MachineFacts]) -> [Finding] {
        guard let known = BundledExtensions.names(in: target.series) else { return [] }
        var renamed: Set<String> = []
        var gone: Set<String> = []
        for machine in machines {
            let official = BundledExtensions.names(in: machine.version.series) ?? []
            for name in machine.extensions where official.contains(name) && !known.contains(name) {
                // The factory's alias of this one leads nowhere.
                let isBuilt = name != "nvidia-fabricmanager"
                if let new = ExtensionRename.table[name], known.contains(new), isBuilt {
                    renamed.insert("\(name) is called \(new)")
                } else {
                    gone.insert(name)
                }
            }
        }
        var found: [Finding] = []
        if !gone.isEmpty {
            let names = gone.sorted().joined(separator: " ")
            found.append(
                Finding(
                    .error, "extension.gone",
                    "Talos \(target.series) has no \(names): no image of it can be built.",
                    fix: "bump extensions remove \(names)"))
        }
        if !renamed.isEmpty {
            found.append(
                Finding(
                    .note, "extension.renamed",
                    "In Talos \(target.series) \(renamed.sorted().joined(separator: ", ")): the "
                        + "schematic keeps the old name, and the nodes tell the new one."))
        }
        return found
    }

    private func kubernetes() -> [Finding] {
        guard let series = TalosSeries.of(target.series) else { return [] }
        var running: [(String, Version)] = []
        if let version = snapshot.kubernetesVersion.value {
            running.append(("API server", version))
        }
        for node in snapshot.nodes {
            if let version = node.kubernetes.value?.kubeletVersion {
                running.append(("kubelet of \(node.name)", version))
            }
        }
        for (who, version) in running where !series.kubernetes.contains(version.series) {
            let newer = version.series > series.kubernetes.upperBound
            let range = "\(series.kubernetes.lowerBound) to \(series.kubernetes.upperBound)"
            return [
                Finding(
                    .error, "version.kubernetes-range",
                    "Talos \(target.series) runs Kubernetes \(range); the \(who) is at "
                        + "\(version.number).",
                    fix: newer
                        ? "choose a newer Talos"
                        : "upgrade Kubernetes to \(series.kubernetes.lowerBound) or later first")
            ]
        }
        return []
    }

    /// The same rule broken by many nodes is said once, at the first, with the number of nodes.
    private func unique(_ findings: [Finding]) -> [Finding] {
        var kept: [Finding] = []
        var more: [String: Int] = [:]
        for finding in findings {
            if kept.contains(where: { $0.code == finding.code }) {
                more[finding.code, default: 0] += 1
            } else {
                kept.append(finding)
            }
        }
        return kept.map { finding in
            guard let count = more[finding.code] else { return finding }
            var copy = finding
            copy.summary += " (\(count) more \(count == 1 ? "node" : "nodes") likewise)"
            return copy
        }
    }
}
