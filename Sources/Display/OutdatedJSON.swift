package import Model

/// `bump outdated --json`, format version 1.
package enum OutdatedJSON {
    /// One indented document, without a trailing newline.
    package static func document(_ report: OutdatedReport) -> String {
        JSONText.document([
            "version": 1, "cluster": .string(report.clusterName),
            "takenAt": .string(Moment.iso(report.madeAt)), "due": .bool(report.isDue),
            "running": [
                "talos": JSONText.optional(report.talos?.tag),
                "kubernetes": JSONText.optional(report.kubernetes?.number),
            ],
            "items": .array(report.items.map { item($0, report) }),
            "sources": .array(report.sources.map(source)),
            "remarks": JSONText.strings(report.remarks),
        ])
    }

    private static func item(_ item: OutdatedReport.Item, _ report: OutdatedReport) -> JSONValue {
        let days = OutdatedWords.days(from: item.publishedAt, to: report.madeAt)
        var members: [String: JSONValue] = [
            "product": .string(item.product.rawValue), "step": .string(item.step.rawValue),
            "from": .string(item.product.spelling(item.from)),
            "to": .string(item.product.spelling(item.to)),
            "publishedAt": JSONText.optional(item.publishedAt.map(OutdatedWords.date)),
            "ageDays": days.map { .integer(Int64($0)) } ?? .null,
            "risk": .string(item.risk.rawValue),
            "findings": .array(item.findings.map(finding)), "way": JSONText.strings(item.way),
            "command": JSONText.optional(item.command),
        ]
        members["cadence"] = verdict(item.verdict)
        if !item.notes.isEmpty { members["notes"] = .array(item.notes.map(notes)) }
        return .object(members)
    }

    private static func verdict(_ verdict: OutdatedReport.Verdict) -> JSONValue {
        var members: [String: JSONValue] = ["text": .string(OutdatedWords.verdict(verdict))]
        switch verdict {
        case .due(let day):
            members["verdict"] = "due"
            members["by"] = JSONText.optional(day.map(OutdatedWords.date))
        case .overdue(let day):
            members["verdict"] = "overdue"
            members["since"] = .string(OutdatedWords.date(day))
        case .optional: members["verdict"] = "optional"
        case .wait(let what):
            members["verdict"] = "wait"
            members["waitsFor"] = .string(what)
        }
        return .object(members)
    }

    private static func finding(_ finding: Finding) -> JSONValue {
        [
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
            "summary": .string(finding.summary), "location": JSONText.optional(finding.location),
            "fix": JSONText.optional(finding.fix),
        ]
    }

    private static func notes(_ notes: ReleaseNotes) -> JSONValue {
        [
            "version": .string(notes.version.tag), "page": .string(notes.page),
            "cut": .bool(notes.isCut),
            "sections": .array(
                notes.sections.map {
                    [
                        "title": .string($0.title), "breaking": .bool($0.isBreaking),
                        "text": .string($0.lines.joined(separator: "\n")),
                    ]
                }),
        ]
    }

    private static func source(_ source: OutdatedReport.Source) -> JSONValue {
        var members: [String: JSONValue] = [
            "product": .string(source.product.rawValue),
            "remark": JSONText.optional(source.remark),
        ]
        switch source.origin {
        case .feed(let address):
            members["origin"] = "feed"
            members["address"] = .string(address)
        case .cache(let address, let time):
            members["origin"] = "cache"
            members["address"] = .string(address)
            members["asOf"] = .string(OutdatedWords.date(time))
        case .bundled(let time):
            members["origin"] = "bundled"
            members["asOf"] = .string(OutdatedWords.date(time))
        }
        return .object(members)
    }
}
