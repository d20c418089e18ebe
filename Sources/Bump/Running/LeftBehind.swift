import Execution
import Model

/// What a run that stopped leaves on nodes beside what the executor tells, so that nobody finds it
/// by surprise: cordons of its own.
struct LeftBehind {
    let plan: Plan
    let memory: Memory

    /// A line for each; empty when nothing is left.
    func lines() -> [String] {
        let cordoned = plan.steps.compactMap { step -> String? in
            guard case .perform(.cordon(let node)) = step.action,
                memory.intents[step.id] != nil, memory.outcomes[step.id] != .skipped,
                !memory.isSettled("\(node.name)/uncordon")
            else { return nil }
            return node.name.text
        }
        if cordoned.isEmpty { return [] }
        return [
            "\(cordoned.joined(separator: ", ")) \(cordoned.count == 1 ? "stays" : "stay") "
                + "cordoned until the run is finished or backed out of."
        ]
    }
}
