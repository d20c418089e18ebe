import Model
import Testing

@testable import Display

struct HistoryTests {
    private let runs = [
        PastRun(
            id: RunID("20261122-183012-abcd"), title: "abort of run 1", result: "done",
            startedAt: .known(1_795_372_212)),
        PastRun(
            id: RunID("20261122-183000-abcd"), title: "unknown", result: "unreadable",
            startedAt: .unknown("The journal is damaged.")),
    ]

    @Test func `the titles line up`() {
        #expect(
            History.lines(runs) == [
                "20261122-183012-abcd  done        abort of run 1",
                "20261122-183000-abcd  unreadable  unknown",
            ])
    }

    @Test func `a start is written as ISO 8601, and one that is not known as null with why`() {
        #expect(
            History.document(runs) == """
                {
                  "runs": [
                    {
                      "id": "20261122-183012-abcd",
                      "result": "done",
                      "startedAt": "2026-11-22T18:30:12.000Z",
                      "title": "abort of run 1"
                    },
                    {
                      "id": "20261122-183000-abcd",
                      "reasons": {
                        "startedAt": "The journal is damaged."
                      },
                      "result": "unreadable",
                      "startedAt": null,
                      "title": "unknown"
                    }
                  ],
                  "version": 1
                }
                """)
    }
}
