import Model

extension EmulatedCluster {
    /// Creates or replaces a budget.
    package mutating func putBudget(_ spec: BudgetSpec, uid: ObjectUID, by: String) {
        if budgets[uid] == nil {
            budgets[uid] = Budget(
                uid: uid, spec: spec, createdAt: now, generation: 1, currentHealthy: 0,
                desiredHealthy: 0, expectedPods: 0, disruptionsAllowed: 0)
            budgetsByNamespace[spec.namespace, default: []].append(uid)
        } else {
            budgets[uid]?.spec = spec
            budgets[uid]?.generation += 1
        }
        refresh(uid)
        changed(.budget(uid))
    }

    package mutating func deleteBudget(uid: ObjectUID, by: String) {
        guard let budget = budgets.removeValue(forKey: uid) else { return }
        budgetsByNamespace[budget.spec.namespace]?.removeAll { $0 == uid }
        faultBudgets[uid] = nil
        changed(
            .budgetGone(uid, namespace: budget.spec.namespace, name: budget.spec.name))
    }

    /// One eviction, judged as the API server judges it. A dry run changes nothing and leaves no
    /// event.
    package mutating func evict(uid: ObjectUID, dryRun: Bool = false, by: String)
        -> EvictionResult
    {
        guard let pod = pods[uid] else { return .notFound }
        refreshBudgets()
        let isGuarded = pod.phase == .running && !pod.isTerminating
        let guards = isGuarded ? budgets(of: pod) : []
        if guards.count > 1 { return .ambiguous }
        if let budget = guards.first.flatMap({ budgets[$0] }), !budget.allows(pod) {
            if !dryRun {
                record(
                    .evictionRefused, on: pod.node, by: by,
                    detail: pod.namespace + "/" + pod.name + " (" + budget.spec.name + ")")
            }
            return .refused(budget: budget.spec.name, message: Self.refusalMessage)
        }
        guard !dryRun else { return .evicted }
        if !pod.isTerminating {
            record(.evicted, on: pod.node, by: by, detail: pod.namespace + "/" + pod.name)
            terminate(uid)
            settle()
        }
        return .evicted
    }

    /// As the API server words it (k8s.io/kubernetes `pkg/registry/core/pod/storage`).
    package static let refusalMessage =
        "Cannot evict pod as it would violate the pod's disruption budget."

    /// Does what somebody wants, and says `pdb-broken` for each budget that was kept before and
    /// is broken after.
    mutating func voluntarily(
        by: String, on node: NodeName?, _ act: (inout EmulatedCluster) -> Void
    ) {
        refreshBudgets()
        let kept = budgets.keys.sorted().filter { budgets[$0]?.isKept == true }
        act(&self)
        refreshBudgets()
        for uid in kept {
            guard let budget = budgets[uid], !budget.isKept else { continue }
            record(
                .pdbBroken, on: node, by: by,
                detail: budget.spec.namespace + "/" + budget.spec.name)
        }
    }

    /// Those that select a pod, or one that is gone, are to be counted anew.
    mutating func dirtyBudgets(_ namespace: String, _ labels: [String: String]) {
        guard let candidates = budgetsByNamespace[namespace] else { return }
        for uid in candidates where !dirtyBudgets.contains(uid) {
            if budgets[uid]?.spec.selector.selects(labels) == true { dirtyBudgets.append(uid) }
        }
    }

    mutating func refreshBudgets() {
        guard !dirtyBudgets.isEmpty else { return }
        let batch = dirtyBudgets
        dirtyBudgets.removeAll(keepingCapacity: true)
        for uid in batch { refresh(uid) }
    }

    private func budgets(of pod: Pod) -> [ObjectUID] {
        (budgetsByNamespace[pod.namespace] ?? []).filter {
            budgets[$0]?.spec.selector.selects(pod.labels) == true
        }
    }

    private mutating func refresh(_ uid: ObjectUID) {
        guard var budget = budgets[uid] else { return }
        var healthy = 0
        var bare = 0
        var owners: Set<ObjectUID> = []
        for podUID in podsByNamespace[budget.spec.namespace] ?? [] {
            guard let pod = pods[podUID], budget.spec.selector.selects(pod.labels) else {
                continue
            }
            if pod.isReady, !pod.isTerminating { healthy += 1 }
            if let workload = pod.workload {
                owners.insert(workload)
            } else {
                bare += 1
            }
        }
        let expected = owners.reduce(bare) { $0 + (workloads[$1, \.desiredPods] ?? 0) }
        budget.expectedPods = expected
        budget.currentHealthy = healthy
        switch budget.spec.demand {
        case .minAvailable(let amount): budget.desiredHealthy = amount.pods(of: expected)
        case .maxUnavailable(let amount):
            budget.desiredHealthy = max(0, expected - amount.pods(of: expected))
        }
        budget.disruptionsAllowed =
            expected > 0 ? max(0, healthy - budget.desiredHealthy) : 0
        budgets[uid] = budget
        changed(.budget(uid))
    }
}

extension Budget {
    fileprivate var isKept: Bool { currentHealthy >= desiredHealthy && expectedPods > 0 }

    /// A pod that is not ready may go while the others suffice (`IfHealthyBudget`).
    fileprivate func allows(_ pod: Pod) -> Bool {
        if pod.isReady { return disruptionsAllowed > 0 }
        return spec.alwaysAllowsUnhealthy || currentHealthy >= desiredHealthy
    }
}
