package import Model

/// Judges a wished Kubernetes version against what runs.
struct KubernetesRules {
    let snapshot: Snapshot
    let target: Version
    let isRollback: Bool

    /// Nothing of the components could be seen on some node.
    var isBlind: Bool {
        guard let survey = snapshot.components else { return true }
        return snapshot.nodes.contains { survey.settings[$0.name]?.value == nil }
    }

    func findings() -> [Finding] {
        unseen() + support() + hop() + newer() + kubelets() + removed()
    }

    private var lowest: Version? { snapshot.oldestControlPlaneVersion }

    private func unseen() -> [Finding] {
        guard let survey = snapshot.components else {
            return [
                Finding(
                    .error, "components.unknown", "The Kubernetes components were not looked at.",
                    fix: "bump status --verbose")
            ]
        }
        var found: [Finding] = snapshot.nodes.compactMap { node in
            guard case .unknown(let reason) = survey.settings[node.name] ?? .unknown("not asked")
            else { return nil }
            return Finding(
                .error, "components.unknown",
                "The machine config of \(node.name) cannot be read: \(reason)", at: node.name.text,
                fix: "use a talosconfig with the role os:admin")
        }
        if let reason = survey.pods.reason {
            found.append(
                Finding(
                    .error, "components.unknown",
                    "The pods of the control plane cannot be read: \(reason)",
                    fix: "kubectl -n kube-system get pods"))
        }
        for node in snapshot.nodes {
            for setting in survey.settings[node.name]?.value ?? [] where setting.version == nil {
                found.append(
                    Finding(
                        .error, "components.image",
                        "\(setting.component.rawValue) of \(node.name) runs \(setting.image), whose "
                            + "tag is no version: its image is left to you.", at: node.name.text,
                        fix: "set the image in the machine config to one with a version tag"))
            }
        }
        return found
    }

    /// Every node's Talos must support it.
    private func support() -> [Finding] {
        var seen: Set<Version.Series> = []
        return snapshot.nodes.compactMap { node in
            guard let talos = node.machine.value?.version, seen.insert(talos.series).inserted
            else { return nil }
            guard let series = TalosSeries.of(talos.series) else {
                return Finding(
                    .error, "version.unknown-series",
                    "Talos \(talos.series) of \(node.name) is not in the tables of this bump.",
                    at: node.name.text, fix: "update bump")
            }
            if series.kubernetes.contains(target.series) { return nil }
            let isNewer = target.series > series.kubernetes.upperBound
            let fitting = TalosSeries.table.first { $0.kubernetes.contains(target.series) }
            return Finding(
                .error, "version.kubernetes-range",
                "Talos \(talos.series) runs Kubernetes \(series.kubernetes.lowerBound) to "
                    + "\(series.kubernetes.upperBound); \(target.number) is too "
                    + (isNewer ? "new." : "old."), at: node.name.text,
                fix: isNewer
                    ? fitting.map { "bump talos \($0.latest) first" }
                        ?? "choose \(series.kubernetes.upperBound) or older"
                    : "choose \(series.kubernetes.lowerBound) or newer")
        }
    }

    private func hop() -> [Finding] {
        guard let lowest else { return [] }
        let distance = target.series.minor - lowest.series.minor
        if target.series.major != lowest.series.major || distance > 1 {
            return [
                Finding(
                    .error, "version.skips-minor",
                    "Kubernetes runs \(lowest.number): \(target.number) skips a minor. Minors are "
                        + "walked one at a time.",
                    fix: "bump kubernetes \(target.number) walks them by itself")
            ]
        }
        if !isRollback, target < lowest, distance >= -1 {
            return [
                Finding(
                    .error, "version.downgrade",
                    "\(target.number) is older than \(lowest.number), which runs.",
                    fix: "bump rollback --kubernetes \(target.number)")
            ]
        }
        if distance < -1 {
            return [
                Finding(
                    .error, "version.too-far-back",
                    "Kubernetes runs \(lowest.number): \(target.number) is more than one minor "
                        + "back. etcd may hold objects that it cannot read.",
                    fix: "restore a backup instead, or go back to "
                        + "\(Version.Series(lowest.major, lowest.minor - 1))")
            ]
        }
        let newest = configured.map(\.version).max() ?? lowest
        if isRollback, target >= newest, configured.contains(where: { $0.version < target }) {
            return [
                Finding(
                    .error, "version.not-back",
                    "\(target.number) is not older than \(newest.number), which runs.",
                    fix: "bump kubernetes \(target.number)")
            ]
        }
        if isRollback, distance < 0 {
            return [
                Finding(
                    .warning, "version.minor-back",
                    "Going back a minor is not tested by Kubernetes: objects that only "
                        + "\(lowest.series) knows are lost to \(target.series).")
            ]
        }
        return []
    }

    /// What is ahead already, after a run that was left half-way, is not taken back by an upgrade.
    private func newer() -> [Finding] {
        guard !isRollback, let lowest, target >= lowest,
            let ahead = configured.max(by: { $0.version < $1.version }), ahead.version > target
        else { return [] }
        return [
            Finding(
                .error, "version.downgrade",
                "\(ahead.component.rawValue) of \(ahead.node) is at \(ahead.version.number) already: "
                    + "\(target.number) is older.", at: ahead.node.text,
                fix: "bump kubernetes \(ahead.version.number), or bump rollback --kubernetes "
                    + target.number)
        ]
    }

    /// What the machine configs name.
    private var configured: [(node: NodeName, component: KubernetesComponent, version: Version)] {
        snapshot.nodes.flatMap { node in
            (snapshot.components?.settings[node.name]?.value ?? []).compactMap { setting in
                setting.version.map { (node.name, setting.component, $0) }
            }
        }
    }

    /// A kubelet is never newer than its API server, and at most three minors older.
    /// Source: kubernetes.io, version skew policy.
    private func kubelets() -> [Finding] {
        snapshot.nodes.compactMap { node in
            guard let kubelet = node.kubernetes.value?.kubeletVersion else { return nil }
            let lag = target.series.minor - kubelet.series.minor
            guard lag > 3 else { return nil }
            return Finding(
                .error, "version.kubelet-skew",
                "The kubelet of \(node.name) is at \(kubelet.number), more than three minors "
                    + "behind \(target.number).", at: node.name.text,
                fix: lowest.map { "bump kubernetes \($0.number) brings it up first" })
        }
    }

    private func removed() -> [Finding] {
        guard !isRollback, let survey = snapshot.components, let lowest,
            target.series > lowest.series,
            let removals = KubernetesRemovals.of(target.series)
        else { return [] }
        return RemovalRules(survey: survey, removals: removals).findings()
    }
}

extension Snapshot {
    /// The lowest version of the control plane's static pods: the one that a hop begins at. Kubelets
    /// and kube-proxy may lag behind it.
    package var oldestControlPlaneVersion: Version? {
        let pods = components?.pods.value?.filter { $0.component.isStaticPod } ?? []
        let settings = nodes.compactMap { components?.settings[$0.name]?.value }
            .flatMap { $0.filter(\.component.isStaticPod) }
        return
            (pods.compactMap(\.version) + settings.compactMap(\.version)
            + [kubernetesVersion.value].compactMap(\.self)).min()
    }
}
