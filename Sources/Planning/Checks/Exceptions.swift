import Model

/// What the user allows: errors of these become warnings.
///
/// An exception is a code, or a code and a place: `pod.unwell`, `pod.unwell:demo/flaky-*`.
struct Exceptions {
    private let patterns: [String]

    init(_ patterns: [String]) {
        self.patterns = patterns
    }

    func apply(_ finding: Finding) -> Finding {
        guard finding.severity == .error, patterns.contains(where: { matches($0, finding) }) else {
            return finding
        }
        var allowed = finding
        allowed.severity = .warning
        allowed.summary += " Allowed by .bump.yaml."
        return allowed
    }

    private func matches(_ pattern: String, _ finding: Finding) -> Bool {
        guard let colon = pattern.firstIndex(of: ":") else { return pattern == finding.code }
        guard pattern[..<colon] == finding.code else { return false }
        let place = pattern[pattern.index(after: colon)...]
        let location = finding.location ?? ""
        return place.last == "*"
            ? location.hasPrefix(place.dropLast()) : location == String(place)
    }
}
