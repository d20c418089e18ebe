/// A PodDisruptionBudget to create or replace.
package struct BudgetSpec: Sendable, Codable, Equatable {
    package var namespace: String
    package var name: String
    package var demand: Demand
    package var selector: LabelSelector
    /// `unhealthyPodEvictionPolicy: AlwaysAllow`.
    package var alwaysAllowsUnhealthy: Bool

    package init(
        namespace: String, name: String, demand: Demand, selector: LabelSelector,
        alwaysAllowsUnhealthy: Bool = false
    ) {
        self.namespace = namespace
        self.name = name
        self.demand = demand
        self.selector = selector
        self.alwaysAllowsUnhealthy = alwaysAllowsUnhealthy
    }

    /// What has to stay.
    package enum Demand: Sendable, Codable, Equatable {
        case minAvailable(Amount)
        case maxUnavailable(Amount)
    }

    /// An absolute number or a share of the expected pods; shares round up, as the disruption
    /// controller does (k8s.io/kubernetes `pkg/controller/disruption`).
    package enum Amount: Sendable, Codable, Equatable {
        case count(Int)
        case percent(Int)

        func pods(of expected: Int) -> Int {
            switch self {
            case .count(let number): max(0, number)
            case .percent(let share): (expected * min(100, max(0, share)) + 99) / 100
            }
        }
    }
}

/// A PodDisruptionBudget and its status.
package struct Budget: Sendable, Codable {
    package var uid: ObjectUID
    package var spec: BudgetSpec
    package var createdAt: Duration
    package var generation: Int
    package var currentHealthy: Int
    package var desiredHealthy: Int
    package var expectedPods: Int
    package var disruptionsAllowed: Int

    /// The cause that stands beside a refusal, as the API server words it
    /// (k8s.io/kubernetes `pkg/registry/core/pod/storage/eviction.go`).
    package var refusalCause: String {
        "The disruption budget \(spec.name) needs \(desiredHealthy) healthy pods and has "
            + "\(currentHealthy) currently"
    }
}

/// What came of an eviction.
package enum EvictionResult: Sendable, Equatable {
    case evicted
    /// 429: the budget's name, and the message of the Status.
    case refused(budget: String, message: String)
    /// 500: more than one budget selects the pod.
    case ambiguous
    /// 404.
    case notFound
}
