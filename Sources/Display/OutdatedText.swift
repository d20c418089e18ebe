package import Model

/// What is newer than what runs, as people read it.
package struct OutdatedText {
    private let report: OutdatedReport
    private let style: Style

    package init(_ report: OutdatedReport, _ style: Style) {
        self.report = report
        self.style = style
    }

    /// The whole text, without a trailing newline.
    package func lines() -> [String] {
        var sections = [title, table]
        sections += report.items.map(details)
        sections += [remarks, sources]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private var title: [String] {
        let runs = Product.allCases.map { product in
            let version = product == .talos ? report.talos : report.kubernetes
            return "\(product.title) \(version.map(product.spelling) ?? "unknown")"
        }.joined(separator: ", ")
        let head =
            style.paint("Cluster \(style.line(report.clusterName))", .bold) + "  \(runs)"
        guard report.items.isEmpty else { return [head] }
        return [head, "\(style.paint(style.done, .green)) Nothing newer is known."]
    }

    private var table: [String] {
        var table = Table(header: ["", "now", "next", "age", "risk", "cadence"])
        table.rows = report.items.map { item in
            [
                .init("\(item.product.title) \(item.step.rawValue)"),
                .init(item.product.spelling(item.from)), .init(item.product.spelling(item.to)),
                .init(age(item)), .init(item.risk.rawValue, paint(item.risk)),
                .init(OutdatedWords.verdict(item.verdict), paint(item.verdict)),
            ]
        }
        return table.lines(style)
    }

    private func details(_ item: OutdatedReport.Item) -> [String] {
        var lines: [String] = []
        if item.way.count > 1 {
            lines += Paragraph.lines(
                item.way.joined(separator: " \(style.arrow) "), label: "way:", paint: .faint,
                style: style)
        }
        let findings = item.findings.prefix(Self.mostFindings)
        lines += findings.flatMap { FindingText.lines($0, style) }
        if findings.count < item.findings.count {
            lines.append("  and \(item.findings.count - findings.count) more")
        }
        if let command = item.command {
            lines += Paragraph.lines(command, label: "next:", paint: .bold, style: style)
        }
        lines += item.notes.flatMap(notes)
        guard !lines.isEmpty else { return [] }
        let name = "\(item.product.title) \(item.product.spelling(item.to))"
        return [style.paint(name, .bold)] + lines
    }

    private func notes(_ notes: ReleaseNotes) -> [String] {
        var lines = ["", "  " + style.paint("Notes of \(notes.version)", .bold)]
        for section in notes.sections {
            let mark = section.isBreaking ? "! " : ""
            let paint: Paint? = section.isBreaking ? .yellow : nil
            lines.append("  " + style.paint(mark + style.line(section.title), paint))
            lines += section.lines.flatMap { line in
                line.isEmpty ? [] : Paragraph.lines(line, indent: 4, style: style)
            }
        }
        let cut = notes.isCut ? "cut here; all of it: " : ""
        return lines + Paragraph.lines(cut + notes.page, paint: .faint, style: style)
    }

    private var remarks: [String] {
        report.remarks.flatMap { Paragraph.lines($0, label: "note:", paint: .faint, style: style) }
    }

    private var sources: [String] {
        report.sources.flatMap { source in
            Paragraph.lines(
                "\(source.product.title) releases: \(OutdatedWords.origin(source.origin))"
                    + (source.remark.map { " (\($0))" } ?? ""), style: style)
        }
    }

    private func age(_ item: OutdatedReport.Item) -> String {
        guard let days = OutdatedWords.days(from: item.publishedAt, to: report.madeAt) else {
            return "unknown"
        }
        return days < 60 ? Paragraph.count(days, "day") : Paragraph.count(days / 30, "month")
    }

    private func paint(_ risk: OutdatedReport.Risk) -> Paint? {
        switch risk {
        case .low: .green
        case .medium: .yellow
        case .high: .red
        }
    }

    private func paint(_ verdict: OutdatedReport.Verdict) -> Paint? {
        switch verdict {
        case .due: .yellow
        case .overdue: .red
        case .optional: nil
        case .wait: .faint
        }
    }

    private static let mostFindings = 12
}

/// The words of a report that its text and its JSON share.
enum OutdatedWords {
    static func verdict(_ verdict: OutdatedReport.Verdict) -> String {
        switch verdict {
        case .due(let day?): "due by \(date(day))"
        case .due: "due"
        case .overdue(let day): "overdue since \(date(day))"
        case .optional: "may be taken"
        case .wait(let what): "waits for \(what)"
        }
    }

    static func origin(_ origin: ReleaseList.Origin) -> String {
        switch origin {
        case .feed(let address): address
        case .cache(let address, let time): "\(address) as of \(date(time))"
        case .bundled(let time): "bundled with bump, as of \(date(time))"
        }
    }

    /// `2026-11-22`, UTC.
    static func date(_ time: Double) -> String { String(Moment.iso(time).prefix(10)) }

    /// Whole days; nil when the first day is not known or lies ahead.
    static func days(from: Double?, to: Double) -> Int? {
        guard let from, from.isFinite, to.isFinite, to >= from, to - from < 1e10 else {
            return nil
        }
        return Int((to - from) / 86_400)
    }
}
