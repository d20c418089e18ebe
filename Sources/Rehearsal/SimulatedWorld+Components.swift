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
            guard let version = ComponentImage(image)?.version else {
                throw Problem(.refused, "\(image) has no version.")
            }
            if component != .proxy {
                _ = try cluster.updateComponent(
                    component, to: version, on: node.name, by: Self.caller)
            }
            images[node.name, default: [:]][component] = image
            return now
        default:
            guard now >= kubernetesAwayUntil, cluster.apiIsAvailable else {
                throw Self.noKubernetes
            }
            return now + .seconds(1)
        }
    }

    func look(_ component: KubernetesComponent, _ node: NodeIdentity) -> ComponentFacts {
        let machine = cluster.machines[node.name]
        let hidden = now < kubernetesAwayUntil || !cluster.apiIsAvailable
        let facts = cluster.facts(of: node)
        let setting: Observed<ComponentSetting> =
            facts.machine.value == nil
            ? .unknown(facts.machine.reason ?? "it does not answer")
            : .known(ComponentSetting(component: component, image: image(component, node)))
        let running = machine?.controlPlaneVersions[component]
        let pod = ComponentPod(
            component: component, name: "\(component.rawValue)-\(node.name)",
            address: node.address,
            image: component == .proxy
                ? image(component, node)
                : "\(component.defaultRepository):\(running?.tag ?? "none")", isReady: true)
        return ComponentFacts(
            component: component, node: node, setting: setting,
            pods: hidden ? .unknown(Self.noKubernetes.summary) : .known([pod]),
            kubernetes: hidden ? .unknown(Self.noKubernetes.summary) : facts.kubernetes,
            isKubeletHealthy: facts.machine.map { $0.troubledServices.isEmpty })
    }

    /// The image that the machine config names.
    func image(_ component: KubernetesComponent, _ node: NodeIdentity) -> String {
        if let set = images[node.name]?[component] { return set }
        let machine = cluster.machines[node.name]
        let version =
            component == .kubelet
            ? machine?.kubeletVersion
            : machine?.controlPlaneVersions[component] ?? machine?.kubeletVersion
        return "\(component.defaultRepository):\(version?.tag ?? "none")"
    }
}
