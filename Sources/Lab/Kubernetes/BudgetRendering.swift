import Model
import Simulation

/// A PodDisruptionBudget object of an emulated budget.
enum BudgetRendering {
    static func object(
        _ budget: Budget, old: JSONValue?, created: Timestamp, now: Timestamp
    ) -> JSONValue {
        var object = old ?? fresh(budget, created)
        let isAllowed = budget.disruptionsAllowed > 0
        let word = isAllowed ? "True" : "False"
        let before = object.condition("DisruptionAllowed")
        let isSame = before?["status"]?.string == word
        object["status"] = [
            "currentHealthy": .whole(budget.currentHealthy),
            "desiredHealthy": .whole(budget.desiredHealthy),
            "expectedPods": .whole(budget.expectedPods),
            "disruptionsAllowed": .whole(budget.disruptionsAllowed),
            "observedGeneration": object["metadata", "generation"] ?? 1,
            "conditions": [
                [
                    "type": "DisruptionAllowed", "status": .string(word), "message": "",
                    "reason": isAllowed ? "SufficientPods" : "InsufficientPods",
                    "observedGeneration": object["metadata", "generation"] ?? 1,
                    "lastTransitionTime": isSame
                        ? before?["lastTransitionTime"] ?? nil : .string(now.text),
                ]
            ],
        ]
        return object
    }

    private static func fresh(_ budget: Budget, _ created: Timestamp) -> JSONValue {
        var spec: JSONValue = [
            "selector": ["matchLabels": .strings(budget.spec.selector.matchLabels)]
        ]
        switch budget.spec.demand {
        case .minAvailable(let amount): spec["minAvailable"] = value(amount)
        case .maxUnavailable(let amount): spec["maxUnavailable"] = value(amount)
        }
        return [
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
            "metadata": [
                "name": .string(budget.spec.name), "namespace": .string(budget.spec.namespace),
                "uid": .string(budget.uid.text), "creationTimestamp": .string(created.text),
                "generation": 1,
            ],
            "spec": spec,
        ]
    }

    private static func value(_ amount: BudgetSpec.Amount) -> JSONValue {
        switch amount {
        case .count(let count): .whole(count)
        case .percent(let share): .string("\(share)%")
        }
    }
}
