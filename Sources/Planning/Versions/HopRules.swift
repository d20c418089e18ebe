package import Model

/// The versions of a cluster at one time.
package struct ClusterVersions: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The oldest Talos that a node runs.
    package var talos: Version
    /// The API server's; nil when it is not known, and then nothing is said about it.
    package var kubernetes: Version?

    package init(talos: Version, kubernetes: Version?) {
        self.talos = talos
        self.kubernetes = kubernetes
    }

    package var description: String {
        "Talos \(talos)" + (kubernetes.map { ", Kubernetes \($0.number)" } ?? "")
    }
}

/// One move of the whole cluster.
package enum Hop: Hashable, Sendable, Codable, CustomStringConvertible {
    case talos(Version)
    case kubernetes(Version)

    package var product: Product {
        switch self {
        case .talos: .talos
        case .kubernetes: .kubernetes
        }
    }

    package var version: Version {
        switch self {
        case .talos(let version), .kubernetes(let version): version
        }
    }

    /// `talos v1.10.9`, `kubernetes 1.33.2`: as it is typed behind `bump`.
    package var description: String { "\(product.rawValue) \(product.spelling(version))" }
}

/// Whether a hop may be taken. Code only walks `TalosSeries` and the hazards.
package enum HopRules {
    /// Why this hop may not be taken from here; nil when it may.
    ///
    /// - Parameters:
    ///   - withdrawn: Talos versions that must not be installed, besides those in the tables.
    ///   - goingBack: allows a Kubernetes hop to an older version.
    package static func refusal(
        of hop: Hop, from here: ClusterVersions, withdrawn: Set<Version> = [],
        goingBack: Bool = false
    ) -> Finding? {
        switch hop {
        case .talos(let version):
            talosRefusal(version, from: here, withdrawn: withdrawn)
        case .kubernetes(let version):
            kubernetesRefusal(version, from: here, goingBack: goingBack)
        }
    }

    private static func talosRefusal(
        _ version: Version, from here: ClusterVersions, withdrawn: Set<Version>
    ) -> Finding? {
        if let refusal = unknown(version) ?? taken(back: version, withdrawn) { return refusal }
        guard version > here.talos else {
            return Finding(
                .error, "version.downgrade",
                "\(version) is not newer than \(here.talos): going back is not an upgrade.",
                fix: "choose something later than \(here.talos)")
        }
        guard
            version.series == here.talos.series
                || version.series == Version.Series(here.talos.major, here.talos.minor + 1)
        else {
            return Finding(
                .error, "version.skips-minor",
                "Going from \(here.talos) to \(version) skips a minor release.")
        }
        if let series = TalosSeries.of(version.series), here.talos.series < series.oldestHost {
            return Finding(
                .error, "version.host-too-old",
                "The installer of Talos \(version) starts from Talos \(series.oldestHost) on.")
        }
        let hazard = Hazard.findings(from: here.talos, to: version).first {
            $0.severity == .error
        }
        return hazard ?? mismatch(talos: version, kubernetes: here.kubernetes)
    }

    private static func kubernetesRefusal(
        _ version: Version, from here: ClusterVersions, goingBack: Bool
    ) -> Finding? {
        guard let current = here.kubernetes else {
            return Finding(
                .error, "version.kubernetes-unknown", "Which Kubernetes runs is not known.",
                fix: "bump status --verbose")
        }
        guard version != current, version > current || goingBack else {
            return Finding(
                .error, "version.downgrade",
                "Kubernetes \(version.number) is not newer than \(current.number).",
                fix: "bump rollback --kubernetes \(version.number)")
        }
        guard version.major == current.major, abs(version.minor - current.minor) <= 1 else {
            return Finding(
                .error, "version.skips-minor",
                "Going from Kubernetes \(current.number) to \(version.number) skips a minor release."
            )
        }
        return mismatch(talos: here.talos, kubernetes: version)
    }

    /// Talos and Kubernetes that do not go together.
    package static func mismatch(talos: Version, kubernetes: Version?) -> Finding? {
        guard let series = TalosSeries.of(talos.series), let kubernetes,
            !series.kubernetes.contains(kubernetes.series)
        else { return nil }
        let newer = kubernetes.series > series.kubernetes.upperBound
        return Finding(
            .error, "version.kubernetes-range",
            "Talos \(talos.series) runs Kubernetes \(series.kubernetes.lowerBound) to "
                + "\(series.kubernetes.upperBound), not \(kubernetes.number).",
            fix: newer
                ? "upgrade Talos first"
                : "upgrade Kubernetes to "
                    + "\(series.kubernetes.lowerBound) or later first")
    }

    static func unknown(_ talos: Version) -> Finding? {
        guard TalosSeries.of(talos.series) == nil else { return nil }
        let first = TalosSeries.table.first?.series.description ?? ""
        let last = TalosSeries.table.last
        return Finding(
            .error, "version.unknown-series",
            "Talos \(talos.series) is not in the tables of this bump; it knows \(first) to "
                + "\(last?.series.description ?? "").",
            fix: "choose a version up to \(last?.latest.tag ?? first), or update bump")
    }

    /// No Talos that is known runs it.
    static func unknown(kubernetes: Version) -> Finding? {
        let ranges = TalosSeries.table.map(\.kubernetes)
        guard !ranges.contains(where: { $0.contains(kubernetes.series) }),
            let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max()
        else { return nil }
        let newest = KubernetesSeries.of(last)?.latest.number ?? last.description
        return Finding(
            .error, "version.unknown-series",
            "Kubernetes \(kubernetes.series) is not in the tables of this bump; it knows \(first) to "
                + "\(last).",
            fix: kubernetes.series > last
                ? "choose a version up to \(newest), or update bump" : "choose \(first) or newer")
    }

    static func taken(back version: Version, _ withdrawn: Set<Version>) -> Finding? {
        let better = TalosSeries.withdrawn[version]
        guard better != nil || withdrawn.contains(version) else { return nil }
        return Finding(
            .error, "version.withdrawn", "Talos \(version) was withdrawn after its release.",
            fix: better.map { "bump talos \($0)" } ?? "choose another patch of \(version.series)")
    }
}
