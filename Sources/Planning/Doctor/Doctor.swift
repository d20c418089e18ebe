package import Model

/// The known troubles: each is found in what was read, with the evidence and what to do.
///
/// Pure: it neither asks nor changes anything.
package struct Doctor: Sendable {
    private let snapshot: Snapshot

    package init(snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    /// What ails the cluster, the most basic first; empty when nothing known does.
    package func troubles() -> [Trouble] {
        let rows: [[Trouble]] = [
            apiAway(), NodeTroubles(snapshot: snapshot).all(),
            EtcdTroubles(snapshot: snapshot).all(), PodTroubles(snapshot: snapshot).all(),
            openRun(),
        ]
        return Array(rows.joined())
    }

    /// With one control plane there is no API while that node boots.
    private func apiAway() -> [Trouble] {
        guard let reason = snapshot.kubernetesVersion.reason else { return [] }
        let planes = snapshot.nodes.filter { $0.role == .controlPlane }
        guard planes.count == 1, let plane = planes.first else {
            let up = planes.filter { $0.machine.value != nil }.map(\.name.text)
            return [
                Trouble(
                    "api.away", "The Kubernetes API does not answer.",
                    evidence: [
                        reason,
                        up.isEmpty
                            ? "no control plane answers over the Talos API"
                            : "\(Listing.names(up)) answer over the Talos API",
                    ],
                    fix: "look at the endpoint\(snapshot.endpoint.map { " \($0)" } ?? "") (VIP, "
                        + "load balancer) and at etcd: bump status")
            ]
        }
        let stage = plane.machine.value.map { "\(plane.name) is \($0.stage.rawValue)" }
        return [
            Trouble(
                "api.away-single",
                "The Kubernetes API is away, as it is while the only control plane restarts.",
                evidence: [reason, stage ?? "\(plane.name): \(plane.machine.reason ?? "")"],
                fix: "wait: a reboot usually takes 2 to 5 minutes, and the API is back a minute "
                    + "after the node; after 15 minutes look at its console")
        ]
    }

    private func openRun() -> [Trouble] {
        guard let run = snapshot.openRun, !run.isAlive else { return [] }
        return [
            Trouble(
                "run.open", "A run stopped half-way: \(run.title).",
                evidence: ["run \(run.id), whose process does not run any more"],
                fix: "bump resume to finish it, bump abort to back out")
        ]
    }
}
