package import Model

/// Looks at nodes and cluster through the reading ports, both sources of a node at the same time.
/// Holds no writer, so it cannot change anything.
package struct Observer: Observing {
    private let machines: any MachineReading
    private let cluster: any ClusterReading

    package init(machines: any MachineReading, cluster: any ClusterReading) {
        self.machines = machines
        self.cluster = cluster
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
