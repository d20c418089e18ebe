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
        guard let at = machines.position(of: name), machines.values[at].apiIsUp else {
            return .unknown("connection refused")
        }
        let version = machines.values[at].version
        return .known(
            MachineFacts(
                name: name, role: machines.values[at].role, version: version,
                stage: machines.values[at].stage, isReady: machines.values[at].isReady,
                unmetConditions: machines.values[at].unmetConditions.map {
                    "\($0.name): \($0.reason)"
                },
                bootID: .known(machines.values[at].bootID),
                schematic: machines.values[at].schematic,
                extensions: machines.values[at].extensions.map(\.name).sorted(),
                platform: machines.values[at].platform,
                isSecureBoot: machines.values[at].isSecureBoot,
                installImage: machines.values[at].installImage,
                clusterName: blueprint.clusterName,
                servesLifecycle: version >= Version(1, 13, 0)))
    }

    private func nodeFacts(of name: NodeName) -> Observed<KubernetesNodeFacts> {
        guard apiIsAvailable else { return .unknown("the Kubernetes API does not answer") }
        guard let at = nodes.position(of: name) else { return .unknown("no such node") }
        return .known(nodeFacts(at: at))
    }

    var clusterFacts: ClusterFacts {
        guard apiIsAvailable else {
            let reason = "the Kubernetes API does not answer"
            return ClusterFacts(nodes: .unknown(reason), etcd: etcdFacts)
        }
        let seen = nodeNames.compactMap { name in
            nodes.position(of: name).map { nodeFacts(at: $0) }
        }
        return ClusterFacts(nodes: .known(seen), etcd: etcdFacts)
    }

    var etcdFacts: Observed<EtcdFacts> {
        let answers = machineNames.contains {
            machines[$0, \.role] == .controlPlane && machines[$0, \.apiIsUp] == true
        }
        guard answers else {
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
            guard let at = pods.position(of: uid) else { continue }
            found.append(
                PodFacts(
                    namespace: pods.values[at].namespace, name: pods.values[at].name,
                    uid: uid.text, node: node, phase: pods.values[at].phase.rawValue,
                    isReady: pods.values[at].isReady,
                    isTerminating: pods.values[at].deletionAt != nil,
                    ownerKind: pods.values[at].owner?.kind, isMirror: pods.values[at].isMirror))
        }
        return .known(found)
    }

    private func nodeFacts(at position: Int) -> KubernetesNodeFacts {
        let isReady = nodes.values[position].readiness == .ready
        return KubernetesNodeFacts(
            name: nodes.values[position].name, role: nodes.values[position].role,
            address: nodes.values[position].address, isReady: isReady,
            notReadyReason: isReady ? nil : nodes.values[position].readyMessage,
            isCordoned: nodes.values[position].isCordoned,
            cordonedBy: nodes.values[position].annotations["bump.dev/cordoned-by"],
            kubeletVersion: nodes.values[position].kubeletVersion,
            bootID: nodes.values[position].bootID)
    }
}
