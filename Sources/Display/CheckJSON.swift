package import Model

/// `bump check --json`, format version 1.
package enum CheckJSON {
    /// One indented document, without a trailing newline.
    package static func document(_ report: CheckReport) -> String {
        JSONText.document([
            "version": 1, "cluster": .string(report.clusterName),
            "takenAt": .string(Moment.iso(report.takenAt)), "ok": .bool(!report.refuses),
            "findings": .array(report.findings.map(finding)),
            "forecast": .array(report.outlooks.map(outlook)),
            "facts": JSONText.strings(report.facts),
        ])
    }

    private static func finding(_ finding: Finding) -> JSONValue {
        [
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
            "group": .string(CheckFamily(code: finding.code).rawValue),
            "summary": .string(finding.summary), "location": JSONText.optional(finding.location),
            "fix": JSONText.optional(finding.fix),
        ]
    }

    private static func outlook(_ outlook: DrainOutlook) -> JSONValue {
        [
            "node": .string(outlook.node.text), "evicted": .integer(Int64(outlook.evicted)),
            "blocked": .array(
                outlook.blocked.map { blocked in
                    [
                        "pod": .string(blocked.pod.description),
                        "budget": JSONText.optional(blocked.budget),
                        "reason": .string(blocked.reason), "fix": .string(blocked.fix),
                    ]
                }),
            "homeless": .array(
                outlook.homeless.map { homeless in
                    [
                        "pod": .string(homeless.pod.description),
                        "reason": .string(homeless.reason),
                        "localVolume": .bool(homeless.hasLocalVolume),
                    ]
                }),
            "barePods": JSONText.strings(outlook.bare.map(\.description)),
            "scratchPods": JSONText.strings(outlook.scratch.map(\.description)),
            "singleReplicas": JSONText.strings(outlook.single),
        ]
    }
}
