import Model

extension Draw {
    /// Variations with one thing less, the greatest simplification first.
    var simpler: [Draw] {
        var found: [Draw] = []
        func vary(_ change: (inout Draw) -> Void) {
            var other = self
            change(&other)
            if other.description != description, other.isConsistent { found.append(other) }
        }
        vary { $0.crashes = 0 }
        vary { $0.losses = 0 }
        vary { $0.isDeaf = false }
        vary { $0.disturbances = [] }
        vary { $0.faults = [] }
        vary { $0.workers = 0 }
        vary { $0.controlPlanes = 1 }
        vary { $0.controlPlanes = min(3, controlPlanes) }
        if workers > 0 { vary { $0.workers = workers - 1 } }
        if crashes > 0 { vary { $0.crashes = crashes - 1 } }
        if losses > 0 { vary { $0.losses = losses - 1 } }
        for index in disturbances.indices { vary { $0.disturbances.remove(at: index) } }
        for index in faults.indices { vary { $0.faults.remove(at: index) } }
        vary { $0.cordoned = nil }
        vary { $0.lagging = nil }
        vary { $0.terraform = .works }
        vary { $0.options.soak = .zero }
        vary { $0.options.maxUnavailable = 1 }
        vary { $0.options.onFailure = .rollback }
        vary { $0.abortsWhenStopped = false }
        vary { $0.abortsWhenKilled = false }
        vary { $0.leaks = false }
        return found
    }
}
