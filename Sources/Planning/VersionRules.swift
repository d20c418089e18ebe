import Model

/// Judges a wished Talos version against what runs. Code only walks the table of `TalosSeries`.
struct VersionRules {
    let snapshot: Snapshot
    let target: Version

    func findings() -> [Finding] {
        var found = released()
        for node in snapshot.nodes {
            guard let machine = node.machine.value else { continue }
            found += step(from: machine.version, at: node.name)
        }
        found += kubernetes()
        return unique(found)
    }

    private func released() -> [Finding] {
        guard let series = TalosSeries.of(target.series) else {
            let newest = TalosSeries.table.last?.latest.tag ?? ""
            return [
                Finding(
                    .error, "version.unknown-series",
                    "Talos \(target.series) is not in the tables of this bump; it knows "
                        + "1.6 to \(TalosSeries.table.last?.series.description ?? "").",
                    fix: "choose a version up to \(newest), or update bump")
            ]
        }
        if let better = TalosSeries.withdrawn[target] {
            return [
                Finding(
                    .error, "version.withdrawn", "Talos \(target) was withdrawn after its release.",
                    fix: "bump talos \(better)")
            ]
        }
        if target > series.latest {
            return [
                Finding(
                    .warning, "version.newer-than-known",
                    "Talos \(target) is newer than the newest \(target.series) this bump knows, "
                        + "\(series.latest); whether it exists shows when its image is pulled.")
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
            let stop = TalosSeries.of(next)?.latest.tag ?? "the latest patch of \(next)"
            return [
                Finding(
                    .error, "version.skips-minor",
                    "\(node) runs \(current): \(target) skips Talos \(next). Talos is upgraded one "
                        + "minor at a time, through the latest patch of each.", at: node.text,
                    fix: "bump talos \(stop)")
            ]
        }
        return hazards(from: current, at: node)
    }

    /// Source: siderolabs/talos release notes of 1.10.9 (etcd 3.5.26 fixes zombie members before
    /// etcd 3.6 of Talos 1.11), and the upgrade guide ("upgrade to the latest patch first").
    private func hazards(from current: Version, at node: NodeName) -> [Finding] {
        guard let series = TalosSeries.of(current.series), current < series.latest else {
            return []
        }
        if target.series == Version.Series(1, 11), current < Version(1, 10, 9) {
            return [
                Finding(
                    .error, "hop.etcd-3.6",
                    "Talos 1.11 brings etcd 3.6, which needs the fix of v1.10.9 first; \(node) "
                        + "runs \(current).", at: node.text, fix: "bump talos v1.10.9")
            ]
        }
        return [
            Finding(
                .warning, "hop.not-from-latest-patch",
                "Going to \(target.series) from \(current): the tested way is through "
                    + "\(series.latest), the latest patch of \(current.series).",
                fix: "bump talos \(series.latest) first, if you can spare the time")
        ]
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
