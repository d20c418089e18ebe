import Model
import Planning
import Testing

struct OutdatedTests {
    private static let now = ISOTime.seconds("2026-11-22") ?? 0

    private func report(
        _ talos: Version?, _ kubernetes: Version?, known: KnownReleases = BundledReleases.known,
        cadence: Cadence = Cadence(), now: Double = OutdatedTests.now
    ) -> OutdatedReport {
        OutdatedRules(
            running: .init(clusterName: "demo", talos: talos, kubernetes: kubernetes),
            known: known, cadence: cadence, now: now
        ).report()
    }

    private func releases(_ talos: [(Version, String)]) -> KnownReleases {
        KnownReleases(
            talos: ReleaseList(
                .talos,
                talos.map { Release($0.0, publishedAt: ISOTime.seconds($0.1)) },
                origin: .feed("test")),
            kubernetes: ReleaseList(.kubernetes, [], origin: .feed("test")))
    }

    @Test func `an old cluster hears of patch, minor and Kubernetes`() {
        let report = report(Version(1, 9, 2), Version(1, 32, 0))
        let lines = report.items.map { item in
            "\(item.product) \(item.step) \(item.to) \(item.risk) \(item.verdict.isDue)"
        }
        #expect(
            lines == [
                "talos patch v1.9.6 low true", "talos minor v1.14.2 high true",
                "kubernetes patch v1.32.13 low true", "kubernetes minor v1.33.13 high false",
            ])
        #expect(report.isDue)
        #expect(report.items[1].way.count == 5)
        #expect(report.items[1].command == "bump talos v1.14.2")
        #expect(
            report.items[3].verdict == .wait("Talos 1.10, which runs Kubernetes 1.33"))
        #expect(report.items[3].command == nil)
        #expect(report.remarks.count == 2)
    }

    @Test func `a patch is due for a week and overdue afterwards`() {
        let known = releases([(Version(1, 9, 2), "2026-01-01"), (Version(1, 9, 3), "2026-11-20")])
        let due = report(Version(1, 9, 2), nil, known: known).items.first?.verdict
        #expect(due == .due(by: ISOTime.seconds("2026-11-27")))
        let late = report(
            Version(1, 9, 2), nil, known: known, now: ISOTime.seconds("2026-11-28") ?? 0
        ).items.first?.verdict
        #expect(late == .overdue(since: ISOTime.seconds("2026-11-27") ?? 0))
        let patient = Cadence(patch: .seconds(30 * 86_400))
        let month = report(
            Version(1, 9, 2), nil, known: known, cadence: patient,
            now: ISOTime.seconds("2026-11-28") ?? 0
        ).items.first?.verdict
        #expect(month == .due(by: ISOTime.seconds("2026-12-20")))
    }

    @Test(
        arguments: [
            (0, OutdatedReport.Verdict.wait("v1.10.1")), (1, .optional), (2, .due(by: nil)),
        ])
    func `a minor waits for its first patches`(
        _ patch: Int, _ verdict: OutdatedReport.Verdict
    ) {
        let known = releases([
            (Version(1, 9, 6), "2026-01-01"), (Version(1, 10, patch), "2026-11-20"),
        ])
        let report = report(Version(1, 9, 6), nil, known: known)
        #expect(report.items.map(\.verdict) == [verdict])
        #expect(report.isDue == (patch == 2))
    }

    @Test func `the minor that is due comes before a newer one that waits`() {
        let known = releases([
            (Version(1, 9, 6), "2026-01-01"), (Version(1, 10, 9), "2026-02-01"),
            (Version(1, 11, 0), "2026-11-20"),
        ])
        #expect(report(Version(1, 9, 6), nil, known: known).items.map(\.to) == [Version(1, 10, 9)])
    }

    @Test func `a minor whose rules are not known waits for a newer bump`() {
        let known = releases([(Version(1, 14, 2), "2026-01-01"), (Version(1, 15, 3), "2026-02-01")])
        let item = report(Version(1, 14, 2), nil, known: known).items.first
        #expect(item?.verdict == .wait("a bump that knows the rules of Talos 1.15"))
        #expect(item?.command == nil)
    }

    @Test func `the newest has nothing to do, and the unknown is said`() {
        let newest = report(Version(1, 14, 2), Version(1, 37, 1))
        #expect(newest.items.isEmpty && newest.remarks.isEmpty && !newest.isDue)
        let unknown = report(nil, nil)
        #expect(unknown.items.isEmpty && unknown.remarks.count == 2)
        #expect(report(Version(1, 13, 1), nil).remarks.contains { $0.contains("withdrawn") })
    }

    @Test func `notes are those of the first release of each minor on the way`() {
        let items = report(Version(1, 9, 2), Version(1, 32, 0)).items
        #expect(OutdatedRules.notable(items[0]) == [Version(1, 9, 6)])
        #expect(
            OutdatedRules.notable(items[1]).map(\.tag) == [
                "v1.10.0", "v1.11.0", "v1.12.0", "v1.13.0", "v1.14.0", "v1.14.2",
            ])
    }
}
