import Model

extension EmulatedCluster {
    mutating func handle(_ kind: Happening.Kind) {
        switch kind {
        case .machine(let node, let epoch, let next):
            if machines[node, \.epoch] == epoch { step(next, on: node) }
        case .installerDone(let node, let epoch):
            if machines[node, \.epoch] == epoch { installerDone(on: node) }
        case .podStarted(let uid): podStarted(uid)
        case .podGone(let uid): podGone(uid)
        case .election: elect()
        case .endpointMoves: endpointMoves()
        case .furnishing: furnishIfComplete(isLate: true)
        case .nodeUnheard(let node, let since): nodeUnheard(node, since: since)
        case .nodeAbandoned(let node, let since): abandon(node, since: since)
        case .backupProgress(let name): backupProgress(name)
        case .componentSwapped(let node, let epoch, let component, let by):
            if machines[node, \.epoch] == epoch { componentSwapped(component, on: node, by: by) }
        }
    }

    /// Lets controllers act on what is dirty, and on nothing else. While no API server answers,
    /// it stays dirty.
    mutating func settle() {
        var rounds = 0
        while controlPlaneIsDirty, rounds < 8 {
            refreshControlPlane()
            rounds += 1
        }
        guard apiIsAvailable else { return }
        etcd.writes += 1
        while !dirtyWorkloads.isEmpty || mustSchedule {
            let batch = dirtyWorkloads
            dirtyWorkloads.removeAll(keepingCapacity: true)
            for uid in batch { reconcile(uid) }
            if mustSchedule { schedulePods() }
        }
        refreshBudgets()
    }
}
