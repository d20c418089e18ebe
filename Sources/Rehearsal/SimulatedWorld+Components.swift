import Execution
import Model
import Simulation

/// The Kubernetes components of the simulated cluster, as the live adapters would show and change
/// them.
extension SimulatedWorld {
    mutating func perform(component operation: Operation) throws -> Duration {
        switch operation {
        case .prefetch(_, let image, let node):
            guard cluster.machines[node.name]?.apiIsUp == true else {
                throw Problem(.unreachable, "\(node.name) does not answer for \(image).")
            }
            return now + .seconds(1)
        case .setImage(let component, let image, let node):
            if let known = SystemComponent(rawValue: component.rawValue) {
                _ = try cluster.setImage(of: known, to: image, on: node.name, by: Self.caller)
            } else {
                proxyImage = image
            }
            return now
        default:
            guard now >= kubernetesAwayUntil, cluster.apiIsAvailable else {
                throw Self.noKubernetes
            }
            return now + .seconds(1)
        }
    }

    func look(_ component: KubernetesComponent, _ node: NodeIdentity) -> ComponentFacts {
        let facts = cluster.facts(of: node)
        let machine = cluster.machines[node.name]
        let state = SystemComponent(rawValue: component.rawValue).flatMap {
            machine?.state(of: $0)
        }
        let wanted = state?.image ?? proxyImage
        let setting: Observed<ComponentSetting> =
            facts.machine.value == nil
            ? .unknown(facts.machine.reason ?? "it does not answer")
            : .known(
                ComponentSetting(
                    component: component, image: wanted,
                    configVersion: state.map { "\($0.revision)" }))
        let pod = ComponentPod(
            component: component, name: "\(component.rawValue)-\(node.name)",
            address: node.address, image: state?.runningImage ?? proxyImage,
            configVersion: state.map { "\($0.runningRevision)" }, isReady: state?.trouble == nil,
            trouble: state?.trouble)
        let isHidden = now < kubernetesAwayUntil || !cluster.apiIsAvailable
        return ComponentFacts(
            component: component, node: node, setting: setting,
            pods: isHidden ? .unknown(Self.noKubernetes.summary) : .known([pod]),
            kubernetes: isHidden ? .unknown(Self.noKubernetes.summary) : facts.kubernetes,
            isKubeletHealthy: facts.machine.map { _ in state?.trouble == nil })
    }
}
