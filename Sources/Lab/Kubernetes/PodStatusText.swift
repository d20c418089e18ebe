import Model

/// The STATUS column of pods.
///
/// Source: kubernetes v1.32 `printPod`; facts §3.4. Init containers are not emulated.
enum PodStatusText {
    static func text(of pod: JSONValue) -> String {
        var result = pod["status", "phase"]?.string ?? "Unknown"
        let reason = pod["status", "reason"]?.string ?? ""
        if !reason.isEmpty { result = reason }
        var hasRunning = false
        for status in (pod["status", "containerStatuses"]?.array ?? []).reversed() {
            let waiting = status["state", "waiting", "reason"]?.string ?? ""
            let ended = status["state", "terminated"]
            if !waiting.isEmpty {
                result = waiting
            } else if let why = ended?["reason"]?.string, !why.isEmpty {
                result = why
            } else if let ended {
                result = "ExitCode:\(ended["exitCode"]?.integer ?? 0)"
            } else if status["ready"]?.bool == true, status["state", "running"] != nil {
                hasRunning = true
            }
        }
        if result == "Completed", hasRunning {
            result = pod.condition("Ready")?["status"]?.string == "True" ? "Running" : "NotReady"
        }
        if pod.isBeingDeleted {
            if reason == "NodeLost" { return "Unknown" }
            let phase = pod["status", "phase"]?.string ?? ""
            if phase != "Succeeded" && phase != "Failed" { return "Terminating" }
        }
        return result
    }
}
