package import Model

extension EmulatedCluster {
    /// Whether etcd has quorum, so that an API server can read and write.
    package var quorate: Bool { etcd.isQuorate }

    package func etcdMembers() -> [EtcdMember] { etcd.members }

    package func etcdAlarms() -> [EtcdAlarm] { etcd.alarms }

    /// What the node's own member says. Throws on workers and while etcd does not run there.
    package func etcdStatus(on node: NodeName) throws(CallRefusal) -> EtcdMemberStatus {
        try requireControlPlane(node, api: "etcd status")
        guard let index = etcd.index(of: node), etcd.members[index].isHealthy,
            let version = machines[node, \.version]
        else {
            throw CallRefusal(
                .unavailable,
                "failed to create etcd client: error building etcd client: "
                    + "context deadline exceeded")
        }
        let member = etcd.members[index]
        let isLarge = machines[node, \.pendingFaults]?.contains(.etcdLarge) == true
        let raft = 2_000 + etcd.writes + UInt64(max(0, now.components.seconds)) * 9
        return EtcdMemberStatus(
            memberID: member.id, version: ReleaseTable.etcd(of: version),
            databaseSize: 8_400_000 + Int64(clamping: raft) * 64 + (isLarge ? 1_700 << 20 : 0),
            databaseSizeInUse: 3_100_000 + Int64(clamping: raft) * 24,
            leader: etcd.leader ?? 0, raftIndex: raft, raftTerm: etcd.term,
            raftAppliedIndex: raft, errors: etcd.leader == nil ? ["etcdserver: no leader"] : [],
            isLearner: member.isLearner)
    }

    /// Takes all alarms back, as far as their cause is gone; here it always is.
    package mutating func disarmEtcd() { etcd.alarms = [] }

    /// Moves leadership away from this node at once. Nil when it did not lead.
    package mutating func forfeitLeadership(on node: NodeName, by: String)
        throws(CallRefusal) -> NodeName?
    {
        try requireControlPlane(node, api: "etcd forfeit leadership")
        guard let index = etcd.index(of: node) else {
            throw CallRefusal(.notFound, "etcd member not found")
        }
        guard etcd.members.count > 1 else {
            throw CallRefusal(
                .failedPrecondition, "can't forfeit leadership, only one member")
        }
        guard etcd.leader == etcd.members[index].id else { return nil }
        guard
            let heir = etcd.members.first(where: {
                $0.isHealthy && !$0.isLearner && $0.node != node
            })
        else {
            throw CallRefusal(.unavailable, "etcdserver: no healthy member to lead")
        }
        lead(heir, by: by)
        return heir.node ?? NodeName(heir.name)
    }

    /// Takes a member off the list, asking another node's etcd.
    package mutating func removeEtcdMember(id: UInt64, via node: NodeName, by: String)
        throws(CallRefusal)
    {
        try requireControlPlane(node, api: "etcd remove member")
        guard quorate else { throw CallRefusal(.unavailable, "etcdserver: no leader") }
        guard let index = etcd.members.firstIndex(where: { $0.id == id }) else {
            throw CallRefusal(.notFound, "etcdserver: member not found")
        }
        let member = etcd.members.remove(at: index)
        if let home = member.node { setService("etcd", .failed, isHealthy: false, on: home) }
        controlPlaneIsDirty = true
        settle()
    }

    /// The node's own member leaves and its data is removed; it joins anew with the next boot.
    package mutating func leaveEtcd(on node: NodeName, by: String) throws(CallRefusal) {
        try requireControlPlane(node, api: "etcd leave")
        guard let index = etcd.index(of: node) else {
            throw CallRefusal(.notFound, "etcd member not found")
        }
        etcd.members.remove(at: index)
        setService("etcd", .finished, isHealthy: false, on: node)
        controlPlaneIsDirty = true
        settle()
    }

