package import Model

/// A problem as people read it: what, where, the lines concerned, why, and what to type.
package enum ProblemText {
    /// The lines, without a trailing newline.
    ///
    ///     error: terraform.tfvars cannot be read
    ///       --> terraform/terraform.tfvars:3:17
    ///     because: a string is not closed
    ///     fix: close the string with a quote
    package static func lines(_ problem: Problem, _ style: Style) -> [String] {
        let (label, paint) = label(of: problem.kind)
        var lines = Paragraph.lines(
            problem.summary, label: label, paint: paint, indent: 0, style: style)
        if let location = problem.location {
            lines.append("  " + style.paint("-->", .faint) + " " + style.line(location))
        }
        lines += problem.details.map(style.verbatim)
        for cause in problem.causes {
            lines += Paragraph.lines(cause, label: "because:", indent: 0, style: style)
        }
        if let fix = problem.fix {
            lines += Paragraph.lines(fix, label: "fix:", paint: .bold, indent: 0, style: style)
        }
        return lines
    }

    /// Several problems that were found together, a blank line between them.
    package static func lines(_ problems: [Problem], _ style: Style) -> [String] {
        Array(problems.map { lines($0, style) }.joined(separator: [""]))
    }

    private static func label(of kind: Problem.Kind) -> (String, Paint) {
        switch kind {
        case .pending: ("note:", .yellow)
        case .stopped, .refused, .unreachable, .usage, .bug, .interrupted: ("error:", .red)
        }
    }
}

/// A problem as a program reads it.
package enum ProblemJSON {
    /// One line: `{"error":{…},"version":1}`, with the exit code beside the kind.
    package static func line(_ problem: Problem) -> String {
        JSONText.line(["version": 1, "error": value(problem)])
    }

    /// Members that say nothing (no location, no fix) are left out.
    static func value(_ problem: Problem) -> JSONValue {
        var value: JSONValue = [
            "kind": .string(problem.kind.rawValue),
            "exitCode": .integer(Int64(problem.kind.exitCode)),
            "summary": .string(problem.summary),
        ]
        if let location = problem.location { value["location"] = .string(location) }
        if let fix = problem.fix { value["fix"] = .string(fix) }
        if !problem.details.isEmpty { value["details"] = JSONText.strings(problem.details) }
        if !problem.causes.isEmpty { value["causes"] = JSONText.strings(problem.causes) }
        return value
    }
}
