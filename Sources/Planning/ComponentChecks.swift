import Model

/// What must hold of every plan that changes Kubernetes components: one node at a time, each
/// proven before anything else is set, kubelets after the control plane, and nobody moved.
struct ComponentChecks {
    let plan: Plan
    /// Those of the plan, in order.
    let steps: [Step]

    func findings() -> [Finding] {
        guard steps.contains(where: { Self.sets($0) != nil }) else { return [] }
        return alone() + proven() + (isBackwards ? [] : kubeletsLast()) + undisturbed()
    }

    private func alone() -> [Finding] {
        plan.stages.filter { stage in
            stage.lanes.count > 1 && stage.lanes.contains { $0.contains { Self.sets($0) != nil } }
        }.map { error("plan.components-at-once", "Two nodes are changed at once (\($0.title)).") }
    }

    private func proven() -> [Finding] {
        var open: (KubernetesComponent, NodeIdentity)?
        var found: [Finding] = []
        for step in steps {
            if case .proveComponent(let component, _, let node) = step.action,
                let before = open, before == (component, node)
            {
                open = nil
            }
            guard let (component, node) = Self.sets(step), component != .proxy else { continue }
            if let open {
                found.append(
                    error(
                        "plan.component-unproven",
                        "\(component.rawValue) of \(node.name) is set before "
                            + "\(open.0.rawValue) of \(open.1.name) is proven."))
            }
            open = (component, node)
        }
        if let open {
            found.append(
                error(
                    "plan.component-unproven",
                    "\(open.0.rawValue) of \(open.1.name) is set and never proven."))
        }
        return found
    }

    private func kubeletsLast() -> [Finding] {
        let order = steps.compactMap { Self.sets($0)?.0 }
        guard let first = order.firstIndex(of: .kubelet),
            order[first...].contains(where: { $0 != .kubelet })
        else { return [] }
        return [error("plan.kubelet-early", "A kubelet is set before the control plane is done.")]
    }

    private func undisturbed() -> [Finding] {
        steps.filter { step in
            switch step.action {
            case .drain, .perform(.cordon), .perform(.reboot), .perform(.upgrade),
                .perform(.install), .perform(.rollback):
                true
            default: false
            }
        }.map { error("plan.disturbs", "A Kubernetes upgrade would disturb a node (\($0.id)).") }
    }

    private var isBackwards: Bool {
        if case .abort = plan.target { return true }
        return false
    }

    private static func sets(_ step: Step) -> (KubernetesComponent, NodeIdentity)? {
        guard case .perform(.setImage(let component, _, let node)) = step.action else { return nil }
        return (component, node)
    }

    private func error(_ code: String, _ summary: String) -> Finding {
        Finding(.error, code, summary, fix: "make the plan anew")
    }
}
