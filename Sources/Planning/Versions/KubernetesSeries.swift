package import Model

/// What is known of one minor release series of Kubernetes.
///
/// Sources: the tags of kubernetes/kubernetes as of 2026-08-21; 1.35.8, 1.36.5 and 1.37.1 as seen
/// later in other projects' repositories, without a day.
package struct KubernetesSeries: Sendable {
    package var series: Version.Series
    /// Seconds since 1970.
    package var firstReleasedAt: Double?
    package var latestPatch: Int
    package var latestReleasedAt: Double?

    package var latest: Version { Version(series.major, series.minor, latestPatch) }

    package static func of(_ series: Version.Series) -> KubernetesSeries? {
        table.first { $0.series == series }
    }

    package static let table: [KubernetesSeries] = [
        row(24, "2022-05-03", 17, "2023-08-23"), row(25, "2022-08-23", 16, "2023-11-15"),
        row(26, "2022-12-08", 15, "2024-03-14"), row(27, "2023-04-11", 16, "2024-07-17"),
        row(28, "2023-08-15", 15, "2024-10-22"), row(29, "2023-12-13", 15, "2025-03-11"),
        row(30, "2024-04-17", 14, "2025-06-17"), row(31, "2024-08-13", 14, "2025-11-11"),
        row(32, "2024-12-11", 13, "2026-02-26"), row(33, "2025-04-23", 13, "2026-06-11"),
        row(34, "2025-08-27", 10, "2026-07-22"), row(35, "2025-12-17", 8, nil),
        row(36, "2026-04-22", 5, nil), row(37, nil, 1, nil),
    ]

    /// Upstream maintains the three newest minors, each for about a year.
    /// Source: kubernetes.io, "Patch Releases" and "Version Skew Policy".
    package static let maintainedMinors = 3

    private static func row(
        _ minor: Int, _ first: String?, _ patch: Int, _ latest: String?
    ) -> KubernetesSeries {
        KubernetesSeries(
            series: Version.Series(1, minor),
            firstReleasedAt: first.flatMap { ISOTime.seconds($0) },
            latestPatch: patch, latestReleasedAt: latest.flatMap { ISOTime.seconds($0) })
    }
}

/// How far apart the parts of one cluster may be.
/// Source: kubernetes.io, "Version Skew Policy" (three minors for kubelets since 1.28).
package enum KubernetesSkew {
    /// Whether a kubelet, or kube-proxy, works with this API server: never newer, and at most
    /// three minors older (two below 1.25).
    package static func allows(kubelet: Version.Series, apiServer: Version.Series) -> Bool {
        let most = kubelet < Version.Series(1, 25) ? 2 : 3
        return kubelet.major == apiServer.major
            && (0...most).contains(apiServer.minor - kubelet.minor)
    }

    /// Whether two API servers may run side by side: at most one minor apart.
    package static func allows(apiServers left: Version.Series, _ right: Version.Series) -> Bool {
        left.major == right.major && abs(left.minor - right.minor) <= 1
    }

    /// Whether a controller manager or scheduler works with this API server: the same minor or
    /// one older.
    package static func allows(controller: Version.Series, apiServer: Version.Series) -> Bool {
        controller.major == apiServer.major
            && (0...1).contains(apiServer.minor - controller.minor)
    }
}
