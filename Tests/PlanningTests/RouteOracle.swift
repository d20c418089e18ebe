import Model
import Planning
import Testing

/// Judges routes by the data files alone, and finds the fewest hops by trying all of them, also over
/// releases at which no route would stop.
struct RouteOracle {
    private let data: VersionData
    private let talos: [Version]
    private let kubernetes: [Version]

    /// - Parameter everyPatch: tries every Talos release, not only the first and the last two of
    ///   each minor.
    init(everyPatch: Bool) throws {
        data = try VersionData()
        let all = data.releases.filter { !$0.withdrawn }.map(\.version)
        let latest = data.minors.compactMapValues(\.latestPatch?.patch)
        talos = all.filter { version in
            everyPatch || version.patch == 0
                || version.patch >= (latest[version.series] ?? 0) - 1
        }
        kubernetes = (27...37).flatMap { minor -> [Version] in
            let latest = KubernetesSeries.of(Version.Series(1, minor))?.latestPatch ?? 0
            return Set([0, 1, latest]).sorted().map { Version(1, minor, $0) }
        }
    }

    /// The latest patch of every Talos with the latest of every Kubernetes it runs.
    var starts: [ClusterVersions] { pairs.filter { isAllowed($0) } }

    /// The same, allowed or not.
    var goals: [ClusterVersions] { pairs }

    private var pairs: [ClusterVersions] {
        data.minors.values.compactMap(\.latestPatch).sorted().flatMap { talos in
            (27...37).compactMap { minor in
                KubernetesSeries.of(Version.Series(1, minor)).map {
                    ClusterVersions(talos: talos, kubernetes: $0.latest)
                }
            }
        }
    }

    func anyState(_ generator: inout Weyl) -> ClusterVersions {
        while true {
            let state = ClusterVersions(
                talos: talos.randomElement(using: &generator) ?? Version(1, 6, 0),
                kubernetes: kubernetes.randomElement(using: &generator))
            if isAllowed(state) { return state }
        }
    }

    /// The fewest hops to every state that can be reached.
    func distances(from start: ClusterVersions) -> [ClusterVersions: Int] {
        var found = [start: 0]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let here = queue[next]
            next += 1
            let hops = talos.map(Hop.talos) + kubernetes.map(Hop.kubernetes)
            for hop in hops where isLegal(hop, from: here) {
                let there = here.after(hop)
                if found[there] == nil {
                    found[there] = (found[here] ?? 0) + 1
                    queue.append(there)
                }
            }
        }
        return found
    }

    /// Every hop legal, every stop in between the latest patch of its minor, the end as wanted.
    func check(_ route: Route, to goal: ClusterVersions) throws {
        var here = route.start
        for hop in route.hops {
            #expect(isLegal(hop, from: here), "\(hop) from \(here)")
            here = here.after(hop)
            switch hop {
            case .talos(let version):
                let latest = data.minors[version.series]?.latestPatch
                #expect(version == goal.talos || version == latest)
            case .kubernetes(let version):
                let latest = KubernetesSeries.of(version.series)?.latest
                #expect(version == goal.kubernetes || version == latest)
            }
        }
        #expect(here == goal)
    }

    private func isLegal(_ hop: Hop, from here: ClusterVersions) -> Bool {
        let there = here.after(hop)
        guard isAllowed(there) else { return false }
        switch hop {
        case .talos(let to):
            let from = here.talos
            guard to > from, to.minor - from.minor <= 1,
                let oldest = data.minors[to.series]?.upgradeFromMinHost, from.series >= oldest
            else { return false }
            return !(to.minor == 11 && from.minor == 10 && from.patch < 9)
        case .kubernetes(let to):
            guard let from = here.kubernetes else { return false }
            return to > from && to.minor - from.minor <= 1
        }
    }

    private func isAllowed(_ state: ClusterVersions) -> Bool {
        guard let row = data.minors[state.talos.series], let kubernetes = state.kubernetes?.series,
            let low = row.kubernetesMinEnforced, let high = row.kubernetesMaxEnforced
        else { return false }
        return low <= kubernetes && kubernetes <= high
    }
}
