import Model

/// Pods that are neither running nor finished, and stay so. What is only starting, restarting or
/// being replaced is no finding, nor is what a finished or evicted pod left behind, nor a Job.
struct PodRules {
    let snapshot: Snapshot
    let health: HealthFacts

    func findings() -> [Finding] {
        let away = Set(
            snapshot.nodes.filter { $0.kubernetes.value?.isReady != true }.map(\.name))
        let known = Set((health.rooms.value ?? []).map(\.name))
        var groups: [String: [PodHealth]] = [:]
        var order: [String] = []
        for pod in health.pods.value ?? [] where isFinding(pod) {
            let isOnGone = pod.pod.node.map { !known.isEmpty && !known.contains($0) } ?? false
            // Pods of a node that is not Ready: the node is told of.
            if !isOnGone, let node = pod.pod.node, away.contains(node) { continue }
            let key = "\(pod.owner?.uid ?? pod.pod.uid) \(kind(of: pod, isOnGone: isOnGone))"
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(pod)
        }
        return order.compactMap { key in
            guard let pods = groups[key], let first = pods.first else { return nil }
            let isOnGone = first.pod.node.map { !known.isEmpty && !known.contains($0) } ?? false
            return finding(first, others: pods.count - 1, isOnGone: isOnGone)
        }
    }

    private func isFinding(_ pod: PodHealth) -> Bool {
        guard pod.isUnwell, pod.persists, pod.status != "SchedulingGated" else { return false }
        if pod.pod.isTerminating { return (pod.overdue ?? 0) > PodHealth.settling }
        if pod.owner?.kind == "Job" { return false }
        // The kubelet's own reasons and the scheduler's do not pass by waiting.
        if pod.isUnschedulable || Self.final.contains(Self.reason(pod)) { return true }
        return pod.age >= PodHealth.settling
    }

    private func kind(of pod: PodHealth, isOnGone: Bool) -> String {
        isOnGone ? "gone" : pod.pod.isTerminating ? "terminating" : pod.status
    }

    private func finding(_ pod: PodHealth, others: Int, isOnGone: Bool) -> Finding {
        let name = pod.pod.reference.description
        let more = others == 0 ? "" : " (and \(others) more of \(pod.owner?.name ?? "them"))"
        let describe = "kubectl -n \(pod.pod.namespace) describe pod \(pod.pod.name)"
        if isOnGone, let node = pod.pod.node {
            return Finding(
                .error, "pod.node-gone", "Pod \(name)\(more) is on node \(node), which is gone.",
                at: name, fix: "bump doctor --fix")
        }
        if pod.pod.isTerminating {
            return Finding(
                .error, "pod.terminating",
                "Pod \(name)\(more) should have been gone \(Int(pod.overdue ?? 0)) s ago.",
                at: name, fix: "\(describe); look for finalizers and volumes that do not unmount")
        }
        if pod.isUnschedulable {
            return Finding(
                .error, "pod.unschedulable",
                "No node takes pod \(name)\(more)\(pod.message.map { ": \($0)" } ?? ".")",
                at: name, fix: describe)
        }
        if pod.status == "Running" {
            let isSystem = pod.pod.namespace == "kube-system"
            return Finding(
                isSystem ? .error : .warning, "pod.not-ready",
                "Pod \(name)\(more) runs, but is not ready.", at: name, fix: describe)
        }
        let isCrash = pod.status.contains("CrashLoopBackOff") || pod.status == "Error"
        return Finding(
            .error, isCrash ? "pod.crash-loop" : "pod.unwell",
            "Pod \(name)\(more) is \(pod.status)\(pod.message.map { ": \($0)" } ?? ".")", at: name,
            fix: isCrash
                ? "kubectl -n \(pod.pod.namespace) logs \(pod.pod.name) --previous" : describe)
    }

    private static func reason(_ pod: PodHealth) -> String {
        pod.status.hasPrefix("Init:") ? String(pod.status.dropFirst(5)) : pod.status
    }

    /// Waiting reasons of the kubelet (k8s.io/kubernetes `pkg/kubelet/images` and `kuberuntime`).
    private static let final: Set = [
        "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "InvalidImageName",
        "ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError",
        "RunContainerError",
    ]
}
