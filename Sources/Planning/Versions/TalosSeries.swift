package import Model

/// What is known of one minor release series of Talos Linux.
///
/// Sources: the `compatibility` package of siderolabs/talos (host and Kubernetes ranges, read at
/// v1.14.0-rc.1), the release tags of siderolabs/talos (latest patch, read 2026-08-21 and later
/// sightings), the release notes of 1.10 (platform installers) and 1.14 (generic installer gone).
package struct TalosSeries: Sendable {
    package var series: Version.Series
    package var latestPatch: Int
    /// Kubernetes minors it runs, both ends included: what Talos itself enforces.
    package var kubernetes: ClosedRange<Version.Series>
    /// The lowest Kubernetes minor of the published support matrix, where it is above what is
    /// enforced.
    package var documentedKubernetes: Version.Series
    /// The oldest Talos its installer accepts to upgrade from.
    package var oldestHost: Version.Series
    /// `PLATFORM-installer` images exist (Talos 1.10 and later carry the platform in the UKI).
    package var hasPlatformInstaller: Bool
    /// `ghcr.io/siderolabs/installer` is published.
    package var hasGenericInstaller: Bool

    package var latest: Version { Version(series.major, series.minor, latestPatch) }

    package static func of(_ series: Version.Series) -> TalosSeries? { bySeries[series] }

    /// Releases that were withdrawn after publication.
    /// Source: the announcement at siderolabs/talos v1.13.1, replaced by v1.13.2 the same day.
    package static let withdrawn: [Version: Version] = [Version(1, 13, 1): Version(1, 13, 2)]

    private static let bySeries = Dictionary(
        uniqueKeysWithValues: table.map { ($0.series, $0) })

    package static let table: [TalosSeries] = [
        row(6, 8, 24...29, host: 3, platform: false),
        row(7, 7, 25...30, host: 4, platform: false),
        row(8, 4, 26...31, host: 5, platform: false),
        row(9, 6, 27...32, host: 8, platform: false),
        row(10, 9, 28...33, host: 8, platform: true),
        row(11, 6, 29...34, host: 9, platform: true),
        row(12, 12, 30...35, host: 10, platform: true),
        row(13, 11, 31...36, host: 11, platform: true),
        row(14, 2, 32...37, documented: 33, host: 12, platform: true, generic: false),
    ]

    private static func row(
        _ minor: Int, _ patch: Int, _ kubernetes: ClosedRange<Int>, documented: Int? = nil,
        host: Int, platform: Bool, generic: Bool = true
    ) -> TalosSeries {
        TalosSeries(
            series: Version.Series(1, minor), latestPatch: patch,
            kubernetes: Version.Series(
                1, kubernetes.lowerBound)...Version.Series(1, kubernetes.upperBound),
            documentedKubernetes: Version.Series(1, documented ?? kubernetes.lowerBound),
            oldestHost: Version.Series(1, host), hasPlatformInstaller: platform,
            hasGenericInstaller: generic)
    }
}
