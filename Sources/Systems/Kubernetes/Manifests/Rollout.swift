import Model

/// How far the pods of a Deployment or DaemonSet have come.
/// Source: kubectl `polymorphichelpers/rollout_status.go`.
struct Rollout: Sendable, Equatable {
    /// Every pod is of the present template and old ones are gone.
    var isUpdated: Bool
    /// And all of them are available.
    var isDone: Bool
    /// `1 of 3 pods updated`
    var text: String
    /// It will not come to an end by itself.
    var failure: String?

    /// Nil for kinds that have no rollout.
    init?(_ object: JSONValue) {
        let status = object["status"]
        func count(_ name: String) -> Int64 { max(status?[name]?.integer ?? 0, 0) }
        let isSeen =
            count("observedGeneration") >= object["metadata", "generation"]?.integer ?? 0
        let wanted: Int64
        let updated: Int64
        let available: Int64
        var old: Int64 = 0
        switch object["kind"]?.string {
        case "Deployment":
            wanted = object["spec", "replicas"]?.integer ?? 1
            updated = count("updatedReplicas")
            available = count("availableReplicas")
            old = max(count("replicas") - updated, 0)
            let progress = status?["conditions"]?.array?.first {
                $0["type"]?.string == "Progressing"
            }
            if progress?["reason"]?.string == "ProgressDeadlineExceeded" {
                failure = progress?["message"]?.string.map(StatusObject.line)
            }
        case "DaemonSet":
            wanted = count("desiredNumberScheduled")
            updated = count("updatedNumberScheduled")
            available = count("numberAvailable")
            if object["spec", "updateStrategy", "type"]?.string == "OnDelete" {
                isUpdated = true
                isDone = true
                text = "pods are updated when they are deleted"
                return
            }
        default:
            return nil
        }
        isUpdated = isSeen && updated >= wanted && old == 0
        isDone = isUpdated && available >= wanted
        text =
            isUpdated
            ? "\(available) of \(wanted) pods available" : "\(updated) of \(wanted) pods updated"
    }
}
