import Model

/// Storage systems, by their own word.
struct StorageRules {
    let health: HealthFacts

    func findings() -> [Finding] {
        (health.storage.value ?? []).filter { $0.verdict != .fine }.map { fact in
            let isDegraded = fact.verdict == .degraded
            return Finding(
                isDegraded ? .error : .warning,
                isDegraded ? "storage.degraded" : "storage.complains",
                "\(fact.system): \(fact.object): \(fact.message)", at: fact.object,
                fix: (isDegraded ? "wait until it is whole again, or repair it: " : "")
                    + fact.command)
        }
    }
}
