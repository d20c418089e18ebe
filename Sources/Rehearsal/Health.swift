import Model
import Simulation

/// What decides whether a node may be taken down, as it truly is at one moment.
struct Health: Sendable {
    /// Nodes that Kubernetes does not call Ready.
    var unready: [NodeName] = []
    /// Voting members of etcd, dead ones included, and those that are not healthy.
    var voters: [NodeName?] = []
    var ailing: [NodeName?] = []
    var answersKubernetes: Bool

    init(of cluster: borrowing EmulatedCluster) {
        answersKubernetes = cluster.apiIsAvailable
        for name in cluster.nodeNames where cluster.nodes[name, \.readiness] != .ready {
            unready.append(name)
        }
        for member in cluster.etcdMembers() where !member.isLearner {
            voters.append(member.node)
            if !member.isHealthy { ailing.append(member.node) }
        }
    }

    /// Every other voting member is healthy and the rest is a quorum, or it is the only one.
    func allowsTakingDown(_ name: NodeName) -> Bool {
        let others = voters.filter { $0 != name }.count
        if others == 0 { return true }
        return ailing.allSatisfy { $0 == name } && others >= voters.count / 2 + 1
    }

    /// Every node is Ready but these.
    func isReady(except names: Set<NodeName>) -> Bool {
        answersKubernetes && unready.allSatisfy(names.contains)
    }
}
