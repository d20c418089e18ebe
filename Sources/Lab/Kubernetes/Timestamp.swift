/// A point in real time, as Kubernetes writes times: whole seconds, UTC.
struct Timestamp: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    var seconds: Int64
    var microseconds: Int64 = 0

    init(seconds: Int64) { self.seconds = seconds }

    /// - Parameter interval: seconds since 1970.
    init(interval: Double) {
        guard interval.isFinite, abs(interval) < 1e12 else {
            self.init(seconds: 0)
            return
        }
        self.init(seconds: Int64(interval.rounded(.down)))
        microseconds = Int64((interval - interval.rounded(.down)) * 1_000_000)
    }

    /// Reads RFC 3339 in UTC, fractions dropped.
    init?(_ text: String?) {
        guard let text, text.hasSuffix("Z"), text.utf8.count >= 20 else { return nil }
        let numbers = text.split { !$0.isNumber }.prefix(6).compactMap { Int64($0) }
        guard numbers.count == 6, numbers[0] < 10_000, (1...12).contains(numbers[1]),
            (1...31).contains(numbers[2])
        else { return nil }
        let days = Self.days(year: numbers[0], month: numbers[1], day: numbers[2])
        seconds = days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    }

    /// `2026-05-01T12:00:00Z` (metav1.Time).
    var text: String { "\(upToSeconds)Z" }

    /// `2026-05-01T12:00:00.000000Z` (metav1.MicroTime).
    var microText: String {
        let digits = String(microseconds)
        return "\(upToSeconds).\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)Z"
    }

    static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.microseconds) < (right.seconds, right.microseconds)
    }

    /// How long before `now`, in the words of the AGE column.
    /// Source: apimachinery v0.32.4, `pkg/util/duration`, `HumanDuration`.
    func age(at now: Timestamp) -> String {
        let past = max(0, now.seconds - seconds)
        let minutes = past / 60
        let hours = minutes / 60
        let days = hours / 24
        if past < 120 { return "\(past)s" }
        if minutes < 10 {
            return past % 60 == 0 ? "\(minutes)m" : "\(minutes)m\(past % 60)s"
        }
        if hours < 3 { return "\(minutes)m" }
        if hours < 8 { return minutes % 60 == 0 ? "\(hours)h" : "\(hours)h\(minutes % 60)m" }
        if hours < 48 { return "\(hours)h" }
        if days < 8 { return hours % 24 == 0 ? "\(days)d" : "\(days)d\(hours % 24)h" }
        return days < 730 ? "\(days)d" : "\(days / 365)y\(days % 365)d"
    }

    /// Source: Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    private var upToSeconds: String {
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let day = dayOfYear - (153 * part + 2) / 5 + 1
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(two(month))-\(two(day))"
            + "T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }
}
