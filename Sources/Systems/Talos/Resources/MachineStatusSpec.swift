import Model
import Yams

/// `MachineStatuses.runtime.talos.dev`.
struct MachineStatusSpec: Equatable {
    var stage: MachineStage
    var isReady: Bool
    /// `nodeReady: the node is not ready`.
    var unmetConditions: [String]

    /// Reads the YAML; what is missing or new is unknown, not ready.
    init(yaml: String?) {
        let node = yaml.flatMap { try? Yams.compose(yaml: $0) }
        stage = node?["stage"]?.nonEmptyString.flatMap(MachineStage.init(rawValue:)) ?? .unknown
        isReady = node?["status"]?["ready"]?.isTrue ?? false
        let conditions = node?["status"]?["unmetConditions"]?.sequence.map(Array.init) ?? []
        unmetConditions = conditions.compactMap { condition in
            guard let name = condition["name"]?.nonEmptyString else { return nil }
            return condition["reason"]?.nonEmptyString.map { "\(name): \($0)" } ?? name
        }
    }
}
