import Model
import Simulation

/// On which days releases were published.
enum ReleaseDays {
    /// `YYYY-MM-DD`; nil for a release that is not known.
    static func talos(_ version: Version) -> String? {
        guard ReleaseTable.exists(version), let row = talosDays[version.minor],
            row.indices.contains(version.patch)
        else { return nil }
        return row[version.patch]
    }

    /// The days between the first and the last patch of a minor are spread evenly.
    static func kubernetes(_ version: Version) -> String? {
        guard KubernetesReleases.exists(version),
            let row = KubernetesReleases.series.first(where: { $0.minor == version.minor })
        else { return nil }
        let first = Timestamp("\(row.first)T00:00:00Z")?.seconds ?? 0
        let last = Timestamp("\(row.last)T00:00:00Z")?.seconds ?? first
        let share = (last - first) / Int64(max(1, row.lastPatch)) * Int64(version.patch)
        return String(Timestamp(seconds: first + share).text.prefix(10))
    }

    /// Git tag dates of siderolabs/talos up to 2026-08-21; v1.13.10 and v1.13.11 are guesses
    /// between their neighbours, later ones as third-party repositories have them.
    private static let talosDays: [Int: [String]] = [
        2: days(
            """
            2022-09-01 2022-09-07 2022-09-13 2022-09-20 2022-10-10 2022-10-11 2022-10-26 2022-11-22
            2022-12-20 2023-03-11
            """),
        3: days(
            """
            2022-12-15 2022-12-28 2023-01-12 2023-01-24 2023-02-09 2023-02-20 2023-03-14 2023-04-06
            """),
        4: days(
            """
            2023-04-18 2023-04-27 2023-05-08 2023-05-10 2023-05-13 2023-05-30 2023-06-28 2023-07-26
            2023-08-10
            """),
        5: days(
            """
            2023-08-17 2023-08-22 2023-09-07 2023-09-22 2023-10-17 2023-11-09 2024-02-02
            """),
        6: days(
            """
            2023-12-15 2023-12-22 2024-01-18 2024-01-24 2024-02-01 2024-02-22 2024-03-06 2024-03-20
            2024-07-24
            """),
        7: days(
            """
            2024-04-19 2024-05-01 2024-05-17 2024-05-29 2024-05-30 2024-06-22 2024-08-06 2024-09-26
            """),
        8: days(
            """
            2024-09-23 2024-10-08 2024-10-28 2024-11-13 2024-12-13
            """),
        9: days(
            """
            2024-12-17 2024-12-26 2025-01-16 2025-01-28 2025-02-13 2025-03-12 2025-05-05
            """),
        10: days(
            """
            2025-04-30 2025-05-07 2025-05-16 2025-05-29 2025-06-11 2025-07-03 2025-07-31 2025-08-26
            2025-11-18 2025-12-24
            """),
        11: days(
            """
            2025-09-01 2025-09-08 2025-09-25 2025-10-15 2025-11-06 2025-11-06 2025-12-16
            """),
        12: days(
            """
            2025-12-22 2026-01-05 2026-01-22 2026-02-07 2026-02-13 2026-03-09 2026-03-19 2026-04-24
            2026-05-22 2026-06-19 2026-07-17 2026-08-05 2026-09-04
            """),
        13: days(
            """
            2026-04-27 2026-05-12 2026-05-12 2026-05-26 2026-06-09 2026-06-22 2026-07-09 2026-07-21
            2026-08-04 2026-08-19 2026-09-04 2026-09-15
            """),
        14: days(
            """
            2026-09-03 2026-09-15 2026-09-29
            """),
    ]

    private static func days(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
