/// A node as it is declared, and as its two sources see it at one moment.
package struct NodeFacts: Sendable, Codable, Equatable {
    package var name: NodeName
    package var address: NodeAddress
    package var role: Role
    package var machine: Observed<MachineFacts>
    package var kubernetes: Observed<KubernetesNodeFacts>

    package init(
        name: NodeName, address: NodeAddress, role: Role, machine: Observed<MachineFacts>,
        kubernetes: Observed<KubernetesNodeFacts>
    ) {
        self.name = name
        self.address = address
        self.role = role
        self.machine = machine
        self.kubernetes = kubernetes
    }

    package var identity: NodeIdentity { NodeIdentity(name: name, address: address, role: role) }

    /// The boot id of whichever source knows it; Talos' own word first.
    package var bootID: String? {
        machine.value?.bootID.value ?? kubernetes.value?.bootID
    }
}

/// What it takes to find and treat a node.
package struct NodeIdentity: Sendable, Codable, Hashable {
    package var name: NodeName
    package var address: NodeAddress
    package var role: Role

    package init(name: NodeName, address: NodeAddress, role: Role) {
        self.name = name
        self.address = address
        self.role = role
    }
}
