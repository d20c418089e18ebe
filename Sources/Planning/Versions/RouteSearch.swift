import Model

/// Finds a route breadth first over the versions worth stopping at.
struct RouteSearch {
    let start: ClusterVersions
    let wish: Route.Wish
    let known: KnownReleases

    func route() -> Route {
        let refusals = outright()
        guard refusals.isEmpty else { return refused(refusals) }
        guard let hops = shortest(wish) else { return refused([blocked()]) }
        return Route(start: start, hops: hops, findings: findings(on: hops))
    }

    private func refused(_ findings: [Finding]) -> Route {
        Route(start: start, hops: [], findings: findings)
    }

    /// What no route can mend.
    private func outright() -> [Finding] {
        var found: [Finding] = []
        if let talos = wish.talos, talos != start.talos {
            if let unknown = HopRules.unknown(talos) ?? HopRules.taken(back: talos, withdrawn) {
                return [unknown]
            }
            if talos < start.talos {
                found += [HopRules.refusal(of: .talos(talos), from: start)].compactMap(\.self)
            }
        }
        if let kubernetes = wish.kubernetes, kubernetes != start.kubernetes {
            if let unknown = HopRules.unknown(kubernetes: kubernetes) { return [unknown] }
            if start.kubernetes == nil
                || (!wish.goingBack && kubernetes < start.kubernetes ?? kubernetes)
            {
                found += [HopRules.refusal(of: .kubernetes(kubernetes), from: start)]
                    .compactMap(\.self)
            }
        }
        if let talos = wish.talos, let kubernetes = wish.kubernetes,
            let mismatch = HopRules.mismatch(talos: talos, kubernetes: kubernetes)
        {
            found.append(mismatch)
        }
        return found
    }

    /// Breadth first, Talos hops before Kubernetes hops, long hops before short ones: the first
    /// way found has the fewest hops, and of those the one that moves Talos earliest.
    private func shortest(_ wish: Route.Wish) -> [Hop]? {
        var queue = [start]
        var cameFrom: [ClusterVersions: (ClusterVersions, Hop)] = [:]
        var seen: Set<ClusterVersions> = [start]
        var next = 0
        while next < queue.count {
            let here = queue[next]
            next += 1
            if wish.isMet(by: here) { return way(to: here, cameFrom) }
            for hop in hops(from: here, wish) {
                let there = here.after(hop)
                if seen.insert(there).inserted {
                    cameFrom[there] = (here, hop)
                    queue.append(there)
                }
            }
        }
        return nil
    }

    private func way(
        to end: ClusterVersions, _ cameFrom: [ClusterVersions: (ClusterVersions, Hop)]
    ) -> [Hop] {
        var hops: [Hop] = []
        var here = end
        while let (before, hop) = cameFrom[here] {
            hops.append(hop)
            here = before
        }
        return hops.reversed()
    }

    private func hops(from here: ClusterVersions, _ wish: Route.Wish) -> [Hop] {
        var hops: [Hop] = []
        if wish.talos != nil || wish.mayRaiseOther {
            hops += talosStops(from: here.talos, wish).map(Hop.talos)
        }
        if let kubernetes = here.kubernetes, wish.kubernetes != nil || wish.mayRaiseOther {
            hops += kubernetesStops(from: kubernetes, wish).map(Hop.kubernetes)
        }
        return hops.filter {
            HopRules.refusal(
                of: $0, from: here, withdrawn: withdrawn, goingBack: wish.goingBack) == nil
        }
    }

    private func talosStops(from here: Version, _ wish: Route.Wish) -> [Version] {
        let next = Version.Series(here.major, here.minor + 1)
        let stops = [next, here.series].compactMap { known.talos.newest(in: $0)?.version }
        return (stops + [wish.talos].compactMap(\.self)).filter {
            $0 > here && $0 <= wish.talos ?? $0
        }.sorted(by: >)
    }

