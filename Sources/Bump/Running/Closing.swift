import Model

/// The last words of a run that went well: what changed, and what is next.
struct Closing {
    private let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    func lines() -> [String] {
        var lines = [""]
        let count = plan.nodes.count
        if count > 0 {
            lines.append(
                "\(count) \(count == 1 ? "node" : "nodes") of \(plan.clusterName) done: "
                    + "\(plan.target.title).")
        }
        if let edit = plan.edit {
            let commit = plan.options.commit ? "committed" : "not committed"
            lines.append("\(edit.place.file): \(edit.old) → \(edit.new), \(commit).")
        }
        lines.append(
            "Next: bump status" + (plan.options.commit && plan.edit != nil ? ", git show" : ""))
        return lines
    }
}
