import Model
import Simulation

/// What clients would read of the emulated cluster, in the words of Model.
extension EmulatedCluster {
    func facts(of identity: NodeIdentity) -> NodeFacts {
        NodeFacts(
            name: identity.name, address: identity.address, role: identity.role,
            machine: machineFacts(of: identity.name), kubernetes: nodeFacts(of: identity.name))
    }

    private func machineFacts(of name: NodeName) -> Observed<MachineFacts> {
        guard let machine = machines[name], machine.apiIsUp else {
            return .unknown("connection refused")
        }
        return .known(
            MachineFacts(
                name: name, role: machine.role, version: machine.version, stage: machine.stage,
                isReady: machine.isReady,
                unmetConditions: machine.unmetConditions.map { "\($0.name): \($0.reason)" },
                bootID: .known(machine.bootID), schematic: machine.schematic,
                extensions: machine.extensions.map(\.name).sorted(), platform: machine.platform,
                isSecureBoot: machine.isSecureBoot, installImage: machine.installImage,
                clusterName: blueprint.clusterName,
                servesLifecycle: machine.version >= Version(1, 13, 0)))
    }

    private func nodeFacts(of name: NodeName) -> Observed<KubernetesNodeFacts> {
        guard apiIsAvailable else { return .unknown("the Kubernetes API does not answer") }
        guard let node = nodes[name] else { return .unknown("no such node") }
        return .known(Self.facts(of: node))
    }

    var clusterFacts: ClusterFacts {
        let seen: Observed<[KubernetesNodeFacts]> =
            apiIsAvailable
            ? .known(nodeNames.compactMap { nodes[$0].map(Self.facts) })
            : .unknown("the Kubernetes API does not answer")
        return ClusterFacts(nodes: seen, etcd: etcdFacts)
    }

    var etcdFacts: Observed<EtcdFacts> {
        guard machines.values.contains(where: { $0.role == .controlPlane && $0.apiIsUp }) else {
            return .unknown("no control plane answers")
        }
        let members = etcdMembers().map { member in
            let status = member.node.flatMap { try? etcdStatus(on: $0) }
            let trouble: String? =
                status == nil || !member.isHealthy
                ? "it does not answer" : status?.errors.first
            return EtcdFacts.Member(
                id: member.id, name: member.name, isLearner: member.isLearner,
                isLeader: status.map { $0.leader == member.id && member.id != 0 } ?? false,
                trouble: trouble, databaseSize: status?.databaseSize)
        }
        return .known(
            EtcdFacts(
                members: members,
                alarms: etcdAlarms().map { "\($0.kind) on \(EtcdFacts.hex($0.memberID))" }))
    }

    func podFacts(on node: NodeName) -> Observed<[PodFacts]> {
        guard apiIsAvailable else { return .unknown("the Kubernetes API does not answer") }
        var found: [PodFacts] = []
        for uid in podIDs(on: node) {
            guard let pod = pods[uid] else { continue }
            found.append(
                PodFacts(
                    namespace: pod.namespace, name: pod.name, uid: uid.text, node: node,
                    phase: pod.phase.rawValue, isReady: pod.isReady,
                    isTerminating: pod.isTerminating, ownerKind: pod.owner?.kind,
                    isMirror: pod.isMirror))
        }
        return .known(found)
    }

    private static func facts(of node: ClusterNode) -> KubernetesNodeFacts {
        KubernetesNodeFacts(
            name: node.name, role: node.role, address: node.address, isReady: node.isReady,
            notReadyReason: node.isReady ? nil : node.readyMessage, isCordoned: node.isCordoned,
            cordonedBy: node.annotations["bump.dev/cordoned-by"],
            kubeletVersion: node.kubeletVersion, bootID: node.bootID)
    }
}
