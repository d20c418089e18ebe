package import Model

/// `bump history`: the runs of a repository, in the order given.
package enum History {
    package static func lines(_ runs: [PastRun]) -> [String] {
        let width = runs.map(\.result.count).max() ?? 0
        return runs.map { run in
            let gap = String(repeating: " ", count: width - run.result.count)
            return "\(run.id)  \(run.result)\(gap)  \(run.title)"
        }
    }

    /// Format version 1, one indented document without a trailing newline. A start that is not
    /// known is null, with the reason beside it.
    package static func document(_ runs: [PastRun]) -> String {
        JSONText.document(["version": 1, "runs": .array(runs.map(value))])
    }

    private static func value(_ run: PastRun) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(run.id.text), "title": .string(run.title), "result": .string(run.result),
            "startedAt": run.startedAt.value.map { .string(Moment.iso($0)) } ?? .null,
        ]
        if let reason = run.startedAt.reason {
            members["reasons"] = .object(["startedAt": .string(reason)])
        }
        return .object(members)
    }
}
