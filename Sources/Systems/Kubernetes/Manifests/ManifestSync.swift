import Foundation
import Model

/// One synchronisation of the bootstrap manifests: look at all, then change, then wait.
///
/// Nothing is changed before every object has been tried in a dry run, so that a manifest the
/// server would refuse stops it while the cluster is still as it was.
struct ManifestSync {
    let client: ClusterClient
    let usesInventory: Bool
    let deadline: ContinuousClock.Instant
    let report: @Sendable (String) -> Void
    var discovery: ResourceDiscovery

    init(
        client: ClusterClient, usesInventory: Bool, deadline: ContinuousClock.Instant,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.usesInventory = usesInventory
        self.deadline = deadline
        self.report = report
        discovery = ResourceDiscovery(client: client)
    }

    /// Gives a word such as “11 objects: 2 changed, 9 as they were”.
    mutating func run(_ objects: [ManifestObject]) async throws -> String {
        var summary = ManifestSummary()
        let definitions = objects.compactMap(\.defines)
        var decisions: [ManifestDecision] = []
        for object in objects {
            try checkTime(before: "looking at \(object.key.title)")
            decisions.append(try await decide(object, expecting: definitions))
        }
        for index in decisions.indices {
            if case .later = decisions[index].verdict {
                decisions[index] = try await awaited(decisions[index].object)
            }
            try checkTime(before: "applying \(decisions[index].object.key.title)")
            try await carryOut(&decisions[index])
            summary.count(decisions[index])
        }
        if usesInventory { try await prune(besides: decisions, counting: &summary) }
        for decision in decisions { try await waitForRollout(of: decision) }
        return summary.text
    }

    /// Tries an object out without changing anything.
    private mutating func decide(
        _ object: ManifestObject, expecting definitions: [(group: String, kind: String)] = []
    ) async throws -> ManifestDecision {
        var decision = ManifestDecision(object: object)
        guard
            let resource = try await discovery.resource(
                group: object.key.group, version: object.version, kind: object.key.kind)
        else {
            if definitions.contains(where: { $0 == (object.key.group, object.key.kind) }) {
                return decision
            }
            throw Problem(
                .refused,
                "The cluster has no \(object.key.kind) in "
                    + "\(object.body["apiVersion"]?.string ?? object.version), which "
                    + "\(object.key.title) is.",
                at: client.endpoint,
                fix: "Install its custom resource definition, or take the manifest out of "
                    + "`cluster.inlineManifests` and `cluster.extraManifests`.")
        }
        decision.path = resource.path(of: object.key)
        decision.object.key = resource.resolved(object.key)
        decision.entry = decision.object.key.inventoryText
        let current = try await client.getIfPresent(decision.path)
        if usesInventory {
            let owner = current?["metadata", "annotations"]?[ManifestInventory.annotation]
            if let owner = owner?.string, owner != ManifestInventory.name {
                decision.verdict = .left("it belongs to the inventory \(owner)")
                return decision
            }
            decision.annotate()
        }
        for _ in 0..<Self.mostRounds {
            let answer = try await client.apply(decision, dryRun: true)
            if answer.isSuccess {
                let result = try client.decode(JSONValue.self, from: answer)
                decision.verdict = .apply(from: current, to: result)
                return decision
            }
            // The namespace is one of those to come, or an admission hook takes no dry runs.
            if answer.code == 404 || answer.code == 400 && answer.refusesDryRun {
                decision.verdict = current == nil ? .create : .change
                return decision
            }
            guard decision.yield(to: FieldConflict.all(in: answer)) else {
                guard decision.isLeft else { throw client.refusal(answer, decision) }
                return decision
            }
        }
        decision.verdict = .left("its managers keep changing it")
        return decision
    }

    /// The decision for an object whose kind has just been defined: discovery lags behind.
    private mutating func awaited(_ object: ManifestObject) async throws -> ManifestDecision {
        let definition = (object.key.group, object.key.kind)
        while true {
            let decision = try await decide(object, expecting: [definition])
            if case .later = decision.verdict {} else { return decision }
            try checkTime(before: "\(object.key.kind) is served")
            try await Task.sleep(for: client.limits.poll)
        }
    }

    private mutating func carryOut(_ decision: inout ManifestDecision) async throws {
        let title = decision.object.key.title
        for attempt in 1...2 {
            switch decision.verdict {
            case .later, .same:
                return
            case .left(let why):
                report("left \(title) alone: \(why)")
                return
            case .create, .change:
                let answer = try await client.apply(decision, dryRun: false)
                if answer.isSuccess {
                    report("\(decision.verdict.word) \(title)")
                    for field in decision.yielded { report("\(title): \(field)") }
                    return
                }
                // Somebody was faster than we: look again, once.
                guard answer.code == 409, attempt == 1 else {
                    throw client.refusal(answer, decision)
                }
                decision = try await decide(decision.original)
            }
        }
    }

    func checkTime(before what: String) throws {
        try Task.checkCancellation()
        guard ContinuousClock().now < deadline else {
            throw Problem(
                .stopped, "The bootstrap manifests took too long (\(what)).",
                at: client.endpoint, fix: "Run the same command again; what is done stays done.")
        }
    }

    /// Between dry runs: each takes away at least one conflict.
    private static let mostRounds = 4
}
