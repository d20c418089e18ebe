import Model

extension EvictionAnswer {
    /// Reads an answer of the eviction API. Nil when it is a failure that asking again, or
    /// waiting for a budget, will not cure.
    ///
    /// Source: `pkg/registry/core/pod/storage/eviction.go` and `kubectl drain`, Kubernetes 1.32.
    init?(_ answer: APIAnswer) {
        let status = answer.status
        let said = status?.wholeMessage ?? "status \(answer.code)"
        switch answer.code {
        case 200...299, 404:
            self = .accepted
        case 429:
            // With a time to wait, the budget was not looked at yet; without, it has no room.
            let mayWait = (status?.details?.retryAfterSeconds ?? 0) > 0
            let isBudget = status?.hasCause("DisruptionBudget") ?? false
            self = isBudget && !mayWait ? .refused(said) : .tryAgain(said)
        case 403 where status?.hasCause("NamespaceTerminating") == true:
            self = .tryAgain(said)
        case 409:
            self = .tryAgain(said)
        case 500 where said.contains("more than one PodDisruptionBudget"):
            self = .refused(said)
        case 500...:
            self = .tryAgain(said)
        default:
            return nil
        }
    }
}
