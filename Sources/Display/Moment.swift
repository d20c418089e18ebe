/// Seconds since 1970 as people and programs read them.
enum Moment {
    /// `18:30:12`, in the style's local time.
    static func clock(_ time: Double, _ style: Style) -> String {
        let seconds = whole(time + Double(style.utcOffset))
        let ofDay = ((seconds % 86_400) + 86_400) % 86_400
        return "\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))"
    }

    /// `2026-11-22 18:30:12`, in the style's local time.
    static func date(_ time: Double, _ style: Style) -> String {
        "\(day(whole(time + Double(style.utcOffset)))) \(clock(time, style))"
    }

    /// `2026-11-22T18:30:12.123Z` (ISO 8601, RFC 3339).
    static func iso(_ time: Double) -> String {
        let safe = isUsable(time) ? time : 0
        let thousandths = Int((safe * 1000).rounded())
        let milliseconds = ((thousandths % 1000) + 1000) % 1000
        let seconds = (thousandths - milliseconds) / 1000
        let padded = String("\(1000 + milliseconds)".dropFirst())
        return "\(day(seconds))T\(clock(Double(seconds), Style())).\(padded)Z"
    }

    /// `3 s`, `1 min 5 s`, `2 h 3 min`: whole units, two at most.
    static func elapsed(_ seconds: Double) -> String {
        let total = max(whole(seconds), 0)
        let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
        if hours > 0 { return minutes > 0 ? "\(hours) h \(minutes) min" : "\(hours) h" }
        if minutes > 0 { return rest > 0 ? "\(minutes) min \(rest) s" : "\(minutes) min" }
        return "\(rest) s"
    }

    /// `90s`, `5m`, `2h`: as a duration is typed on the command line.
    static func typed(_ duration: Duration) -> String {
        let total = max(duration.components.seconds, 0)
        if total > 0, total % 3600 == 0 { return "\(total / 3600)h" }
        if total > 0, total % 60 == 0 { return "\(total / 60)m" }
        return "\(total)s"
    }

    /// Days to a date in the proleptic Gregorian calendar, counted from March so that the leap
    /// day is the last of its year (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func day(_ seconds: Int) -> String {
        let days = (seconds - (((seconds % 86_400) + 86_400) % 86_400)) / 86_400 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let ofEra = days - era * 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let shifted = (5 * ofYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let dayOfMonth = ofYear - (153 * shifted + 2) / 5 + 1
        return "\(year + era * 400 + (month <= 2 ? 1 : 0))-\(two(month))-\(two(dayOfMonth))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func whole(_ time: Double) -> Int {
        isUsable(time) ? Int(time.rounded(.down)) : 0
    }

    /// Finite and before the year 10000, so that no arithmetic here can overflow.
    private static func isUsable(_ time: Double) -> Bool {
        time.isFinite && time.magnitude < 253_402_300_800
    }
}
