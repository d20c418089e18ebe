import Model

extension Lane {
    /// Evict what is there, wait, look again, until nothing is left or the time is over.
    mutating func draining(
        _ answer: Signal, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard case .drain(let node) = steps[position].action else { return [] }
        switch answer {
        case .observed(_, .pods(.unknown(let reason))):
            return drainPause(
                "waiting for Kubernetes to list the pods of \(node.name)", [reason], node, &memory,
                at: now)
        case .observed(_, .pods(.known(let pods))):
            let left = pods.filter(\.isEvictedByDrain)
            if left.isEmpty { return settle(.done, &memory, at: now) }
            let evictable = left.filter { !$0.isTerminating }
            guard !evictable.isEmpty else {
                return drainPause(
                    "waiting for \(left.count) \(left.count == 1 ? "pod" : "pods") to stop",
                    left.map { "\($0.reference) is still stopping" }, node, &memory, at: now)
            }
            leaving = evictable.map(\.reference)
            return [.evict(lane: index, leaving)]
        case .evicted(_, let answers):
            let refusals = zip(leaving, answers).compactMap { Refusal(pod: $0, $1) }
            if let first = refusals.first {
                return drainPause(
                    "a pod may not go yet: \(first.why)",
                    refusals.map { "\($0.pod) may not go: \($0.why)" }, node, &memory, at: now)
            }
            return drainPause("waiting for the evicted pods to stop", [], node, &memory, at: now)
        case .waited:
            return [.observe(lane: index, .pods(node.name))]
        default:
            return []
        }
    }

    private mutating func drainPause(
        _ text: String, _ reasons: [String], _ node: NodeIdentity, _ memory: inout Memory,
        at now: Moment
    ) -> [Effect] {
        if now.elapsed < deadline { return word(text, at: now) + [pause(at: now)] }
        return fail(
            Problem(
                .stopped, "\(node.name) could not be drained in time: \(reasons.first ?? text)",
                at: node.name.text, details: Array(reasons.dropFirst()),
                fix: "make room for the pods or relax the budget, then: bump resume"), &memory,
            at: now)
    }

    /// A pod that was asked to leave and may not, at least not yet.
    private struct Refusal {
        var pod: PodReference
        var why: String

        init?(pod: PodReference, _ answer: EvictionAnswer) {
            switch answer {
            case .accepted: return nil
            case .refused(let why), .tryAgain(let why):
                self.pod = pod
                self.why = why
            }
        }
    }
}
