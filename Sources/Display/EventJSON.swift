package import Model

/// An event as a program reads it.
package enum EventJSON {
    /// One line of JSON: `time` (ISO 8601, UTC), `kind`, `message`, and where there is one
    /// `step`, `node` and `problem`.
    package static func line(_ event: Event) -> String {
        var value: JSONValue = [
            "time": .string(Moment.iso(event.time)),
            "kind": .string(event.kind.rawValue),
            "message": .string(event.message),
        ]
        if let step = event.step { value["step"] = .string(step) }
        if let node = event.node { value["node"] = .string(node.text) }
        if let problem = event.problem { value["problem"] = ProblemJSON.value(problem) }
        return JSONText.line(value)
    }
}
