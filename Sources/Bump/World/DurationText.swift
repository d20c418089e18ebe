/// Durations as people write them: `90s`, `10m`, `1h30m`, `500ms`, `7d`.
enum DurationText {
    /// Nil for anything else, also for a bare number, whose unit nobody knows.
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        var total = Duration.zero
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, digits.count <= 9, let number = Int(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            switch unit {
            case "ms": total += .milliseconds(number)
            case "s": total += .seconds(number)
            case "m": total += .seconds(number * 60)
            case "h": total += .seconds(number * 3600)
            case "d": total += .seconds(number * 86_400)
            default: return nil
            }
        }
        return total
    }
}

/// The patch of a new minor from which it may be taken, and from which it is due: `.1-.2`, `.1`.
enum PatchRange {
    /// Nil for anything else. The dots are optional.
    static func parse(_ text: String) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { end in
            end.first == "." ? end.dropFirst() : end
        }
        let numbers = ends.compactMap { end in
            end.utf8.count <= 3 && end.utf8.allSatisfy { (48...57).contains($0) } ? Int(end) : nil
        }
        guard numbers.count == ends.count, let low = numbers.first, let high = numbers.last,
            numbers.count <= 2, low <= high
        else { return nil }
        return low...high
    }
}
