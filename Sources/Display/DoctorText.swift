package import Model

/// `bump doctor` as people and programs read it.
package enum DoctorText {
    package static func lines(_ troubles: [Trouble], cluster: String, _ style: Style) -> [String] {
        let name = style.line(cluster)
        guard !troubles.isEmpty else {
            return [style.paint(style.done, .green) + " \(name): none of the known troubles."]
        }
        var lines = [
            style.paint(style.failed, .red)
                + " \(name): \(Paragraph.count(troubles.count, "trouble"))."
        ]
        for trouble in troubles {
            lines.append("")
            lines += Paragraph.lines(
                trouble.summary, label: "trouble:", paint: .red, indent: 0, style: style)
            for evidence in trouble.evidence {
                lines += Paragraph.lines(evidence, label: "seen:", indent: 2, style: style)
            }
            lines += Paragraph.lines(
                trouble.fix, label: "fix:", paint: .bold, indent: 2, style: style)
            if let remedy = trouble.remedy {
                lines += Paragraph.lines(
                    "bump doctor --fix would \(remedy)", indent: 2, style: style)
            }
        }
        return lines
    }

    /// `bump doctor --json`, format version 1.
    ///
    /// - Parameter fixed: what was done about it, by the index of the trouble.
    package static func document(_ troubles: [Trouble], cluster: String, fixed: [String]) -> String
    {
        JSONText.document([
            "version": 1, "cluster": .string(cluster),
            "troubles": .array(
                troubles.map { trouble in
                    [
                        "code": .string(trouble.code), "summary": .string(trouble.summary),
                        "evidence": JSONText.strings(trouble.evidence),
                        "fix": .string(trouble.fix),
                        "remedy": JSONText.optional(trouble.remedy?.description),
                    ]
                }), "fixed": JSONText.strings(fixed),
        ])
    }
}
