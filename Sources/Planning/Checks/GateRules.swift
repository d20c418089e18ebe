import Model

/// The user's own gates.
struct GateRules {
    let health: HealthFacts

    func findings() -> [Finding] {
        health.gates.flatMap { gate -> [Finding] in
            let rule = gate.rule
            let wanted = "\(rule.condition)"
            switch gate.objects {
            case .unknown(let reason):
                return [
                    Finding(
                        .error, "gate.unseen",
                        "Your gate on \(rule.kind) cannot be asked: \(reason)", at: rule.place,
                        fix: "correct it, or take it out, at \(rule.place)")
                ]
            case .known(let objects) where objects.isEmpty:
                return [
                    Finding(
                        .error, "gate.nothing",
                        "Your gate on \(rule.kind) \(rule.name ?? rule.selector ?? "") finds no "
                            + "such object.", at: rule.place,
                        fix: "correct it, or take it out, at \(rule.place)")
                ]
            case .known(let objects):
                return objects.filter { !$0.holds }.map { object in
                    Finding(
                        .error, "gate.closed",
                        "Your gate is closed: \(rule.kind) \(object.title) should have \(wanted), "
                            + "and has \(object.found).", at: rule.place,
                        fix: "kubectl describe \(rule.kind.lowercased()) "
                            + Self.arguments(object.title))
                }
            }
        }
    }

    private static func arguments(_ title: String) -> String {
        let parts = title.split(separator: "/", maxSplits: 1)
        return parts.count == 2 ? "-n \(parts[0]) \(parts[1])" : title
    }
}
