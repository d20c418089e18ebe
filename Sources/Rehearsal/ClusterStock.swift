import Simulation

/// Healthy clusters, one of each topology: a rehearsal begins on a copy, since making one takes as
/// long as upgrading it.
package struct ClusterStock: Sendable {
    private var clusters: [String: EmulatedCluster] = [:]

    package init() {}

    /// A healthy cluster for this draw, its randomness begun anew from the draw's seed.
    mutating func take(_ draw: Draw) -> EmulatedCluster {
        var cluster = clusters[draw.topology] ?? draw.cluster()
        if clusters[draw.topology] == nil { clusters[draw.topology] = cluster }
        cluster.reseed(draw.seed)
        if let cordoned = draw.cordoned {
            cluster.setCordon(cordoned, true, by: Disturbance.somebody)
        }
        return cluster
    }
}
