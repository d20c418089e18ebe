package import Model

extension EmulatedCluster {
    /// Makes a node unschedulable, or schedulable again. An event only when it was not so.
    package mutating func setCordon(_ node: NodeName, _ on: Bool, by: String) {
        guard let known = nodes[node], known.isCordoned != on else { return }
        nodes.set(\.isCordoned, of: node, to: on)
        record(on ? .cordoned : .uncordoned, on: node, by: by)
        changed(.node(node))
        if !on { mustSchedule = true }
        settle()
    }

    /// Changes what a client may change of a Node: labels, annotations, taints, the cordon.
    package mutating func editNode(
        _ node: NodeName, by: String, _ edit: (inout ClusterNode) -> Void
    ) {
        guard let old = nodes[node] else { return }
        var new = old
        edit(&new)
        guard new != old else { return }
        let wantsCordon = new.isCordoned
        new.isCordoned = old.isCordoned
        nodes[node] = new
        changed(.node(node))
        mustSchedule = true
        if new.labels != old.labels || new.taints != old.taints { dirtyDaemonSets() }
        setCordon(node, wantsCordon, by: by)
        settle()
    }

    /// The Node object and its pods go; a kubelet that runs registers again with its next boot.
    package mutating func deleteNode(_ node: NodeName, by: String) {
        guard nodes[node] != nil else { return }
        nodes[node] = nil
        nodeOrder.removeAll { $0 == node }
        kubeletLostAt[node] = nil
        changed(.nodeGone(node))
        for uid in podsByNode[node] ?? [] { remove(uid) }
        dirtyDaemonSets()
        settle()
    }

    /// A kubelet that runs tells the API server of itself; waits while none answers.
    mutating func reportKubelet(of node: NodeName) {
        guard apiIsAvailable, let machine = machines[node], machine.kubeletIsUp else { return }
        kubeletLostAt[node] = nil
        if nodes[node] == nil {
            register(machine)
            dirtyDaemonSets()
        }
        let extensions = machine.extensions
        nodes.set(\.bootID, of: node, to: machine.bootID)
        nodes.set(\.kubeletVersion, of: node, to: machine.kubeletVersion)
        nodes.set(\.talosVersion, of: node, to: machine.version)
        nodes.set(\.machineUUID, of: node, to: machine.machineUUID)
        nodes.set(\.address, of: node, to: machine.address)
        let prefix = "extensions.talos.dev/"
        if var labels = nodes[node, \.labels] {
            labels = labels.filter { !$0.key.hasPrefix(prefix) }
            for item in extensions { labels[prefix + item.name] = item.version }
            nodes.set(\.labels, of: node, to: labels)
        }
        nodes[node]?.annotations[prefix + "schematic"] = machine.schematic?.text
        restartPods(on: node)
        syncStaticPods(on: node)
        changed(.node(node))
        becomeReadyIfPossible(node)
    }

    mutating func setReadiness(
        _ readiness: ClusterNode.Readiness, of node: NodeName, reason: String, message: String
    ) {
        guard let old = nodes[node], old.readiness != readiness else { return }
        nodes.set(\.readiness, of: node, to: readiness)
        nodes.set(\.readyReason, of: node, to: reason)
        nodes.set(\.readyMessage, of: node, to: message)
        nodes.set(\.readyChangedAt, of: node, to: now)
        if old.isReady { record(.notReady, on: node, by: "kubernetes", detail: reason) }
        changed(.node(node))
        guard readiness == .ready else { return }
        mustSchedule = true
        if !isFurnished { furnishIfComplete() }
    }

    /// The kubelet fell silent: Kubernetes notices after a grace.
    mutating func loseKubelet(of node: NodeName) {
        kubeletLostAt[node] = now
        queue.schedule(.nodeUnheard(node, since: now), at: now + Pace.nodeGrace)
    }

    mutating func nodeUnheard(_ node: NodeName, since: Duration) {
        guard kubeletLostAt[node] == since, apiIsAvailable, nodes[node] != nil else { return }
        setReadiness(
            .unknown, of: node, reason: "NodeStatusUnknown",
            message: "Kubelet stopped posting node status.")
        queue.schedule(.nodeAbandoned(node, since: since), at: now + Pace.abandonment)
    }

    /// Pods tolerate an unreachable node for five minutes; then they are deleted, and replaced.
    mutating func abandon(_ node: NodeName, since: Duration) {
        guard kubeletLostAt[node] == since, apiIsAvailable else { return }
        for uid in podsByNode[node] ?? [] {
            if let pod = pods[uid], !pod.isDaemon, !pod.isMirror { terminate(uid) }
        }
    }

    /// An API server answers again: kubelets report, and silence counts from now.
    mutating func apiCameBack() {
        if !isBootstrapped { bootstrap() }
        for name in machineOrder where machines[name, \.kubeletIsUp] == true {
            if kubeletLostAt[name] != nil || nodes[name] == nil
                || nodes[name, \.bootID] != machines[name, \.bootID]
            {
                reportKubelet(of: name)
            } else {
                becomeReadyIfPossible(name)
            }
        }
        for name in kubeletLostAt.keys.sorted() where machines[name, \.kubeletIsUp] != true {
            loseKubelet(of: name)
        }
        for name in controlPlanes { syncStaticPods(on: name) }
        mustSchedule = true
    }

    private mutating func register(_ machine: Machine) {
        let isControlPlane = machine.role == .controlPlane
        var labels = [
            "kubernetes.io/hostname": machine.name.text, "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
            "beta.kubernetes.io/arch": "amd64",
        ]
        if isControlPlane { labels["node-role.kubernetes.io/control-plane"] = "" }
        let position = nodeOrder.firstIndex { machine.name < $0 } ?? nodeOrder.count
        nodeOrder.insert(machine.name, at: position)
        nodes[machine.name] = ClusterNode(
            name: machine.name, uid: ObjectUID(generator.uuid()), role: machine.role,
            address: machine.address, readiness: .notReady, readyReason: "KubeletNotReady",
            readyMessage: "container runtime network not ready", readyChangedAt: now,
            createdAt: now, bootID: machine.bootID, machineUUID: machine.machineUUID,
            kubeletVersion: machine.kubeletVersion, talosVersion: machine.version,
            isCordoned: false, labels: labels, annotations: [:],
            taints: isControlPlane && expectsWorkers ? [ClusterNode.controlPlaneTaint] : [],
            podSubnet: machine.ordinal)
    }

    private var expectsWorkers: Bool {
        (blueprint.workers ?? 0) > 0 || controlPlanes.count < machines.count
    }
}
