import Model

/// What the user allows: errors of these become warnings.
///
/// An exception is a code, or a code and a place: `pod.unwell`, `pod.unwell:demo/flaky-*`.
package struct Exceptions: Sendable {
    private let patterns: [String]

    package init(_ patterns: [String]) {
        self.patterns = patterns
    }

    func apply(_ finding: Finding) -> Finding {
        guard finding.severity == .error, allow(finding.code, at: finding.location ?? "") else {
            return finding
        }
        var allowed = finding
        allowed.severity = .warning
        allowed.summary += " Allowed by .bump.yaml."
        return allowed
    }

    /// Whether this is allowed at this place.
    package func allow(_ code: String, at location: String) -> Bool {
        patterns.contains { matches($0, code, location) }
    }

    private func matches(_ pattern: String, _ code: String, _ location: String) -> Bool {
        guard let colon = pattern.firstIndex(of: ":") else { return pattern == code }
        guard pattern[..<colon] == code else { return false }
        let place = pattern[pattern.index(after: colon)...]
        return place.last == "*"
            ? location.hasPrefix(place.dropLast()) : location == String(place)
    }
}
