import Display
import Model
import Testing

struct OutdatedTextTests {
    private func report(_ items: [OutdatedReport.Item]) -> OutdatedReport {
        OutdatedReport(
            clusterName: "demo", madeAt: Samples.noon, talos: Version(1, 9, 2),
            kubernetes: Version(1, 32, 0), items: items,
            sources: [
                .init(
                    product: .talos, origin: .bundled(asOf: 1_787_270_400),
                    remark: "api.github.com cannot be reached."),
                .init(product: .kubernetes, origin: .feed("https://api.github.com"), remark: nil),
            ], remarks: ["Talos 1.9 is no longer maintained upstream."])
    }

    private var items: [OutdatedReport.Item] {
        [
            OutdatedReport.Item(
                product: .talos, step: .patch, from: Version(1, 9, 2), to: Version(1, 9, 6),
                publishedAt: Samples.noon - 3 * 86_400, risk: .low, findings: [],
                verdict: .due(by: Samples.noon + 4 * 86_400), way: ["talos v1.9.6"],
                command: "bump talos v1.9.6"),
            OutdatedReport.Item(
                product: .kubernetes, step: .minor, from: Version(1, 32, 0),
                to: Version(1, 33, 13), publishedAt: nil, risk: .high,
                findings: [Finding(.note, "hop.cgroups-v1", "Talos 1.10 removed cgroups v1.")],
                verdict: .wait("Talos 1.10"), way: ["talos v1.10.9", "kubernetes 1.33.13"],
                command: nil,
                notes: [
                    ReleaseNotes(
                        version: Version(1, 33, 0), page: "https://example.org",
                        sections: [
                            .init(title: "Gone", lines: ["- x is gone"], isBreaking: true)
                        ])
                ]),
        ]
    }

    @Test func `a report reads as a table with what to do below`() {
        let text = OutdatedText(report(items), Style()).lines()
        #expect(
            Samples.text(text) == """
                Cluster demo  Talos v1.9.2, Kubernetes 1.32.0

                                    now     next     age      risk  cadence
                  Talos patch       v1.9.2  v1.9.6   3 days   low   due by 2026-11-26
                  Kubernetes minor  1.32.0  1.33.13  unknown  high  waits for Talos 1.10

                Talos v1.9.6
                  next: bump talos v1.9.6

                Kubernetes 1.33.13
                  way: talos v1.10.9 → kubernetes 1.33.13
                  note: Talos 1.10 removed cgroups v1.

                  Notes of v1.33.0
                  ! Gone
                    - x is gone
                  https://example.org

                  note: Talos 1.9 is no longer maintained upstream.

                  Talos releases: bundled with bump, as of 2026-08-21 (api.github.com cannot be reached.)
                  Kubernetes releases: https://api.github.com
                """)
    }

    @Test func `nothing newer is said in one line`() {
        let text = OutdatedText(report([]), Style()).lines()
        #expect(text[1] == "✓ Nothing newer is known.")
    }

    @Test func `the document says whether something is due`() {
        let text = OutdatedJSON.document(report(items))
        #expect(text.contains("\"due\": true"))
        #expect(
            text.contains("\"verdict\": \"wait\"") && text.contains("\"waitsFor\": \"Talos 1.10\""))
        #expect(text.contains("\"ageDays\": null") && text.contains("\"ageDays\": 3"))
        #expect(OutdatedJSON.document(report([])).contains("\"due\": false"))
    }
}
