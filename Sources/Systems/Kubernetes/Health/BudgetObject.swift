import Model

/// The fields of a PodDisruptionBudget that are read. Source: `policy/v1`.
struct BudgetObject: Decodable, Sendable {
    var metadata: ClaimObject.Metadata
    var spec: Spec?
    var status: Status?

    struct Spec: Decodable, Sendable {
        var minAvailable: JSONValue?
        var maxUnavailable: JSONValue?
        var selector: LabelSelectorObject?
        var unhealthyPodEvictionPolicy: String?
    }

    struct Status: Decodable, Sendable {
        var disruptionsAllowed: Int?
        var currentHealthy: Int?
        var desiredHealthy: Int?
        var expectedPods: Int?
        var conditions: [PodHealthObject.Condition]?
    }

    var facts: BudgetFacts {
        let failed = status?.conditions?.first {
            $0.type == "DisruptionAllowed" && $0.reason == "SyncFailed"
        }
        return BudgetFacts(
            namespace: metadata.namespace, name: metadata.name, selector: spec?.selector?.query,
            demand: demand, allowsUnhealthy: spec?.unhealthyPodEvictionPolicy == "AlwaysAllow",
            disruptionsAllowed: status?.disruptionsAllowed ?? 0,
            currentHealthy: status?.currentHealthy ?? 0,
            desiredHealthy: status?.desiredHealthy ?? 0, expectedPods: status?.expectedPods ?? 0,
            trouble: failed.map { StatusObject.line($0.message ?? "SyncFailed") })
    }

    /// Without either, one has to be available (the API server's default is `minAvailable: 1`).
    private var demand: BudgetFacts.Demand {
        if let most = spec?.maxUnavailable.flatMap(Self.amount) { return .maxUnavailable(most) }
        return .minAvailable(spec?.minAvailable.flatMap(Self.amount) ?? .count(1))
    }

    private static func amount(_ value: JSONValue) -> BudgetFacts.Amount? {
        if let count = value.integer { return .count(Int(clamping: min(count, 1_000_000))) }
        guard let text = value.string else { return nil }
        if text.hasSuffix("%") { return Int(text.dropLast()).map { .percent($0) } }
        return Int(text).map { .count(min($0, 1_000_000)) }
    }
}
