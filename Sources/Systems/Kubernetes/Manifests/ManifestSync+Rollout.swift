import Model

extension ManifestSync {
    /// Waits for the pods of what has changed, and for those of an earlier change that are not
    /// all replaced yet.
    func waitForRollout(of decision: ManifestDecision) async throws {
        let key = decision.object.key
        guard let limit = Self.rolloutLimits[key.kind], key.group == "apps", !decision.isLeft
        else { return }
        let clock = ContinuousClock()
        let end = min(deadline, clock.now + limit)
        var last = ""
        while true {
            let object = try await Self.toleratingTrouble {
                try await client.getIfPresent(decision.path)
            }
            if let object {
                guard let rollout = object.flatMap(Rollout.init) else { return }
                if rollout.isDone || decision.isSame && rollout.isUpdated { return }
                if rollout.text != last { report("\(key.title): \(rollout.text)") }
                last = rollout.text
                if let failure = rollout.failure {
                    throw stalled(key, causes: [last, failure])
                }
            }
            guard clock.now < end else { throw stalled(key, causes: [last]) }
            try await Task.sleep(for: client.limits.poll)
        }
    }

    private func stalled(_ key: ObjectKey, causes: [String]) -> Problem {
        Problem(
            .stopped, "\(key.title) did not roll out.", at: key.title,
            fix: "See why: kubectl -n \(key.namespace) rollout status "
                + "\(key.kind.lowercased())/\(key.name). Then run the same command again.",
            causes: causes.filter { !$0.isEmpty })
    }

    /// Nil while the server does not answer: it may be restarting.
    private static func toleratingTrouble<Value>(
        _ body: () async throws -> Value
    ) async throws -> Value? {
        do {
            return try await body()
        } catch let problem as Problem where problem.kind == .unreachable {
            return nil
        }
    }

    /// What talosctl gives them.
    private static let rolloutLimits: [String: Duration] = [
        "Deployment": .seconds(180), "DaemonSet": .seconds(300),
    ]
}
