import Model

/// What is to be known of etcd besides its members and alarms: leader, learners, margin, size.
struct EtcdHealthRules {
    let snapshot: Snapshot

    func findings() -> [Finding] {
        guard let etcd = snapshot.etcd.value, !etcd.members.isEmpty else { return [] }
        return leader(etcd) + learners(etcd) + margin(etcd) + sizes(etcd)
    }

    private func leader(_ etcd: EtcdFacts) -> [Finding] {
        guard etcd.leader == nil else { return [] }
        return [
            Finding(
                .error, "etcd.no-leader", "etcd has no leader: nothing can be written.",
                fix: "talosctl etcd status")
        ]
    }

    private func learners(_ etcd: EtcdFacts) -> [Finding] {
        etcd.members.filter(\.isLearner).map { member in
            Finding(
                .error, "etcd.learner",
                "etcd member \(member.name.isEmpty ? EtcdFacts.hex(member.id) : member.name) is "
                    + "still a learner: it has no vote yet.", at: member.name,
                fix: "wait until it has caught up: talosctl etcd status")
        }
    }

    /// More than one member, and none to spare.
    private func margin(_ etcd: EtcdFacts) -> [Finding] {
        let healthy = etcd.voters.filter(\.isHealthy).count
        let planes = snapshot.nodes.filter { $0.role == .controlPlane }.map(\.name.text)
        // A member that no node has is told of as such.
        let hasStale = etcd.members.contains { !planes.contains($0.name) }
        if hasStale { return [] }
        if etcd.voters.count > 2, healthy <= etcd.quorum {
            return [
                Finding(
                    .error, "etcd.no-margin",
                    "\(healthy) of \(etcd.voters.count) etcd members are healthy and "
                        + "\(etcd.quorum) are needed: none can go down.",
                    fix: "bring the missing member back first: bump doctor")
            ]
        }
        if etcd.voters.count > 2, etcd.voters.count.isMultiple(of: 2) {
            return [
                Finding(
                    .warning, "etcd.even",
                    "etcd has \(etcd.voters.count) members, which bears no more failures than "
                        + "\(etcd.voters.count - 1).", fix: "add a control plane, or remove one")
            ]
        }
        return []
    }

    /// etcd stops writing at its quota, 2 GiB unless configured (etcd 3.5, `--quota-backend-bytes`).
    private func sizes(_ etcd: EtcdFacts) -> [Finding] {
        etcd.members.compactMap { member in
            guard let size = member.databaseSize, size > Self.large else { return nil }
            return Finding(
                .warning, "etcd.large",
                "The database of etcd on \(member.name) has \(ByteText.text(UInt64(clamping: size)))"
                    + "; it stops writing at 2 GiB unless you raised the quota.", at: member.name,
                fix: "talosctl -n \(member.name) etcd defrag")
        }
    }

    private static let large: Int64 = 1_500 << 20
}
