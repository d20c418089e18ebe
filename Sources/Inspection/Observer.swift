package import Model

/// Looks at nodes and cluster through the reading ports, both sources of a node at the same time.
/// Holds no writer, so it cannot change anything.
package struct Observer: Observing {
    private let machines: any MachineReading
    private let cluster: any ClusterReading
    private let components: any ComponentReading
    private let workloads: any WorkloadReading

    package init(
        machines: any MachineReading, cluster: any ClusterReading,
        components: any ComponentReading, workloads: any WorkloadReading
    ) {
        self.machines = machines
        self.cluster = cluster
        self.components = components
        self.workloads = workloads
    }

    package func node(_ identity: NodeIdentity) async -> NodeFacts {
        async let machine = observed { try await machines.facts(of: identity.address) }
        async let kubernetes = observed { try await cluster.node(identity.name) }
        return NodeFacts(
            name: identity.name, address: identity.address, role: identity.role,
            machine: await machine, kubernetes: await kubernetes)
    }

    package func cluster(controlPlanes: [NodeIdentity]) async -> ClusterFacts {
        async let nodes = observed { try await cluster.nodes() }
        async let etcd = observed { try await machines.etcd(at: controlPlanes) }
        return ClusterFacts(nodes: await nodes, etcd: await etcd)
    }

    package func pods(on node: NodeName) async -> Observed<[PodFacts]> {
        await observed { try await cluster.pods(on: node) }
    }

    package func component(
        _ component: KubernetesComponent, on node: NodeIdentity
    ) async -> ComponentFacts {
        async let settings = observed { try await components.settings(of: node) }
        async let pods = observed { try await workloads.componentPods() }
        async let kubernetes = observed { try await cluster.node(node.name) }
        async let isHealthy = observed { try await components.isKubeletHealthy(on: node) }
        let setting: Observed<ComponentSetting> =
            switch await settings {
            case .unknown(let reason): .unknown(reason)
            case .known(let all):
                all.first { $0.component == component }.map { .known($0) }
                    ?? .unknown("\(node.name) does not run \(component.rawValue)")
            }
        let chosen = await pods.map { pods in
            pods.filter {
                $0.component == component && (component == .proxy || $0.address == node.address)
            }
        }
        return ComponentFacts(
            component: component, node: node, setting: setting, pods: chosen,
            kubernetes: await kubernetes, isKubeletHealthy: await isHealthy)
    }
}

/// The value, or the reason why there is none.
func observed<Value>(_ read: () async throws -> Value) async -> Observed<Value> {
    do {
        return .known(try await read())
    } catch {
        let problem = Problem(error)
        return .unknown(([problem.summary] + problem.causes).joined(separator: " "))
    }
}
