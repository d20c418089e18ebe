package import Model

/// Health at a glance: what stands in the way of calling the cluster healthy.
package struct Health: Sendable, Equatable {
    /// One sentence each, without a full stop; empty when all is well.
    package let troubles: [String]

    package var isHealthy: Bool { troubles.isEmpty }

    /// Facts that cannot be seen count as troubles: what is not known is not healthy.
    package init(of snapshot: Snapshot) {
        var found = snapshot.nodes.flatMap(Self.troubles(of:))
        switch snapshot.etcd {
        case .known(let etcd):
            for member in etcd.members {
                let name = member.name.isEmpty ? EtcdFacts.hex(member.id) : member.name
                if let trouble = member.trouble { found.append("etcd on \(name): \(trouble)") }
                if member.isLearner { found.append("etcd member \(name) is still a learner") }
            }
            found += etcd.alarms.map { "etcd alarm: \($0)" }
        case .unknown(let reason):
            found.append("etcd cannot be seen: \(reason)")
        }
        if let reason = snapshot.kubernetesVersion.reason {
            found.append("the API server cannot be asked: \(reason)")
        }
        troubles = found
    }

    /// What is wrong with one node, its name in each sentence.
    static func troubles(of node: NodeFacts) -> [String] {
        var found: [String] = []
        switch node.machine {
        case .known(let machine):
            if machine.stage != .running {
                found.append("\(node.name) is \(machine.stage.rawValue)")
            } else if !machine.isReady {
                let why = machine.unmetConditions.joined(separator: "; ")
                found.append("\(node.name) is not ready" + (why.isEmpty ? "" : ": \(why)"))
            }
            found += machine.troubledServices.map { "\(node.name): service \($0)" }
        case .unknown(let reason):
            found.append("\(node.name) cannot be seen: \(reason)")
        }
        switch node.kubernetes {
        case .known(let kubernetes) where !kubernetes.isReady:
            let why = kubernetes.notReadyReason.map { ": \($0)" } ?? ""
            found.append("\(node.name) is NotReady in Kubernetes\(why)")
        case .known: break
        case .unknown(let reason):
            found.append("\(node.name) cannot be seen in Kubernetes: \(reason)")
        }
        return found
    }
}
