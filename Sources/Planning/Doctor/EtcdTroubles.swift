import Model

/// Troubles of etcd.
struct EtcdTroubles {
    let snapshot: Snapshot

    func all() -> [Trouble] {
        guard let etcd = snapshot.etcd.value else { return [] }
        return stale(etcd) + missing(etcd) + alarms(etcd)
    }

    /// Members that no control plane has. Removed only while the rest is a quorum, of the members
    /// as they are now: nothing is removed from an etcd that does not work.
    private func stale(_ etcd: EtcdFacts) -> [Trouble] {
        let planes = snapshot.nodes.filter { $0.role == .controlPlane }
        return etcd.members.filter { member in
            !planes.contains { $0.name.text == member.name }
        }.map { member in
            let id = EtcdFacts.hex(member.id)
            let name = member.name.isEmpty ? "without a name" : member.name
            let healthy = etcd.voters.filter { $0.isHealthy && $0.id != member.id }
            let through = planes.first { plane in
                healthy.contains { $0.name == plane.name.text }
            }
            let isSafe = healthy.count >= etcd.quorum && !member.isHealthy
            let waiting = planes.filter { etcd.member(named: $0.name) == nil }.map(\.name.text)
            return Trouble(
                "etcd.stale-member",
                "etcd has a member (\(name)) that no control plane of this cluster has"
                    + (waiting.isEmpty
                        ? "." : ", and \(Listing.names(waiting)) cannot join beside it."),
                evidence: [
                    "member \(id), \(member.trouble ?? "healthy")",
                    "\(healthy.count) of \(etcd.voters.count) members are healthy besides, "
                        + "\(etcd.quorum) are needed",
                ],
                fix: isSafe
                    ? "talosctl etcd remove-member \(id)"
                    : "bring the other members back first; then: talosctl etcd remove-member \(id)",
                remedy: isSafe
                    ? through.map {
                        .removeMember(id: member.id, name: name, through: $0.identity)
                    } : nil)
        }
    }

    /// Booted, but not rejoined.
    private func missing(_ etcd: EtcdFacts) -> [Trouble] {
        snapshot.nodes.filter {
            $0.role == .controlPlane && $0.machine.value != nil
                && etcd.member(named: $0.name) == nil
        }.map { node in
            let services = node.machine.value?.troubledServices ?? []
            return Trouble(
                "etcd.not-rejoined", "\(node.name) is up, but not a member of etcd.",
                evidence: services.isEmpty ? ["the member list does not have it"] : services,
                fix: "remove its stale member if there is one; if it does not join within five "
                    + "minutes: talosctl -n \(node.address) service etcd restart, then "
                    + "talosctl -n \(node.address) reset --system-labels-to-wipe EPHEMERAL --reboot"
            )
        }
    }

    private func alarms(_ etcd: EtcdFacts) -> [Trouble] {
        etcd.alarms.map { alarm in
            Trouble(
                "etcd.alarm", "etcd has raised an alarm.", evidence: [alarm],
                fix: alarm.hasPrefix("NOSPACE")
                    ? "talosctl etcd defrag on each control plane, then talosctl etcd alarm disarm"
                    : "restore that member: remove it and let it join anew; bump backup first")
        }
    }
}