    private func kubernetesStops(from here: Version, _ wish: Route.Wish) -> [Version] {
        let neighbours = [here.minor + 1, here.minor, here.minor - 1].filter { $0 >= 0 }
        let stops = neighbours.compactMap {
            known.kubernetes.newest(in: Version.Series(here.major, $0))?.version
        }
        let isBack = wish.kubernetes.map { $0 < here } ?? false
        return (stops + [wish.kubernetes].compactMap(\.self)).filter { stop in
            guard let goal = wish.kubernetes else { return stop > here }
            return isBack ? stop < here && stop >= goal : stop > here && stop <= goal
        }.sorted { isBack ? $0 < $1 : $0 > $1 }
    }

    private var withdrawn: Set<Version> {
        Set(known.talos.releases.filter(\.isWithdrawn).map(\.version))
    }

    /// Why there is no way with what may be moved, and what would do.
    private func blocked() -> Finding {
        var wider = wish
        wider.mayRaiseOther = true
        let goal = [
            wish.talos.map { "Talos \($0)" }, wish.kubernetes.map { "Kubernetes \($0.number)" },
        ].compactMap(\.self).joined(separator: " with ")
        guard !wish.mayRaiseOther, let hops = shortest(wider), let last = hops.last else {
            let talos = wish.talos ?? start.talos
            if var mismatch = HopRules.mismatch(talos: talos, kubernetes: wish.kubernetes),
                let oldest = TalosSeries.of(talos.series)?.kubernetes.lowerBound
            {
                mismatch.fix = "choose \(oldest) or newer"
                return mismatch
            }
            return Finding(
                .error, "route.none", "There is no way from \(start) to \(goal) that is safe.",
                fix: "choose a version nearer to what runs")
        }
        let end = hops.reduce(start) { $0.after($1) }
        let other = wish.talos == nil ? "Talos" : "Kubernetes"
        let command =
            end.kubernetes.map { "bump talos \(end.talos) --kubernetes \($0.number)" }
            ?? "bump \(last)"
        return Finding(
            .error, "version.kubernetes-range",
            "\(goal) cannot be reached from \(start) without raising \(other), too: "
                + hops.map(\.description).joined(separator: ", then ") + ".", fix: command)
    }

    private func findings(on hops: [Hop]) -> [Finding] {
        var found: [Finding] = []
        var here = start
        for hop in hops {
            switch hop {
            case .talos(let version): found += talosFindings(from: here.talos, to: version)
            case .kubernetes(let version): found += newer(version, .kubernetes)
            }
            here = here.after(hop)
        }
        if let series = TalosSeries.of(here.talos.series), let kubernetes = here.kubernetes,
            kubernetes.series < series.documentedKubernetes
        {
            found.append(
                Finding(
                    .warning, "version.kubernetes-undocumented",
                    "Talos \(series.series) still accepts Kubernetes \(kubernetes.series), but its "
                        + "support matrix begins at \(series.documentedKubernetes).",
                    fix: "upgrade Kubernetes soon"))
        }
        return found
    }

    private func talosFindings(from: Version, to: Version) -> [Finding] {
        var found = newer(to, .talos)
        if to.series > from.series, let latest = known.talos.newest(in: from.series)?.version,
            from < latest
        {
            found.append(
                Finding(
                    .warning, "hop.not-from-latest-patch",
                    "Going to \(to.series) from \(from): the tested way is through \(latest), the "
                        + "latest patch of \(from.series).",
                    fix: "bump talos \(latest) first, if you can spare the time"))
        }
        return found
            + Hazard.findings(from: from, to: to).map { finding in
                var finding = finding
                finding.location = "\(from) → \(to)"
                return finding
            }
    }

    private func newer(_ version: Version, _ product: Product) -> [Finding] {
        let newest = known[product].newest(in: version.series)?.version
        guard version > newest ?? Version(0, 0, 0) else { return [] }
        let than = newest.map { ", \(product.spelling($0))" } ?? ""
        return [
            Finding(
                .warning, "version.newer-than-known",
                "\(product.title) \(product.spelling(version)) is newer than the newest "
                    + "\(version.series) this bump knows\(than); whether it exists shows when its "
                    + "image is pulled.")
        ]
    }
}
