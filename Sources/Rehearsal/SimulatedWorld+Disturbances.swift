import Model
import Simulation

extension SimulatedWorld {
    /// Lets happen what is due.
    mutating func disturb() {
        while let first = disturbances.first, first.at <= now {
            disturbances.removeFirst()
            strike(first.what)
        }
    }

    private mutating func strike(_ disturbance: Disturbance) {
        let node = disturbance.node
        switch disturbance.kind {
        case .fault(let fault): cluster.inject(fault, on: node)
        case .cordon: cordon(node)
        case .reboot: _ = try? cluster.reboot(node, by: Disturbance.somebody)
        case .kubernetesAway(let time): kubernetesAwayUntil = now + time
        case .clockJump(let seconds): wallOffset += seconds
        case .interruption: isInterrupted = true
        }
    }

    /// Somebody wants the node cordoned. When we have cordoned it, they make the cordon theirs.
    private mutating func cordon(_ node: NodeName) {
        guard cluster.nodes[node]?.isCordoned == true else {
            return cluster.setCordon(node, true, by: Disturbance.somebody)
        }
        guard cluster.nodes[node]?.annotations["bump.dev/cordoned-by"] != nil else { return }
        cluster.editNode(node, by: Disturbance.somebody) {
            $0.annotations["bump.dev/cordoned-by"] = nil
        }
        cluster.record(.cordoned, on: node, by: Disturbance.somebody)
    }

    /// Somebody mends what is broken, and waits until all is well.
    mutating func heal() {
        kubernetesAwayUntil = .zero
        if terraform == .applyFails { terraform = .works }
        for _ in 0..<40 {
            cluster.inject(.heal, on: nil)
            cluster.advance(to: now + .seconds(10))
            disturb()
            if cluster.isHealthy { break }
        }
        isInterrupted = false
    }

    /// Somebody takes back what they cordoned, so that evicted pods have a place to go.
    mutating func makeRoom() {
        for (name, node) in cluster.nodes
        where node.isCordoned && node.annotations["bump.dev/cordoned-by"] == nil {
            cluster.setCordon(name, false, by: Disturbance.somebody)
        }
    }
}
