import Model

/// Where a pod may run, in the scheduler's words.
/// Source: k8s.io/kubernetes v1.32 `pkg/scheduler/framework/plugins`.
extension EmulatedCluster {
    /// Why each node does not take a pod now, with the number of nodes; the first objection of a
    /// node counts.
    package func objections(toPlacing uid: ObjectUID) -> [String: Int] {
        guard let pod = pods[uid] else { return [:] }
        return nodeOrder.reduce(into: [:]) { counts, name in
            guard let node = nodes[name] else { return }
            if let why = objection(of: node, to: pod) { counts[why, default: 0] += 1 }
        }
    }

    private func objection(of node: ClusterNode, to pod: Pod) -> String? {
        if node.isCordoned { return "node(s) were unschedulable" }
        if !node.isReady { return "node(s) had untolerated taint {node.kubernetes.io/not-ready: }" }
        if let taint = node.taint(against: pod.tolerations) {
            return "node(s) had untolerated taint {\(taint.key): \(taint.value)}"
        }
        guard admits(node, pod) else { return "node(s) didn't match Pod's node affinity/selector" }
        return shortage(of: node, for: pod)
    }

    func admits(_ node: ClusterNode, _ pod: Pod) -> Bool {
        node.admits(pod.nodeSelector, pod.rules?.nodeAffinity ?? [])
    }

    /// What the pods that are there, or are spread already, leave no room for; nil when nothing.
    func shortage(of node: ClusterNode, for pod: Pod) -> String? {
        let uids = podsByNode[node.name] ?? []
        if uids.count >= NodeCapacity.pods { return "Too many pods" }
        guard pod.rules != nil || uids.contains(where: { pods[$0]?.rules != nil }) else {
            return nil
        }
        let here = uids.compactMap { pods[$0] }
        if isRepelled(pod, by: here) { return "node(s) didn't match pod anti-affinity rules" }
        guard let rules = pod.rules else { return nil }
        if !rules.spreads.allSatisfy({ keeps($0, pod, on: node) }) {
            return "node(s) didn't match pod topology spread constraints"
        }
        func taken(_ amount: KeyPath<SchedulingRules, Int64>) -> Int64 {
            here.reduce(0) { $0 + ($1.rules?[keyPath: amount] ?? 0) }
        }
        if rules.cpu > 0, taken(\.cpu) + rules.cpu > NodeCapacity.cpu { return "Insufficient cpu" }
        if rules.memory > 0, taken(\.memory) + rules.memory > NodeCapacity.memoryInKiB << 10 {
            return "Insufficient memory"
        }
        return nil
    }

    /// Anti-affinity holds both ways.
    private func isRepelled(_ pod: Pod, by others: [Pod]) -> Bool {
        others.contains { other in
            guard other.namespace == pod.namespace, other.uid != pod.uid else { return false }
            return (pod.rules?.repels ?? []).contains { $0.selects(other.labels) }
                || (other.rules?.repels ?? []).contains { $0.selects(pod.labels) }
        }
    }

    /// Whether the pod's domain would not be ahead of the emptiest one by more than is allowed.
    private func keeps(_ spread: SchedulingRules.Spread, _ pod: Pod, on node: ClusterNode) -> Bool {
        guard let home = node.labels[spread.topologyKey] else { return false }
        var counts: [String: Int] = [:]
        for other in nodes.values {
            guard let domain = other.labels[spread.topologyKey], admits(other, pod) else {
                continue
            }
            let isClosed = other.isCordoned || other.taint(against: pod.tolerations) != nil
            if spread.honorsTaints, isClosed { continue }
            counts[domain, default: 0] +=
                (podsByNode[other.name] ?? []).filter { uid in
                    guard let one = pods[uid], !one.isTerminating else { return false }
                    return one.namespace == pod.namespace && spread.selector.selects(one.labels)
                }.count
        }
        let own = spread.selector.selects(pod.labels) ? 1 : 0
        return (counts[home] ?? 0) + own - (counts.values.min() ?? 0) <= spread.maxSkew
    }
}

extension ClusterNode {
    /// Whether its labels have what a selector and one of the terms of an affinity want.
    func admits(_ selector: [String: String], _ affinity: [LabelSelector]) -> Bool {
        selector.allSatisfy { labels[$0.key] == $0.value }
            && (affinity.isEmpty || affinity.contains { $0.selects(labels) })
    }

    /// The first taint that keeps out a pod with these tolerations.
    func taint(against tolerations: [String]) -> Taint? {
        taints.first {
            $0.effect != "PreferNoSchedule" && !tolerations.contains("*")
                && !tolerations.contains($0.key)
        }
    }
}