    /// What the legacy upgrade asks of etcd, in its order and with its words.
    func checkEtcdBeforeUpgrade(on node: NodeName) throws(CallRefusal) {
        guard quorate, etcd.index(of: node) != nil else {
            throw CallRefusal(
                .unknown, "failed to create etcd client: context deadline exceeded")
        }
        let prefix = "error validating etcd for upgrade: "
        if etcd.members.count == 2 {
            throw CallRefusal(
                .unknown,
                prefix + "etcd member count(2) is insufficient to maintain quorum if upgrade "
                    + "commences")
        }
        for member in etcd.members where member.name.isEmpty {
            throw CallRefusal(
                .unknown,
                prefix + "etcd member \(EtcdFacts.hex(member.id)) is not started, all members "
                    + "must be running to perform an upgrade")
        }
        for member in etcd.members where !member.isHealthy {
            throw CallRefusal(
                .unknown,
                prefix + "etcd member \(EtcdFacts.hex(member.id)) is not healthy; all members "
                    + "must be healthy to perform an upgrade")
        }
    }

    /// etcd of a booting control plane starts: its member is healthy again, or joins.
    mutating func startEtcd(on node: NodeName) {
        guard let machine = machines[node], !machine.isSick, !etcdLost.contains(node) else {
            return
        }
        if waitsForBootstrap(node) { return }
        if let index = etcd.index(of: node) {
            etcd.members[index].isHealthy = true
        } else {
            etcd.members.append(
                EtcdMember(
                    id: generator.next() | 1, name: node.text,
                    peerURLs: ["https://\(machine.address):2380"],
                    clientURLs: ["https://\(machine.address):2379"], isLearner: false,
                    isHealthy: true, node: node))
        }
        setService("etcd", .running, isHealthy: true, on: node)
        controlPlaneIsDirty = true
    }

    /// Leader, quorum and endpoint after something about them changed.
    mutating func refreshControlPlane() {
        controlPlaneIsDirty = false
        let isQuorate = etcd.isQuorate
        // A leader that hears no quorum steps down.
        if let leader = etcd.leader,
            !isQuorate || !etcd.members.contains(where: { $0.id == leader && $0.isHealthy })
        {
            etcd.leader = nil
        }
        if etcd.leader == nil, isQuorate, !etcd.isElecting {
            etcd.isElecting = true
            let delay = etcd.lastLeader == nil ? .zero : Pace.election
            queue.schedule(.election, at: now + delay)
        }
        if !isQuorate, etcd.members.count > 1, !etcd.saidQuorumLost {
            etcd.saidQuorumLost = true
            record(.etcdQuorumLost, on: nil, by: "etcd", detail: quorumDetail)
        } else if isQuorate, etcd.saidQuorumLost {
            etcd.saidQuorumLost = false
            record(.etcdQuorumBack, on: nil, by: "etcd", detail: quorumDetail)
        }
        refreshEndpoint()
        let isAvailable = apiIsAvailable
        let wasAvailable = apiWasAvailable
        apiWasAvailable = isAvailable
        if isAvailable, !wasAvailable { apiCameBack() }
        if isAvailable { for name in controlPlanes { becomeReadyIfPossible(name) } }
    }

    /// A second after the leader was lost the rest chooses another.
    mutating func elect() {
        etcd.isElecting = false
        guard etcd.leader == nil, etcd.isQuorate else { return }
        let able = etcd.members.filter { $0.isHealthy && !$0.isLearner }
        guard !able.isEmpty else { return }
        let choice = Int(generator.next() % UInt64(able.count))
        lead(etcd.lastLeader == nil ? able[0] : able[choice], by: "etcd")
    }

    private mutating func lead(_ member: EtcdMember, by: String) {
        let isMove = etcd.lastLeader != nil && etcd.lastLeader != member.id
        etcd.leader = member.id
        etcd.lastLeader = member.id
        etcd.term += 1
        if isMove { record(.leadershipMoved, on: member.node, by: by, detail: member.name) }
    }

    private var quorumDetail: String {
        let healthy = etcd.members.filter { $0.isHealthy && !$0.isLearner }.count
        return "\(healthy) of \(etcd.members.count) members"
    }

    private func requireControlPlane(_ node: NodeName, api: String) throws(CallRefusal) {
        try requireAnswer(of: node)
        if machines[node, \.role] == .controlPlane { return }
        throw CallRefusal(.unimplemented, "\(api) is only available on control plane nodes")
    }
}
