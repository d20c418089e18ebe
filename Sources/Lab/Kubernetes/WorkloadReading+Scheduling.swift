import Model
import Simulation

extension WorkloadReading {
    /// Nil when a pod asks for nothing.
    static func rules(_ spec: JSONValue) -> SchedulingRules? {
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let terms = spec["affinity", "nodeAffinity", required, "nodeSelectorTerms"]?.array ?? []
        let repelling = spec["affinity", "podAntiAffinity", required]?.array ?? []
        let spreads = spec["topologySpreadConstraints"]?.array ?? []
        let rules = SchedulingRules(
            nodeAffinity: terms.map { selector($0) },
            repels: repelling.filter { $0["topologyKey"] == "kubernetes.io/hostname" }
                .map { selector($0["labelSelector"]) },
            spreads: spreads.filter { $0["whenUnsatisfiable"] == "DoNotSchedule" }.map {
                SchedulingRules.Spread(
                    topologyKey: $0["topologyKey"]?.string ?? "",
                    maxSkew: Int(clamping: $0["maxSkew"]?.integer ?? 1),
                    selector: selector($0["labelSelector"]),
                    honorsTaints: $0["nodeTaintsPolicy"] == "Honor")
            }, cpu: requests(spec, "cpu", unit: 1000), memory: requests(spec, "memory", unit: 1))
        return rules == SchedulingRules() ? nil : rules
    }

    private static func requests(_ spec: JSONValue, _ name: String, unit: Double) -> Int64 {
        (spec["containers"]?.array ?? []).reduce(0) { sum, container in
            sum + amount(of: container["resources", "requests", name], unit: unit)
        }
    }

    /// A quantity: `2`, `250m`, `1.5Gi`. Source: apimachinery v0.32 `resource.Quantity`.
    private static func amount(of value: JSONValue?, unit: Double) -> Int64 {
        if let whole = value?.integer { return whole * Int64(unit) }
        guard let text = value?.string else { return 0 }
        let suffix = String(text.drop { $0.isNumber || $0 == "." })
        guard let number = Double(text.dropLast(suffix.count)), let factor = factors[suffix] else {
            return 0
        }
        return Int64((min(number * factor * unit, 1e15)).rounded(.up))
    }

    private static let factors = [
        "": 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 1024, "Mi": 0x1p20,
        "Gi": 0x1p30, "Ti": 0x1p40,
    ]
}
