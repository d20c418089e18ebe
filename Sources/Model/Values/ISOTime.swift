/// Times as ISO 8601 writes them, read without a calendar library.
package enum ISOTime {
    /// Seconds since 1970 of `2026-08-19` or `2026-08-19T10:20:30Z`, both UTC. Fractions of a
    /// second are dropped; nil for anything else, other zones included.
    package static func seconds(_ text: some StringProtocol) -> Double? {
        let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = halves.first, let days = days(date) else { return nil }
        guard halves.count == 2 else { return Double(days * 86_400) }
        guard halves[1].last == "Z" else { return nil }
        let clock = halves[1].dropLast().prefix { $0 != "." }
        guard let parts = numbers(clock, separator: ":", lengths: [2, 2, 2]), parts[0] < 24,
            parts[1] < 60, parts[2] < 61
        else { return nil }
        return Double(days * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2])
    }

    /// Days since 1970 in the proleptic Gregorian calendar
    /// (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(_ text: some StringProtocol) -> Int? {
        guard let parts = numbers(text, separator: "-", lengths: [4, 2, 2]),
            (1...12).contains(parts[1]), (1...31).contains(parts[2])
        else { return nil }
        let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
        let era = (year >= 0 ? year : year - 399) / 400
        let ofEra = year - era * 400
        let month = parts[1] > 2 ? parts[1] - 3 : parts[1] + 9
        let ofYear = (153 * month + 2) / 5 + parts[2] - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func numbers(
        _ text: some StringProtocol, separator: Character, lengths: [Int]
    ) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == lengths,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        return parts.compactMap { Int($0) }
    }
}
