package import Model

extension EmulatedCluster {
    /// Another version of a component of Kubernetes on one node, from its usual registry.
    package mutating func updateComponent(
        _ component: SystemComponent, to version: Version, on node: NodeName, by: String
    ) throws(CallRefusal) -> Duration {
        try setImage(
            of: component, to: component.defaultImage(version), on: node, by: by)
    }

    /// The config names another image of a component: its static pod, or the kubelet, is replaced
    /// a moment later; no other pod is touched. Gives the time at which it is tried.
    package mutating func setImage(
        of component: SystemComponent, to image: String, on node: NodeName, by: String
    ) throws(CallRefusal) -> Duration {
        let machine = try answering(node)
        guard var state = machine.state(of: component) else {
            throw CallRefusal(
                .invalidArgument, "\(component.rawValue) only runs on control plane nodes")
        }
        guard SystemComponent.version(of: image) != nil else {
            throw CallRefusal(
                .invalidArgument, "image \"\(image)\" has no tag that says a version")
        }
        guard state.image != image else { return now }
        state.image = image
        state.revision += 1
        machines.update(node) { $0.components[component] = state }
        changed(.machine(node))
        let due = now + (component == .kubelet ? .seconds(1) : .milliseconds(1500))
        if component == .kubelet { setService("kubelet", .waiting, isHealthy: false, on: node) }
        queue.schedule(
            .componentSwapped(node, epoch: machine.epoch, component, by: by), at: due)
        settle()
        return due
    }

    mutating func componentSwapped(
        _ component: SystemComponent, on node: NodeName, by: String
    ) {
        guard var state = machines[node]?.state(of: component),
            state.runningImage != state.image || state.trouble != nil
        else { return }
        let fault: Fault? =
            switch component {
            case .kubelet: .kubeletNeverBack
            case .apiServer: .apiserverCrashLoops
            default: nil
            }
        if let fault, takes(fault, on: node) {
            state.failingImage = state.image
        }
        state.take(missing: reasonMissing(state.image) != nil)
        machines.update(node) { $0.components[component] = state }
        if component == .kubelet {
            kubeletSwapped(state, on: node, by: by)
        } else {
            staticPodSwapped(component, state, on: node, by: by)
        }
        changed(.machine(node))
    }

    private mutating func kubeletSwapped(
        _ state: ComponentState, on node: NodeName, by: String
    ) {
        guard state.trouble == nil else {
            machines.set(\.kubeletIsUp, of: node, to: false)
            loseKubelet(of: node)
            setService("kubelet", .failed, isHealthy: false, on: node)
            return setStage(machines[node, \.stage] ?? .running, isReady: false, on: node)
        }
        machines.set(\.kubeletIsUp, of: node, to: true)
        setService("kubelet", .running, isHealthy: true, on: node)
        noteKubelet(state, on: node, by: by)
        reportKubelet(of: node)
        becomeReadyIfPossible(node)
    }

    private mutating func noteKubelet(_ state: ComponentState, on node: NodeName, by: String) {
        guard let version = SystemComponent.version(of: state.runningImage),
            machines[node, \.kubeletVersion] != version
        else { return }
        machines.set(\.kubeletVersion, of: node, to: version)
        record(.kubeletUpdated, on: node, by: by, detail: version.tag)
    }

    private mutating func staticPodSwapped(
        _ component: SystemComponent, _ state: ComponentState, on node: NodeName, by: String
    ) {
        if let version = SystemComponent.version(of: state.runningImage) {
            machines[node]?.controlPlaneVersions[component] = version
            record(
                .staticPodUpdated, on: node, by: by,
                detail: component.rawValue + " " + version.tag)
        }
        if component == .apiServer {
            machines.set(\.controlPlaneIsUp, of: node, to: false)
            controlPlaneIsDirty = true
            if state.trouble == nil {
                machines[node]?.components[component]?.trouble = ComponentState.starting
                schedule(.controlPlaneUp, on: node, after: Pace.apiServerStart)
            }
        }
        if state.trouble != nil {
            setStage(machines[node, \.stage] ?? .running, isReady: false, on: node)
        }
        let name = component.rawValue + "-" + node.text
        if let uid = (podsByNode[node] ?? []).first(where: { pods[$0, \.name] == name }) {
            remove(uid)
        }
        syncStaticPods(on: node)
    }

    /// A kubelet starts, after a boot or because it was healed: from the image that the config
    /// names now. False when that one does not run.
    mutating func kubeletTakesConfig(on node: NodeName) -> Bool {
        guard var state = machines[node, \.components]?[.kubelet] else { return true }
        state.take(missing: reasonMissing(state.image) != nil)
        machines.update(node) { $0.components[.kubelet] = state }
        guard state.trouble == nil else { return false }
        noteKubelet(state, on: node, by: "talos")
        return true
    }

    /// The same for the static pods; false when the API server does not run.
    mutating func staticPodsTakeConfig(on node: NodeName) -> Bool {
        guard machines[node, \.components.isEmpty] == false else { return true }
        for component in SystemComponent.staticPods {
            guard var state = machines[node, \.components]?[component] else { continue }
            let isNew = state.runningRevision != state.revision
            state.take(missing: reasonMissing(state.image) != nil)
            machines.update(node) { $0.components[component] = state }
            if isNew, let version = SystemComponent.version(of: state.runningImage) {
                machines[node]?.controlPlaneVersions[component] = version
                record(
                    .staticPodUpdated, on: node, by: "talos",
                    detail: component.rawValue + " " + version.tag)
            }
        }
        return machines[node]?.components[.apiServer]?.trouble == nil
    }

    /// Takes back what faults keep from running.
    mutating func healComponents(on node: NodeName) {
        guard let machine = machines[node], !machine.components.isEmpty else { return }
        for component in machine.components.keys {
            machines[node]?.components[component]?.failingImage = nil
        }
        if machine.role == .controlPlane, machine.components[.apiServer]?.trouble != nil {
            schedule(.controlPlaneUp, on: node, after: .milliseconds(600))
        }
    }
}
