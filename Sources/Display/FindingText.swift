import Model

/// A finding as people read it.
enum FindingText {
    /// `warning: summary (place)`, and below it the fix.
    static func lines(_ finding: Finding, indent: Int = 2, _ style: Style) -> [String] {
        let place = finding.location.map { " (\($0))" } ?? ""
        var lines = Paragraph.lines(
            finding.summary + place, label: finding.severity.rawValue + ":",
            paint: paint(finding.severity), indent: indent, style: style)
        if let fix = finding.fix {
            lines += Paragraph.lines(
                fix, label: "fix:", paint: .bold, indent: indent + 2, style: style)
        }
        return lines
    }

    private static func paint(_ severity: Finding.Severity) -> Paint {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .note: .faint
        }
    }
}
