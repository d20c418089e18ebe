import Foundation
import Model

/// The last words of a run that went well: what changed, and what is next.
struct Closing {
    private let plan: Plan
    private let times: [(part: String, seconds: Double)]
    private let endsHere: Bool

    /// - Parameters:
    ///   - times: how long each part of the run took, in order.
    ///   - endsHere: nobody goes on with the rest of the route by itself.
    init(
        _ plan: Plan, times: [(part: String, seconds: Double)] = [], endsHere: Bool = false
    ) {
        self.plan = plan
        self.times = times
        self.endsHere = endsHere
    }

    func lines() -> [String] {
        var lines = [""]
        let count = plan.nodes.count
        if count > 0 {
            lines.append(
                "\(count) \(count == 1 ? "node" : "nodes") of \(plan.clusterName) done: "
                    + "\(plan.target.title).")
        }
        if case .rebuild = plan.target {
            lines += times.map { time in
                let name = time.part.padding(toLength: 24, withPad: " ", startingAt: 0)
                return "  \(name)\(String(format: "%8.1f s", time.seconds))"
            }
        }
        if let edit = plan.edit {
            let commit = plan.options.commit ? "committed" : "not committed"
            let change = "\(ValueEdit.shown(edit.old)) → \(ValueEdit.shown(edit.new))"
            lines.append("\(edit.place.file): \(change), \(commit).")
        }
        if endsHere, let rest = plan.journey(after: 1) {
            lines.append("This was one hop of a route. The rest of it: bump \(rest)")
        }
        lines.append(
            "Next: bump status" + (plan.options.commit && plan.edit != nil ? ", git show" : ""))
        return lines
    }
}
