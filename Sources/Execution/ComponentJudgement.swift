import Model

/// Holds a component of Kubernetes against its promise.
///
/// A static pod has kept it when its config version is that of the config resource (where the two
/// can be compared), its image is the new one and it is Ready.
/// Source: siderolabs/talos `pkg/cluster/kubernetes/talos_managed.go`.
struct ComponentJudgement {
    let image: String

    /// What is still missing, nil when nothing is.
    func missing(_ facts: ComponentFacts) -> String? {
        let who = "\(facts.component.rawValue) of \(facts.node.name)"
        guard let setting = facts.setting.value else {
            return "an answer at \(facts.node.address)"
        }
        if setting.image != image { return "the image of \(who) to be \(image) in its config" }
        switch facts.component {
        case .kubelet: return missingKubelet(facts, who)
        case .proxy: return missingProxy(facts)
        case .apiServer, .controllerManager, .scheduler:
            return missingPod(facts, setting, who)
        }
    }

    private func missingKubelet(_ facts: ComponentFacts, _ who: String) -> String? {
        guard let healthy = facts.isKubeletHealthy.value else {
            return "an answer at \(facts.node.address)"
        }
        if !healthy { return "the service kubelet of \(facts.node.name) to be healthy" }
        guard let seen = facts.kubernetes.value else { return "Kubernetes to tell of it" }
        if let wanted = ComponentImage(image)?.version, seen.kubeletVersion != wanted {
            let runs = seen.kubeletVersion?.number ?? "an unknown version"
            return "\(who) to report \(wanted.number), it reports \(runs)"
        }
        return seen.isReady ? nil : "\(facts.node.name) to be Ready in Kubernetes"
    }

    private func missingPod(
        _ facts: ComponentFacts, _ setting: ComponentSetting, _ who: String
    ) -> String? {
        guard let pods = facts.pods.value else { return "Kubernetes to tell of \(who)" }
        guard let pod = pods.first else { return "the pod of \(who) to appear" }
        if pod.image != image {
            let runs = pod.version?.number ?? pod.image
            return "the pod of \(who) to run the new image, it runs \(runs)"
        }
        if let wanted = setting.configVersion, let has = pod.configVersion, isOlder(has, wanted) {
            return "\(who) to take up its config"
        }
        return pod.isReady ? nil : "\(who) to be Ready" + (pod.trouble.map { " (\($0))" } ?? "")
    }

    private func missingProxy(_ facts: ComponentFacts) -> String? {
        guard let pods = facts.pods.value else { return "Kubernetes to tell of kube-proxy" }
        guard !pods.isEmpty else { return "the pods of kube-proxy to appear" }
        let old = pods.filter { $0.image != image }.count
        if old > 0 { return "kube-proxy on \(old) of \(pods.count) nodes" }
        let unready = pods.filter { !$0.isReady }
        guard let first = unready.first else { return nil }
        return "kube-proxy to be Ready on \(unready.count) of \(pods.count) nodes"
            + (first.trouble.map { " (\($0))" } ?? "")
    }

    private func isOlder(_ left: String, _ right: String) -> Bool {
        guard let left = Int(left), let right = Int(right) else { return left != right }
        return left < right
    }
}
