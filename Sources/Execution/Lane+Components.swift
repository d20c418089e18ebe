import Model

extension Lane {
    /// Waits until a component of Kubernetes runs its new image and is Ready. There is no going
    /// back by itself: a pod that does not come up stops the run, the other nodes untouched.
    mutating func provingComponent(
        _ step: Step, _ answer: Signal, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard case .proveComponent(let component, let image, let node) = step.action else {
            return []
        }
        switch answer {
        case .observed(_, .component(let facts)):
            guard let missing = ComponentJudgement(image: image).missing(facts) else {
                return settle(.done, &memory, at: now)
            }
            if now.elapsed < deadline {
                return word("waiting for \(missing)", at: now) + [pause(at: now)]
            }
            return fail(Self.problem(component, missing, image, node), &memory, at: now)
        case .waited:
            return [.observe(lane: index, .component(component, node))]
        default:
            return []
        }
    }

    private static func problem(
        _ component: KubernetesComponent, _ missing: String, _ image: String, _ node: NodeIdentity
    ) -> Problem {
        let version = ComponentImage(image).map { $0.version.number } ?? image
        let look =
            component == .kubelet
            ? "talosctl -n \(node.address) logs kubelet"
            : "talosctl -n \(node.address) logs --kubernetes "
                + "kube-system/\(component.rawValue)-\(node.name):\(component.rawValue)"
        return Problem(
            .stopped,
            "\(component.rawValue) of \(node.name) does not come up at \(version).",
            at: node.name.text,
            details: [
                "still missing: \(missing)",
                "No node after it was given the new \(component.rawValue); "
                    + "pods and nodes were left alone.",
                "look with: \(look)",
            ],
            fix: "bump abort to go back, or mend it and then: bump resume")
    }
}
