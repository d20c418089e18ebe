package import Model

/// Which releases of Kubernetes the emulated world knows, and which Talos takes them.
package enum KubernetesReleases {
    /// One minor series.
    package struct Series: Sendable {
        package var minor: Int
        /// Highest patch that was published.
        package var lastPatch: Int
        /// Days of the first and of the last patch, `YYYY-MM-DD`.
        package var first: String
        package var last: String
    }

    /// Sources: Git tags of kubernetes/kubernetes up to 2026-07-24; later patches as third-party
    /// repositories name them.
    package static let series: [Series] = [
        Series(minor: 23, lastPatch: 17, first: "2021-12-07", last: "2023-02-22"),
        Series(minor: 24, lastPatch: 17, first: "2022-05-03", last: "2023-08-23"),
        Series(minor: 25, lastPatch: 16, first: "2022-08-23", last: "2023-11-15"),
        Series(minor: 26, lastPatch: 15, first: "2022-12-08", last: "2024-03-14"),
        Series(minor: 27, lastPatch: 16, first: "2023-04-11", last: "2024-07-17"),
        Series(minor: 28, lastPatch: 15, first: "2023-08-15", last: "2024-10-22"),
        Series(minor: 29, lastPatch: 15, first: "2023-12-13", last: "2025-03-11"),
        Series(minor: 30, lastPatch: 14, first: "2024-04-17", last: "2025-06-17"),
        Series(minor: 31, lastPatch: 14, first: "2024-08-13", last: "2025-11-11"),
        Series(minor: 32, lastPatch: 13, first: "2024-12-11", last: "2026-02-26"),
        Series(minor: 33, lastPatch: 13, first: "2025-04-23", last: "2026-06-11"),
        Series(minor: 34, lastPatch: 10, first: "2025-08-27", last: "2026-07-22"),
        Series(minor: 35, lastPatch: 8, first: "2025-12-17", last: "2026-08-19"),
        Series(minor: 36, lastPatch: 5, first: "2026-04-22", last: "2026-09-16"),
        Series(minor: 37, lastPatch: 1, first: "2026-08-26", last: "2026-09-16"),
    ]

    /// Whether images of this version can be pulled.
    package static func exists(_ version: Version) -> Bool {
        guard version.major == 1, version.prerelease.isEmpty,
            let row = series.first(where: { $0.minor == version.minor })
        else { return false }
        return version.patch >= 0 && version.patch <= row.lastPatch
    }

    /// What a Talos release says of a Kubernetes version it does not take; nil when it does.
    /// Source: siderolabs/talos `pkg/machinery/compatibility` at v1.14.0-rc.1.
    package static func objection(to kubernetes: Version, on talos: Version) -> String? {
        guard talos.major == 1, let range = range(of: talos.minor) else { return nil }
        let text = "version of Kubernetes \(kubernetes.number) is too "
        if kubernetes.major < 1 || kubernetes.minor < range.lowerBound {
            return text + "old to be used with Talos \(talos.number)"
        }
        if kubernetes.major > 1 || kubernetes.minor > range.upperBound {
            return text + "new to be used with Talos \(talos.number)"
        }
        return nil
    }

    /// Minors of Kubernetes that a minor of Talos takes.
    private static func range(of talos: Int) -> ClosedRange<Int>? {
        switch talos {
        case 2...5: (talos + 21)...(talos + 23)
        case 6: 24...29
        case 7...: (talos + 18)...(talos + 23)
        default: nil
        }
    }
}
