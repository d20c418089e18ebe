import Model

/// Flux: what fails, what is stopped, and what is being applied right now.
struct FluxRules {
    let health: HealthFacts

    func findings() -> [Finding] {
        (health.reconciliations.value ?? []).compactMap { fact in
            let name = "\(fact.kind) \(fact.namespace)/\(fact.name)"
            let short = fact.kind == "HelmRelease" ? "helmrelease" : "kustomization"
            let get = "flux get \(short) -n \(fact.namespace) \(fact.name)"
            if fact.isSuspended {
                return Finding(
                    .warning, "flux.suspended", "\(name) is suspended.", at: name,
                    fix: "flux resume \(short) -n \(fact.namespace) \(fact.name)")
            }
            switch fact.state {
            case .ready: return nil
            case .progressing:
                return Finding(
                    .warning, "flux.progressing",
                    "\(name) is being applied right now: \(fact.message)", at: name,
                    fix: "wait until it is Ready: \(get)")
            case .failed, .stalled:
                return Finding(
                    .error, fact.state == .stalled ? "flux.stalled" : "flux.failed",
                    "\(name) fails: \(fact.message)", at: name, fix: get)
            }
        }
    }
}
