import Testing

@testable import Display

struct MomentTests {
    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000Z"), (1_795_372_212.1234, "2026-11-22T18:30:12.123Z"),
        (951_782_400, "2000-02-29T00:00:00.000Z"), (-0.5, "1969-12-31T23:59:59.500Z"),
        (4_107_542_399.9999, "2100-03-01T00:00:00.000Z"), (.infinity, "1970-01-01T00:00:00.000Z"),
    ])
    func `time is written as ISO 8601`(time: Double, text: String) {
        #expect(Moment.iso(time) == text)
    }

    @Test(arguments: [
        (0.4, "0 s"), (9.9, "9 s"), (60, "1 min"), (65, "1 min 5 s"), (3600, "1 h"),
        (7380, "2 h 3 min"), (-4, "0 s"),
    ])
    func `elapsed time has two units at most`(seconds: Double, text: String) {
        #expect(Moment.elapsed(seconds) == text)
    }

    @Test(arguments: [(0, "0s"), (90, "90s"), (300, "5m"), (7200, "2h")])
    func `a duration is written as it is typed`(seconds: Int, text: String) {
        #expect(Moment.typed(.seconds(seconds)) == text)
    }

    @Test func `the time of day is local`() {
        #expect(Moment.clock(0, Style(utcOffset: -3600)) == "23:00:00")
        #expect(Moment.clock(0, Style(utcOffset: 19_800)) == "05:30:00")
    }
}
