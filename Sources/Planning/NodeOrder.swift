import Model

/// The order of the roll: workers, then control planes; the endpoint's holder and the etcd leader
/// last, so that what everyone depends on moves once.
struct NodeOrder {
    let workers: [NodeFacts]
    let controlPlanes: [NodeFacts]
    private let leader: NodeName?
    private let endpoint: NodeName?

    init(_ nodes: [NodeFacts], snapshot: Snapshot) {
        let leader = (snapshot.etcd.value?.leader?.name).map(NodeName.init(_:))
        let endpoint = snapshot.endpoint.flatMap { address in
            snapshot.nodes.first { $0.address.text == address && $0.role == .controlPlane }?.name
        }
        workers = nodes.filter { $0.role == .worker }.sorted { $0.name < $1.name }
        controlPlanes = nodes.filter { $0.role == .controlPlane }.sorted { left, right in
            let a = (left.name == leader, left.name == endpoint)
            let b = (right.name == leader, right.name == endpoint)
            if a.0 != b.0 { return b.0 }
            if a.1 != b.1 { return b.1 }
            return left.name < right.name
        }
        self.leader = leader
        self.endpoint = endpoint
    }

    /// Why a node stands where it does; nil when there is nothing to say.
    func note(on node: NodeFacts) -> String? {
        guard node.role == .controlPlane, controlPlanes.count > 1 else { return nil }
        if node.name == leader { return "etcd leader, last" }
        if node.name == endpoint { return "holds the endpoint, late" }
        return nil
    }
}
