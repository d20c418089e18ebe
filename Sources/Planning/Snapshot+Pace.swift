import Model

extension Snapshot {
    /// How many workers may go down at once: what the options allow, but one of them stays up, so
    /// that the pods that leave the others have a place to go.
    func workersAtOnce(_ options: PlanOptions) -> Int {
        max(1, min(options.maxUnavailable, nodes.filter { $0.role == .worker }.count - 1))
    }
}
