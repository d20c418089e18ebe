/// The result of a pre-flight check.
package struct CheckReport: Sendable, Codable, Equatable {
    package var clusterName: String
    /// Seconds since 1970, UTC.
    package var takenAt: Double
    /// The worst first.
    package var findings: [Finding]
    package var outlooks: [DrainOutlook]
    /// What was looked at, one line each, for those who want to know.
    package var facts: [String]

    package init(
        clusterName: String, takenAt: Double, findings: [Finding], outlooks: [DrainOutlook],
        facts: [String]
    ) {
        self.clusterName = clusterName
        self.takenAt = takenAt
        self.findings = findings
        self.outlooks = outlooks
        self.facts = facts
    }

    /// Something would stop an upgrade.
    package var refuses: Bool { findings.contains { $0.severity == .error } }
}
