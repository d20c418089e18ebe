import Model

/// Versions that should be one, and how far they may be apart.
/// Source: https://kubernetes.io/releases/version-skew-policy/
struct SkewRules {
    let snapshot: Snapshot

    func findings() -> [Finding] { talos() + kubelets() + support() + drift() }

    private func talos() -> [Finding] {
        let versions = Dictionary(grouping: snapshot.nodes.compactMap { $0.machine.value }) {
            $0.version
        }
        guard versions.count > 1, let newest = versions.keys.max() else { return [] }
        let others = versions.filter { $0.key != newest }.sorted { $0.key < $1.key }
            .flatMap { version, nodes in nodes.map { "\($0.name) \(version.tag)" } }
        return [
            Finding(
                .warning, "version.mixed",
                "The nodes run different versions of Talos: \(newest.tag), but "
                    + "\(Listing.names(others)).", fix: "bump talos \(newest.tag) --plan")
        ]
    }

    private func kubelets() -> [Finding] {
        guard let server = snapshot.kubernetesVersion.value else { return [] }
        var found: [Finding] = snapshot.nodes.compactMap { node in
            guard let kubelet = node.kubernetes.value?.kubeletVersion else { return nil }
            if kubelet.series > server.series {
                return Finding(
                    .error, "version.kubelet-newer",
                    "The kubelet of \(node.name) (\(kubelet.tag)) is newer than the API server "
                        + "(\(server.tag)).", at: node.name.text,
                    fix: "bring Kubernetes to \(kubelet.series) first: bump kubernetes "
                        + kubelet.number)
            }
            guard server.series.minor - kubelet.series.minor > Self.mostBehind else { return nil }
            return Finding(
                .error, "version.kubelet-old",
                "The kubelet of \(node.name) (\(kubelet.tag)) is more than \(Self.mostBehind) "
                    + "minors behind the API server (\(server.tag)).", at: node.name.text,
                fix: "bump kubernetes \(server.number)")
        }
        let kubelets = Set(snapshot.nodes.compactMap { $0.kubernetes.value?.kubeletVersion })
        if found.isEmpty, kubelets.count > 1 {
            let all = kubelets.sorted().map(\.tag).joined(separator: ", ")
            found.append(
                Finding(
                    .warning, "version.kubelets-mixed",
                    "The kubelets run different versions: \(all).",
                    fix: "bump kubernetes \(server.number)"))
        }
        return found
    }

    /// Kubernetes has to be one that the running Talos supports.
    private func support() -> [Finding] {
        guard let server = snapshot.kubernetesVersion.value else { return [] }
        let series = Set(snapshot.nodes.compactMap { $0.machine.value?.version.series })
        return series.sorted().compactMap { series in
            guard let row = TalosSeries.of(series), !row.kubernetes.contains(server.series) else {
                return nil
            }
            return Finding(
                .warning, "version.unsupported",
                "Talos \(series) supports Kubernetes \(row.kubernetes.lowerBound) to "
                    + "\(row.kubernetes.upperBound), and \(server.series) runs.",
                fix: server.series < row.kubernetes.lowerBound
                    ? "bump kubernetes --plan \(row.kubernetes.lowerBound).0"
                    : "bump talos --plan with a newer version")
        }
    }

    /// What is declared and what runs.
    private func drift() -> [Finding] {
        var found: [Finding] = []
        if let declared = snapshot.declaration.talos.value {
            let running = Set(snapshot.nodes.compactMap { $0.machine.value?.version })
            if !running.isEmpty, running != [declared.version] {
                let words = running.sorted().map(\.tag).joined(separator: ", ")
                found.append(
                    Finding(
                        .warning, "declaration.drift",
                        "Talos \(declared.text) is declared, and \(words) runs.",
                        at: declared.place.description,
                        fix: "bump talos \(declared.version.tag) --plan, or declare what runs"))
            }
        }
        if let declared = snapshot.declaration.kubernetes.value,
            let running = snapshot.kubernetesVersion.value, running != declared.version
        {
            found.append(
                Finding(
                    .warning, "declaration.drift",
                    "Kubernetes \(declared.text) is declared, and \(running.number) runs.",
                    at: declared.place.description,
                    fix: "bump kubernetes \(declared.version.number) --plan, or declare what runs"))
        }
        return found
    }

    /// A kubelet may be three minors older than its API server (since kubelet 1.25).
    private static let mostBehind = 3
}

/// Names in a row, not too many of them.
enum Listing {
    static func names(_ names: [String], limit: Int = 6) -> String {
        guard names.count > limit else { return names.joined(separator: ", ") }
        return names.prefix(limit).joined(separator: ", ") + " and \(names.count - limit) more"
    }
}
