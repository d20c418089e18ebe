package import Model

/// What is newer than what runs, its risk, and what the cadence says of it. Pure.
package struct OutdatedRules: Sendable {
    /// What runs, as far as it is known.
    package struct Running: Sendable, Equatable {
        package var clusterName: String
        /// The oldest that a node runs.
        package var talos: Version?
        /// The API server's.
        package var kubernetes: Version?
        package var machines: [MachineFacts]

        package init(
            clusterName: String, talos: Version?, kubernetes: Version?,
            machines: [MachineFacts] = []
        ) {
            self.clusterName = clusterName
            self.talos = talos
            self.kubernetes = kubernetes
            self.machines = machines
        }

        /// What a snapshot saw, and where it saw nothing, what is declared.
        package init(_ snapshot: Snapshot) {
            let machines = snapshot.nodes.compactMap(\.machine.value)
            self.init(
                clusterName: snapshot.clusterName,
                talos: machines.map(\.version).min() ?? snapshot.declaration.talos.value?.version,
                kubernetes: snapshot.kubernetesVersion.value
                    ?? snapshot.declaration.kubernetes.value?.version,
                machines: machines)
        }
    }

    private let running: Running
    private let known: KnownReleases
    private let cadence: Cadence
    private let now: Double

    /// - Parameter now: seconds since 1970, UTC.
    package init(running: Running, known: KnownReleases, cadence: Cadence, now: Double) {
        self.running = running
        self.known = known
        self.cadence = cadence
        self.now = now
    }

    /// The report, without release notes.
    package func report() -> OutdatedReport {
        var items: [OutdatedReport.Item] = []
        var remarks: [String] = []
        for product in Product.allCases {
            guard let version = product == .talos ? running.talos : running.kubernetes else {
                remarks.append("Which \(product.title) runs is not known.")
                continue
            }
            items += patch(product, version) + minor(product, version)
            remarks += withdrawal(product, version) + support(product, version)
        }
        return OutdatedReport(
            clusterName: running.clusterName, madeAt: now, talos: running.talos,
            kubernetes: running.kubernetes, items: items,
            sources: Product.allCases.map {
                .init(product: $0, origin: known[$0].origin, remark: known[$0].remark)
            }, remarks: remarks)
    }

    private func patch(_ product: Product, _ version: Version) -> [OutdatedReport.Item] {
        guard let newest = known[product].newest(in: version.series), newest.version > version
        else { return [] }
        return [item(product, .patch, from: version, to: newest, verdict(ofPatch: newest))]
    }

    private func verdict(ofPatch release: Release) -> OutdatedReport.Verdict {
        guard let day = release.publishedAt else { return .due(by: nil) }
        let end = day + Double(cadence.patch.components.seconds)
        return now > end ? .overdue(since: end) : .due(by: end)
    }

    /// Whose notes belong to an item: the new version's, and before it those of the first release
    /// of each minor on the way.
    package static func notable(_ item: OutdatedReport.Item) -> [Version] {
        let minors = item.from.minor < item.to.minor ? item.from.minor + 1...item.to.minor : 0...0
        guard item.step == .minor, item.from.major == item.to.major else { return [item.to] }
        let first = minors.suffix(8).map { Version(item.to.major, $0, 0) }
        return first + (first.contains(item.to) ? [] : [item.to])
    }

    /// The newest minor that the cadence asks for, else the newest that it allows, else the newest
    /// of all, which then waits.
    private func minor(_ product: Product, _ version: Version) -> [OutdatedReport.Item] {
        let ranges = product == .talos ? cadence.talosMinor : cadence.kubernetesMinor
        let series = Set(known[product].usable.map(\.version.series))
            .filter { $0 > version.series && $0.major == version.major }.sorted(by: >)
        let candidates = series.compactMap { known[product].newest(in: $0) }.map { release in
            (release, verdict(ofMinor: release, product, ranges))
        }
        let chosen =
            candidates.first { $0.1.isDue } ?? candidates.first { $0.1 == .optional }
            ?? candidates.last { isRefused($0.0, product) } ?? candidates.first
        return chosen.map { [item(product, .minor, from: version, to: $0.0, $0.1)] } ?? []
    }

    private func isRefused(_ release: Release, _ product: Product) -> Bool {
        product == .kubernetes && neededTalos(for: release.version) != nil
    }

    private func verdict(
        ofMinor release: Release, _ product: Product, _ wanted: ClosedRange<Int>
    ) -> OutdatedReport.Verdict {
        let version = release.version
        if product == .talos, TalosSeries.of(version.series) == nil {
            return .wait("a bump that knows the rules of Talos \(version.series)")
        }
        if product == .kubernetes, let talos = neededTalos(for: version) {
            return .wait("Talos \(talos), which runs Kubernetes \(version.series)")
        }
        guard version.patch >= wanted.lowerBound else {
            return .wait(product.spelling(next(version, wanted.lowerBound)))
        }
        return version.patch >= wanted.upperBound ? .due(by: nil) : .optional
    }

    /// The first Talos series that runs this Kubernetes, when the running one does not.
    private func neededTalos(for kubernetes: Version) -> Version.Series? {
        guard let talos = running.talos, let here = TalosSeries.of(talos.series),
            kubernetes.series > here.kubernetes.upperBound
        else { return nil }
        return TalosSeries.table.first { $0.kubernetes.upperBound >= kubernetes.series }?.series
            ?? Version.Series(talos.major, talos.minor + 1)
    }

    private func next(_ version: Version, _ patch: Int) -> Version {
        Version(version.major, version.minor, patch)
    }

    private func item(
        _ product: Product, _ step: OutdatedReport.Step, from: Version, to release: Release,
        _ verdict: OutdatedReport.Verdict
    ) -> OutdatedReport.Item {
        let route = route(product, to: release.version)
        var findings = route.findings
        if product == .talos {
            // What depends on the nodes is known only for the first hop.
            if case .talos(let first)? = route.hops.first {
                findings += Hazard.findings(from: from, to: first, machines: running.machines)
                    .filter { finding in !findings.contains { $0.code == finding.code } }
            }
        }
        return OutdatedReport.Item(
            product: product, step: step, from: from, to: release.version,
            publishedAt: release.publishedAt, risk: risk(step, route, findings),
            findings: findings.sorted { $0.severity > $1.severity }, verdict: verdict,
            way: route.hops.map(\.description), command: command(product, release, route, verdict))
    }

    private func route(_ product: Product, to version: Version) -> Route {
        let here = ClusterVersions(
            talos: running.talos ?? Version(0, 0, 0), kubernetes: running.kubernetes)
        let wish =
            product == .talos
            ? Route.Wish(talos: version, mayRaiseOther: true)
            : Route.Wish(kubernetes: version, mayRaiseOther: running.talos != nil)
        return Route.plan(from: here, to: wish, known: known)
    }

    private func risk(
        _ step: OutdatedReport.Step, _ route: Route, _ findings: [Finding]
    ) -> OutdatedReport.Risk {
        if findings.contains(where: { $0.severity == .error }) || route.hops.count > 1 {
            return .high
        }
        return step == .minor || findings.contains { $0.severity == .warning } ? .medium : .low
    }

    private func command(
        _ product: Product, _ release: Release, _ route: Route, _ verdict: OutdatedReport.Verdict
    ) -> String? {
        if case .wait = verdict { return nil }
        guard route.isPossible, let end = route.stops.last else { return nil }
        let moved = Set(route.hops.map(\.product))
        if moved.count == 1 {
            return "bump \(product.rawValue) \(product.spelling(release.version))"
        }
        return "bump talos \(end.talos) --kubernetes \(end.kubernetes?.number ?? "")"
    }

    private func withdrawal(_ product: Product, _ version: Version) -> [String] {
        guard known[product][version]?.isWithdrawn ?? false else { return [] }
        return [
            "\(product.title) \(product.spelling(version)), which runs, was withdrawn after its "
                + "release."
        ]
    }

    /// Talos maintains its newest minor, Kubernetes its three newest.
    private func support(_ product: Product, _ version: Version) -> [String] {
        let series = Set(known[product].usable.map(\.version.series)).sorted()
        let kept = product == .talos ? 1 : KubernetesSeries.maintainedMinors
        guard let oldest = series.suffix(kept).first, version.series < oldest else { return [] }
        return [
            "\(product.title) \(version.series) is no longer maintained upstream; \(oldest) "
                + "\(kept == 1 ? "is the newest minor" : "is the oldest that is")."
        ]
    }
}
