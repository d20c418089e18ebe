package import Model

extension EmulatedCluster {
    /// Another version of a component of Kubernetes on one node: its static pod, or the kubelet,
    /// is replaced a moment later; no other pod is touched. Gives the time at which it runs.
    package mutating func updateComponent(
        _ component: KubernetesComponent, to version: Version, on node: NodeName, by: String
    ) throws(CallRefusal) -> Duration {
        let machine = try requireAnswer(of: node)
        let current =
            component == .kubelet
            ? machine.kubeletVersion : machine.controlPlaneVersions[component]
        guard let current else {
            throw CallRefusal(
                .invalidArgument, "\(component.rawValue) only runs on control plane nodes")
        }
        guard current != version else { return now }
        let due = now + (component == .kubelet ? .seconds(1) : .milliseconds(1500))
        if component == .kubelet { setService("kubelet", .waiting, isHealthy: false, on: node) }
        queue.schedule(
            .componentSwapped(node, epoch: machine.epoch, component, version, by: by), at: due)
        settle()
        return due
    }

    mutating func componentSwapped(
        _ component: KubernetesComponent, to version: Version, on node: NodeName, by: String
    ) {
        if component == .kubelet {
            machines.set(\.kubeletVersion, of: node, to: version)
            setService("kubelet", .running, isHealthy: true, on: node)
            record(.kubeletUpdated, on: node, by: by, detail: version.tag)
            reportKubelet(of: node)
            return
        }
        machines[node]?.controlPlaneVersions[component] = version
        record(
            .staticPodUpdated, on: node, by: by,
            detail: component.rawValue + " " + version.tag)
        let name = component.rawValue + "-" + node.text
        if let uid = (podsByNode[node] ?? []).first(where: { pods[$0]?.name == name }) {
            remove(uid)
        }
        syncStaticPods(on: node)
        changed(.machine(node))
    }
}
