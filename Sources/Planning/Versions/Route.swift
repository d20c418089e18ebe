package import Model

/// The way from the versions that run to those that are wanted, hop by hop.
package struct Route: Sendable, Equatable {
    package var start: ClusterVersions
    package var hops: [Hop]
    /// What is to be said of the way. With an error among them there is no way, and no hops.
    package var findings: [Finding]

    package var isPossible: Bool { !findings.contains { $0.severity == .error } }

    /// Where the cluster stands after each hop.
    package var stops: [ClusterVersions] {
        var here = start
        return hops.map { hop in
            here = here.after(hop)
            return here
        }
    }

    /// What is wanted, and what may be done for it.
    package struct Wish: Sendable, Equatable {
        /// Nil: as it is.
        package var talos: Version?
        package var kubernetes: Version?
        /// A version that was not asked for may be raised, too, where the support matrix forces
        /// it. Without it such a route is refused, and the refusal names what to type instead.
        package var mayRaiseOther: Bool
        /// Kubernetes may go to an older version.
        package var goingBack: Bool

        package init(
            talos: Version? = nil, kubernetes: Version? = nil, mayRaiseOther: Bool = false,
            goingBack: Bool = false
        ) {
            self.talos = talos
            self.kubernetes = kubernetes
            self.mayRaiseOther = mayRaiseOther
            self.goingBack = goingBack
        }

        func isMet(by here: ClusterVersions) -> Bool {
            (talos == nil || talos == here.talos)
                && (kubernetes == nil || kubernetes == here.kubernetes)
        }
    }

    /// The shortest safe way: minors one at a time, each hop that stops in between at the newest
    /// known patch of its minor, Talos first wherever the support matrix leaves the choice.
    ///
    /// Pure and quick: it looks at a few hundred pairs of versions at most.
    package static func plan(
        from start: ClusterVersions, to wish: Wish, known: KnownReleases = BundledReleases.known
    ) -> Route {
        RouteSearch(start: start, wish: wish, known: known).route()
    }
}

extension ClusterVersions {
    /// The versions once a hop is done.
    package func after(_ hop: Hop) -> ClusterVersions {
        switch hop {
        case .talos(let version): ClusterVersions(talos: version, kubernetes: kubernetes)
        case .kubernetes(let version): ClusterVersions(talos: talos, kubernetes: version)
        }
    }
}
