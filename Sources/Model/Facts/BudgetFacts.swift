/// A PodDisruptionBudget and its status.
package struct BudgetFacts: Sendable, Codable, Equatable {
    package var namespace: String
    package var name: String
    /// Nil selects no pod.
    package var selector: LabelQuery?
    package var demand: Demand
    /// `unhealthyPodEvictionPolicy: AlwaysAllow`.
    package var allowsUnhealthy: Bool
    package var disruptionsAllowed: Int
    package var currentHealthy: Int
    package var desiredHealthy: Int
    package var expectedPods: Int
    /// Why its controller cannot compute it (condition DisruptionAllowed, reason SyncFailed); nil
    /// when it can.
    package var trouble: String?

    package init(
        namespace: String, name: String, selector: LabelQuery?, demand: Demand,
        allowsUnhealthy: Bool = false, disruptionsAllowed: Int, currentHealthy: Int,
        desiredHealthy: Int, expectedPods: Int, trouble: String? = nil
    ) {
        self.namespace = namespace
        self.name = name
        self.selector = selector
        self.demand = demand
        self.allowsUnhealthy = allowsUnhealthy
        self.disruptionsAllowed = disruptionsAllowed
        self.currentHealthy = currentHealthy
        self.desiredHealthy = desiredHealthy
        self.expectedPods = expectedPods
        self.trouble = trouble
    }

    package var title: String { "\(namespace)/\(name)" }

    package func guards(_ pod: PodHealth) -> Bool {
        pod.pod.namespace == namespace && selector?.selects(pod.labels) == true
    }

    /// What has to stay.
    package enum Demand: Sendable, Codable, Equatable {
        case minAvailable(Amount)
        case maxUnavailable(Amount)

        /// How many of `expected` pods have to be healthy. Shares round up
        /// (k8s.io/kubernetes `pkg/controller/disruption`).
        package func desiredHealthy(of expected: Int) -> Int {
            switch self {
            case .minAvailable(let amount): amount.pods(of: expected)
            case .maxUnavailable(let amount): max(0, expected - amount.pods(of: expected))
            }
        }
    }

    /// A number of pods or a share of them.
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
