import Execution
import Model

/// What a run that stopped leaves on nodes, so that nobody finds it by surprise: cordons of its
/// own, and systems that are installed but were not booted.
struct LeftBehind {
    let plan: Plan
    let memory: Memory

    /// A line for each; empty when nothing is left.
    func lines() -> [String] {
        var cordoned: [String] = []
        var primed: [String] = []
        for step in plan.steps {
            switch step.action {
            case .perform(.cordon(let node)):
                if memory.outcomes[step.id] == .done, !memory.isSettled("\(node)/uncordon") {
                    cordoned.append(node.text)
                }
            case .perform(.install(let node, let image)):
                if memory.intents[step.id] != nil, !memory.isSettled("\(node.name)/reboot"),
                    memory.verdicts[node.name] == nil
                {
                    let version = InstallerImage(image)?.tag ?? "the new version"
                    primed.append("\(node.name) may boot \(version) at its next reboot.")
                }
            default: break
            }
        }
        if cordoned.isEmpty { return primed }
        return primed + [
            "\(cordoned.joined(separator: ", ")) \(cordoned.count == 1 ? "stays" : "stay") "
                + "cordoned until the run is finished or backed out of."
        ]
    }
}
