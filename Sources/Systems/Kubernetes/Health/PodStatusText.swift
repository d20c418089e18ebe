/// The STATUS column of `kubectl get pods`, which the API server computes.
/// Source: `printPod` in k8s.io/kubernetes `pkg/printers/internalversion/printers.go`, 1.32.
struct PodStatusText {
    let pod: PodHealthObject

    var text: String {
        var result = pod.status?.phase ?? "Unknown"
        if let reason = pod.status?.reason, !reason.isEmpty { result = reason }
        let scheduled = pod.condition("PodScheduled")
        if scheduled?.reason == "SchedulingGated" { result = "SchedulingGated" }
        let initial = initialising()
        if let initial { result = initial }
        if initial == nil || pod.condition("Initialized")?.status == "True" {
            result = containers(from: result)
        }
        guard pod.metadata.deletionTimestamp != nil else { return result }
        if pod.status?.reason == "NodeLost" { return "Unknown" }
        let phase = pod.status?.phase
        return phase == "Succeeded" || phase == "Failed" ? result : "Terminating"
    }

    /// What the first init container that is not finished is doing; nil when all are.
    private func initialising() -> String? {
        let specs = pod.spec?.initContainers ?? []
        let sidecars = Set(specs.filter { $0.restartPolicy == "Always" }.map(\.name))
        for (index, status) in (pod.status?.initContainerStatuses ?? []).enumerated() {
            if let ended = status.state?.terminated {
                if ended.exitCode == 0 { continue }
                return "Init:" + Self.end(ended)
            }
            if status.started == true, sidecars.contains(status.name) { continue }
            if let reason = status.state?.waiting?.reason, !reason.isEmpty,
                reason != "PodInitializing"
            {
                return "Init:" + reason
            }
            return "Init:\(index)/\(specs.count)"
        }
        return nil
    }

    private func containers(from start: String) -> String {
        var result = start
        var hasRunning = false
        for status in (pod.status?.containerStatuses ?? []).reversed() {
            if let reason = status.state?.waiting?.reason, !reason.isEmpty {
                result = reason
            } else if let ended = status.state?.terminated {
                result = Self.end(ended)
            } else if status.ready == true, status.state?.running != nil {
                hasRunning = true
            }
        }
        if result == "Completed", hasRunning {
            result = pod.condition("Ready")?.status == "True" ? "Running" : "NotReady"
        }
        return result
    }

    private static func end(_ ended: PodHealthObject.Terminated) -> String {
        if let reason = ended.reason, !reason.isEmpty { return reason }
        if let signal = ended.signal, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(ended.exitCode ?? 0)"
    }
}
