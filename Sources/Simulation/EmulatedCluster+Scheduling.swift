import Model

extension EmulatedCluster {
    /// Gives every waiting pod a node if one takes it; the others wait on.
    mutating func schedulePods() {
        mustSchedule = false
        guard !unscheduled.isEmpty else { return }
        let candidates = nodeOrder.filter { name in
            nodes[name, \.readiness] == .ready && nodes[name, \.isCordoned] == false
        }
        guard !candidates.isEmpty else { return }
        let waiting = unscheduled
        unscheduled.removeAll(keepingCapacity: true)
        for uid in waiting {
            guard let pod = pods[uid], !pod.isTerminating else { continue }
            if let node = bestNode(for: pod, among: candidates) {
                bind(uid, to: node)
            } else {
                unscheduled.append(uid)
            }
        }
    }

    /// Whether a node's taints and labels admit the pods of a DaemonSet. A cordon is not looked at.
    func accepts(_ node: ClusterNode, _ spec: WorkloadSpec) -> Bool {
        node.taint(against: spec.tolerations) == nil
            && node.admits(spec.nodeSelector, spec.rules?.nodeAffinity ?? [])
    }

    /// The node with the fewest pods of the same workload, then of all, then the first.
    private func bestNode(for pod: Pod, among candidates: [NodeName]) -> NodeName? {
        var siblings: [NodeName: Int] = [:]
        if let workload = pod.workload {
            for uid in workloads[workload, \.pods] ?? [] {
                guard let at = pods.position(of: uid), !pods.values[at].isTerminating,
                    let node = pods.values[at].node
                else { continue }
                siblings[node, default: 0] += 1
            }
        }
        var best: (node: NodeName, siblings: Int, pods: Int)?
        for name in candidates {
            guard let node = nodes[name], node.taint(against: pod.tolerations) == nil,
                admits(node, pod), shortage(of: node, for: pod) == nil
            else { continue }
            let count = siblings[name] ?? 0
            let total = podsByNode[name]?.count ?? 0
            if let best, (best.siblings, best.pods) <= (count, total) { continue }
            best = (name, count, total)
        }
        return best?.node
    }
}
