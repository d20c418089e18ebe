import Model

/// What was looked at and found, one line each: for `--verbose`.
struct CheckedFacts {
    let snapshot: Snapshot

    func lines() -> [String] {
        var lines = ["\(snapshot.nodes.count) nodes" + versions]
        if let version = snapshot.kubernetesVersion.value {
            lines.append("Kubernetes \(version.tag)" + (endpoint.map { ", \($0)" } ?? ""))
        }
        if let etcd = snapshot.etcd.value {
            let leader = etcd.leader.map { ", leader \($0.name)" } ?? ""
            let size = etcd.members.compactMap(\.databaseSize).max().map {
                ", \(ByteText.text(UInt64(clamping: $0)))"
            }
            lines.append(
                "etcd: \(etcd.members.count) members, \(etcd.quorum) needed\(leader)\(size ?? "")")
        }
        guard let health = snapshot.health else { return lines }
        if let pods = health.pods.value {
            let finished = pods.filter(\.pod.isFinished).count
            lines.append("\(pods.count) pods, \(finished) of them finished")
        }
        if let budgets = health.budgets.value {
            lines.append("\(budgets.count) disruption budget\(budgets.count == 1 ? "" : "s")")
        }
        if let flux = health.reconciliations.value, !flux.isEmpty {
            lines.append("\(flux.count) Kustomizations and HelmReleases")
        }
        if let storage = health.storage.value, !storage.isEmpty {
            let systems = Set(storage.map(\.system)).sorted().joined(separator: ", ")
            lines.append("\(storage.count) objects of \(systems)")
        }
        if !health.gates.isEmpty { lines.append("\(health.gates.count) gates of your own") }
        if case .known(nil) = health.infrastructure { lines.append("Terraform: no changes") }
        return lines
    }

    private var versions: String {
        let all = Set(snapshot.nodes.compactMap { $0.machine.value?.version })
        return all.count == 1 ? ", all at Talos \(all.first?.tag ?? "")" : ""
    }

    private var endpoint: String? {
        guard let endpoint = snapshot.endpoint else { return nil }
        let holder = MachineRules.holder(of: endpoint, in: snapshot)
        return "endpoint \(endpoint)" + (holder.map { " held by \($0)" } ?? "")
    }
}
