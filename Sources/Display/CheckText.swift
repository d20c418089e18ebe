package import Model

/// `bump check` as people read it: short when all is well.
package struct CheckText {
    private let report: CheckReport
    private let style: Style
    private let isVerbose: Bool

    /// - Parameter isVerbose: with notes, and with what was looked at.
    package init(_ report: CheckReport, _ style: Style, isVerbose: Bool = false) {
        self.report = report
        self.style = style
        self.isVerbose = isVerbose
    }

    package func lines() -> [String] {
        var lines = [headline]
        if isVerbose { lines += report.facts.map { "  " + style.paint(style.line($0), .faint) } }
        let notes = report.findings.filter { $0.severity == .note }
        let shown = isVerbose ? report.findings : report.findings.filter { $0.severity > .note }
        for family in CheckFamily.allCases {
            let own = shown.filter { CheckFamily(code: $0.code) == family }
            guard !own.isEmpty else { continue }
            lines += ["", style.paint(family.title, .bold)]
            lines += own.flatMap { FindingText.lines($0, style) }
        }
        if !isVerbose, !notes.isEmpty {
            lines.append(
                "  "
                    + style.paint(
                        "\(Paragraph.count(notes.count, "note")): bump check --verbose", .faint))
        }
        return lines
    }

    private var headline: String {
        let errors = report.findings.filter { $0.severity == .error }.count
        let warnings = report.findings.filter { $0.severity == .warning }.count
        let name = style.line(report.clusterName)
        if errors > 0 {
            let more = warnings > 0 ? ", and \(Paragraph.count(warnings, "warning"))" : ""
            let subject =
                errors == 1 ? "one thing stands" : "\(errors) things stand"
            return style.paint(style.failed, .red)
                + " \(name): \(subject) in the way of an upgrade\(more)."
        }
        let more = warnings > 0 ? ", with \(Paragraph.count(warnings, "warning"))" : ""
        return style.paint(style.done, .green)
            + " \(name): nothing stands in the way of an upgrade\(more)."
    }
}

/// Findings that are shown together, in this order.
enum CheckFamily: String, CaseIterable {
    case run, nodes, versions, etcd, kubernetes, pods, drain, storage, flux, backup, certificates
    case repository, gates

    /// By the first part of a finding's code.
    init(code: String) {
        switch code.prefix(while: { $0 != "." }) {
        case "run": self = .run
        case "version", "schematic": self = .versions
        case "etcd": self = .etcd
        case "pod": self = .pods
        case "drain": self = .drain
        case "storage": self = .storage
        case "flux": self = .flux
        case "backup": self = .backup
        case "certificate": self = .certificates
        case "repository", "terraform", "declaration": self = .repository
        case "gate": self = .gates
        case "kubernetes": self = .kubernetes
        default: self = .nodes
        }
    }

    var title: String {
        switch self {
        case .run: "Run"
        case .nodes: "Nodes"
        case .versions: "Versions"
        case .etcd: "etcd"
        case .kubernetes: "Kubernetes"
        case .pods: "Pods"
        case .drain: "Drain forecast"
        case .storage: "Storage"
        case .flux: "Flux"
        case .backup: "Backup"
        case .certificates: "Certificates"
        case .repository: "Repository and Terraform"
        case .gates: "Your gates"
        }
    }
}
