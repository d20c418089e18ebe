import Execution
import Model

/// What a run that stopped leaves behind beside what the executor tells, so that nobody finds it by
/// surprise: how far it got, and cordons of its own.
struct LeftBehind {
    let plan: Plan
    let memory: Memory

    /// A line for each; empty when nothing is left.
    func lines() -> [String] {
        if case .rebuild = plan.target { return [loss] }
        return [extent, cordons].compactMap(\.self)
    }

    /// Whether a rebuild has passed the point of no return.
    private var loss: String {
        let step = "machines/destroy"
        guard memory.intents[step] != nil else { return "No machine was destroyed." }
        return memory.isSettled(step)
            ? "The old machines are destroyed; what comes back is in the backup."
            : "The old machines are being destroyed, and some may be gone."
    }

    /// Which nodes are done, and which are as they were. Nil where no node is proven as a whole.
    private var extent: String? {
        let names = plan.nodes.map(\.node.name)
        let steps = Set(plan.steps.map(\.id))
        guard names.count > 1, names.allSatisfy({ steps.contains("\($0)/prove") }) else {
            return nil
        }
        let begun = Set(
            memory.intents.keys.filter { !$0.hasSuffix("/pull") }
                .compactMap { $0.split(separator: "/").first.map(String.init) })
        let untouched = names.filter { !begun.contains($0.text) }
        if untouched.count == names.count { return "No node was touched." }
        let done = names.filter { memory.isSettled("\($0)/prove") }
        return [("Done", done), ("Not touched", untouched)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0): \(Self.list($0.1))." }.joined(separator: " ")
    }

    private var cordons: String? {
        let cordoned = plan.steps.compactMap { step -> NodeName? in
            guard case .perform(.cordon(let node)) = step.action,
                memory.intents[step.id] != nil, memory.outcomes[step.id] != .skipped,
                !memory.isSettled("\(node.name)/uncordon")
            else { return nil }
            return node.name
        }
        if cordoned.isEmpty { return nil }
        return "\(cordoned.map(\.text).joined(separator: ", ")) "
            + "\(cordoned.count == 1 ? "stays" : "stay") cordoned until the run is finished or "
            + "backed out of."
    }

    private static func list(_ names: [NodeName]) -> String {
        let shown = names.prefix(mostNames).map(\.text).joined(separator: ", ")
        let rest = names.count - mostNames
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }

    private static let mostNames = 6
}
