package import Model

/// The releases that `bump` knows without asking anybody.
package enum BundledReleases {
    /// The day the tables were read; releases after it are later sightings.
    package static let asOf = ISOTime.seconds("2026-08-21") ?? 0

    package static let known = KnownReleases(
        talos: ReleaseList(.talos, talos, origin: .bundled(asOf: asOf)),
        kubernetes: ReleaseList(.kubernetes, kubernetes, origin: .bundled(asOf: asOf)))

    /// `PATCH DATE` for each release of a series; `?` for a day that is not known, `!` behind one
    /// that was withdrawn.
    ///
    /// Source: tags of siderolabs/talos read on 2026-08-21; v1.12.12, v1.13.10 and later as seen
    /// in other projects' repositories until 2026-10-10.
    private static let talosText = """
        1.6: 0 2023-12-15; 1 2023-12-22; 2 2024-01-18; 3 2024-01-24; 4 2024-02-01; 5 2024-02-22; \
            6 2024-03-06; 7 2024-03-20; 8 2024-07-24
        1.7: 0 2024-04-19; 1 2024-05-01; 2 2024-05-17; 3 2024-05-29; 4 2024-05-30; 5 2024-06-22; \
            6 2024-08-06; 7 2024-09-26
        1.8: 0 2024-09-23; 1 2024-10-08; 2 2024-10-28; 3 2024-11-13; 4 2024-12-13
        1.9: 0 2024-12-17; 1 2024-12-26; 2 2025-01-16; 3 2025-01-28; 4 2025-02-13; 5 2025-03-12; \
            6 2025-05-05
        1.10: 0 2025-04-30; 1 2025-05-07; 2 2025-05-16; 3 2025-05-29; 4 2025-06-11; 5 2025-07-03; \
            6 2025-07-31; 7 2025-08-26; 8 2025-11-18; 9 2025-12-24
        1.11: 0 2025-09-01; 1 2025-09-08; 2 2025-09-25; 3 2025-10-15; 4 2025-11-06; 5 2025-11-06; \
            6 2025-12-16
        1.12: 0 2025-12-22; 1 2026-01-05; 2 2026-01-22; 3 2026-02-07; 4 2026-02-13; 5 2026-03-09; \
            6 2026-03-19; 7 2026-04-24; 8 2026-05-22; 9 2026-06-19; 10 2026-07-17; 11 2026-08-05; \
            12 2026-09-04
        1.13: 0 2026-04-27; 1 2026-05-12!; 2 2026-05-12; 3 2026-05-26; 4 2026-06-09; 5 2026-06-22; \
            6 2026-07-09; 7 2026-07-21; 8 2026-08-04; 9 2026-08-19; 10 ?; 11 ?
        1.14: 0 2026-09-03; 1 2026-09-15; 2 2026-09-29
        """

    private static let talos: [Release] = talosText.split(separator: "\n").flatMap { line in
        let halves = line.split(separator: ":", maxSplits: 1)
        guard halves.count == 2, let series = Version.Series(halves[0]) else { return [Release]() }
        return halves[1].split(separator: ";").compactMap { release($0, series) }
    }

    private static func release(_ text: Substring, _ series: Version.Series) -> Release? {
        let words = text.split(separator: " ")
        guard words.count == 2, let patch = Int(words[0]) else { return nil }
        let isWithdrawn = words[1].last == "!"
        return Release(
            Version(series.major, series.minor, patch),
            publishedAt: ISOTime.seconds(isWithdrawn ? words[1].dropLast() : words[1]),
            isWithdrawn: isWithdrawn)
    }

    /// The first and the newest patch of each series; those between are of no use to a route.
    private static let kubernetes: [Release] = KubernetesSeries.table.flatMap { row in
        let first = Release(
            Version(row.series.major, row.series.minor, 0), publishedAt: row.firstReleasedAt)
        let latest = Release(row.latest, publishedAt: row.latestReleasedAt)
        return row.latestPatch == 0 ? [first] : [first, latest]
    }
}
