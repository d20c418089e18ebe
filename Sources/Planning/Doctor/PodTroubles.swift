import Model

/// Pods that a node which is gone keeps from ending.
struct PodTroubles {
    let snapshot: Snapshot

    func all() -> [Trouble] {
        guard let pods = snapshot.health?.pods.value, let rooms = snapshot.health?.rooms.value,
            !rooms.isEmpty
        else { return [] }
        let known = Dictionary(rooms.map { ($0.name, $0) }) { first, _ in first }
        return pods.filter { $0.pod.isTerminating && !$0.pod.isMirror }.compactMap { pod in
            guard let node = pod.pod.node else { return nil }
            let name = pod.pod.reference
            guard let room = known[node] else {
                return Trouble(
                    "pod.node-gone",
                    "Pod \(name) cannot end: its node \(node) is gone.",
                    evidence: ["Kubernetes has no node \(node)"],
                    fix: force(name), remedy: .deleteByForce(name, node: node))
            }
            guard !room.isReady, (pod.overdue ?? 0) > PodHealth.settling,
                snapshot.node(node)?.machine.value == nil
            else { return nil }
            return Trouble(
                "pod.node-away",
                "Pod \(name) cannot end: its node \(node) does not answer.",
                evidence: [
                    "\(node) is NotReady and silent over the Talos API",
                    "it should have been gone \(Int(pod.overdue ?? 0)) s ago",
                ],
                fix: "only when the machine is off for certain, or it runs twice: \(force(name))")
        }
    }

    private func force(_ pod: PodReference) -> String {
        "kubectl -n \(pod.namespace) delete pod \(pod.name) --grace-period=0 --force"
    }
}
