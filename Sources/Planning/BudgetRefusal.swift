import Model

/// Why a budget keeps a pod, and what to do: words only.
struct BudgetRefusal {
    var budget: BudgetFacts
    var pod: PodHealth
    var expected: Int
    var desired: Int
    /// A pod it guards was evicted already and finds no other place.
    var isHomeless: Bool
    /// Pods it guards that are not healthy.
    var unwell: [PodHealth]

    var blocked: DrainOutlook.Blocked {
        let known = Self.known.first { $0.applies(budget, pod) }
        return DrainOutlook.Blocked(
            pod: pod.pod.reference, budget: budget.title, reason: reason, fix: known?.fix ?? fix)
    }

    private var edit: String { "kubectl -n \(budget.namespace) edit pdb \(budget.name)" }

    private var reason: String {
        if let trouble = budget.trouble {
            return "budget \(budget.title) cannot be computed: \(trouble)"
        }
        if desired >= expected {
            return "budget \(budget.title) never lets one go: it wants \(desired) of \(expected) "
                + "healthy"
        }
        if let sick = unwell.first {
            return "budget \(budget.title) wants \(desired) of \(expected) healthy, and "
                + "\(sick.pod.reference) is \(sick.statusInWords)"
        }
        if isHomeless {
            return "budget \(budget.title) waits for a pod that no other node has a place for"
        }
        return "budget \(budget.title) wants \(desired) healthy and has \(budget.currentHealthy)"
    }

    private var fix: String {
        if budget.trouble != nil { return edit }
        if desired >= expected {
            return [moreReplicas, relax].compactMap(\.self).joined(separator: ", or: ")
        }
        if let sick = unwell.first {
            return "make it healthy first: kubectl -n \(sick.pod.namespace) describe pod "
                + sick.pod.name
        }
        return isHomeless ? "make room for it on another node, or relax it: \(edit)" : edit
    }

    /// One replica more, where that gives the budget room.
    private var moreReplicas: String? {
        guard let owner = pod.owner, budget.demand.desiredHealthy(of: expected + 1) <= expected,
            let workload = owner.scalable
        else { return nil }
        return "run one more: kubectl -n \(budget.namespace) scale \(workload) "
            + "--replicas=\(expected + 1)"
    }

    /// The disruption controller counts pods without a controller for `minAvailable` alone.
    private var relax: String {
        let demand =
            pod.owner == nil
            ? "\"minAvailable\":0,\"maxUnavailable\":null"
            : "\"minAvailable\":null,\"maxUnavailable\":1"
        return "let one go: kubectl -n \(budget.namespace) patch pdb \(budget.name) --type merge "
            + "-p '{\"spec\":{\(demand)}}'"
    }

    /// Budgets that operators make, with the setting their documentation names.
    private struct Known: Sendable {
        var applies: @Sendable (BudgetFacts, PodHealth) -> Bool
        var fix: String
    }

    /// Sources: longhorn/longhorn issues 1286, 2639 and 5910 (instance-manager); CloudNativePG
    /// documentation, "Kubernetes upgrade" and `spec.enablePDB`; Rook documentation, "Managed
    /// disruption budgets".
    private static let known: [Known] = [
        Known(
            applies: { budget, pod in
                budget.namespace.hasPrefix("longhorn")
                    && pod.pod.name.hasPrefix("instance-manager")
            },
            fix: "wait until no volume is degraded, or set Longhorn's setting node-drain-policy to "
                + "allow-if-replica-is-stopped"),
        Known(
            applies: { _, pod in pod.labels["cnpg.io/cluster"] != nil },
            fix: "run at least two instances and switch over (kubectl cnpg promote), or set "
                + "spec.enablePDB: false while you upgrade"),
        Known(
            applies: { budget, _ in budget.name.hasPrefix("rook-ceph-osd") },
            fix: "wait until Ceph says HEALTH_OK: kubectl -n rook-ceph get cephcluster"),
    ]
}

extension PodHealth.Owner {
    /// As `kubectl scale` wants it: the Deployment of a ReplicaSet; nil for other kinds.
    fileprivate var scalable: String? {
        switch kind {
        case "ReplicaSet":
            name.lastIndex(of: "-").map { "deployment \(name[..<$0])" }
        case "StatefulSet": "statefulset \(name)"
        default: nil
        }
    }
}

extension PodHealth {
    /// `CrashLoopBackOff`, or `not ready` for a running one.
    var statusInWords: String {
        if pod.isTerminating { return "being deleted" }
        return status == "Running" ? "not ready" : status
    }
}
