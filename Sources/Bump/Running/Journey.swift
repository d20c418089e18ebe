import Inspection
import Model
import Planning
import Releases

/// The way to the wished versions of Talos and Kubernetes, looked for anew before each hop.
struct Journey {
    /// As typed: a version, `latest` or `latest-patch`; nil where none was asked for.
    let talos: String?
    let kubernetes: String?
    /// Kubernetes goes back.
    var goesBack = false

    /// The plan of the next hop, and how many hops are left with it.
    func next(_ context: Upgrade.Context) async throws -> (Plan, hops: Int) {
        var context = context
        if kubernetes != nil {
            context.survey = await context.connection.surveyor.survey(
                context.snapshot.nodes.map(\.identity), resources: KubernetesRemovals.resources)
        }
        let start = Self.versions(context)
        let known = try await releases(context)
        let wishedTalos = try talos.map {
            try TargetWord.resolve($0, .talos, running: start?.talos, known: known)
        }
        let wish = Route.Wish(
            talos: wishedTalos,
            kubernetes: try kubernetes.map {
                try TargetWord.resolve(
                    $0, .kubernetes, running: start?.kubernetes,
                    talos: wishedTalos ?? start?.talos, known: known)
            }, goingBack: goesBack)
        let word = wordFindings(known, wish)
        guard let start else {
            return (try await direct(wish, context).adding(word), 1)
        }
        let route = Route.plan(from: start, to: wish, known: known)
        guard route.isPossible, route.hops.count > 1, let hop = route.hops.first else {
            return (try await direct(wish, context, route: route).adding(word), 1)
        }
        var plan = try await plan(hop, context).adding(word)
        plan = plan.adding(ahead(route.hops, plan, context))
            .adding(hazards(ahead: route.hops, from: start.talos, context))
            .addingNew(route.findings)
        plan.route = route.hops.map(Self.title)
        return (plan, route.hops.count)
    }

    /// Without a route, or with one of a single hop: the planner says what is wrong, if anything.
    private func direct(
        _ wish: Route.Wish, _ context: Upgrade.Context, route: Route? = nil
    ) async throws -> Plan {
        var plan: Plan
        if let hop = route?.hops.first, route?.isPossible == true {
            plan = try await self.plan(hop, context).addingNew(route?.findings ?? [])
        } else if let version = wish.talos {
            plan = try await self.plan(.talos(version), context)
            if plan.isEmpty, let kubernetes = wish.kubernetes {
                plan = try await self.plan(.kubernetes(kubernetes), context)
            }
        } else if let version = wish.kubernetes {
            plan = try await self.plan(.kubernetes(version), context)
        } else {
            throw Problem(.bug, "A journey without an end was asked for.")
        }
        let errors = (route?.findings ?? []).filter { $0.severity == .error }
        // The route knows the way out of a jump, and what the planner says of the same is left
        // out. Of going back the planner knows more.
        let isBack = errors.contains { $0.code == "version.downgrade" }
        if !plan.isEmpty, !errors.isEmpty, !(isBack && plan.hasErrors) {
            plan.findings = errors + plan.findings.filter { !$0.code.hasPrefix("version.") }
        }
        return plan
    }

    private func plan(_ hop: Hop, _ context: Upgrade.Context) async throws -> Plan {
        switch hop {
        case .talos(let version):
            let plan = Planner(
                snapshot: context.snapshot, options: context.options, id: context.id,
                now: context.now
            ).talosPlan(to: version)
            return plan.isEmpty || plan.hasErrors
                ? plan : plan.adding(await breaking(version, context))
        case .kubernetes(let version):
            var snapshot = context.snapshot
            snapshot.components = context.survey
            let planner = KubernetesPlanner(
                snapshot: snapshot, options: context.options, id: context.id, now: context.now)
            return goesBack ? planner.plan(backTo: version) : planner.plan(to: version)
        }
    }

    /// The feeds are asked only where a word stands for a version: a number needs no network.
    private func releases(_ context: Upgrade.Context) async throws -> KnownReleases {
        let words = [talos, kubernetes].compactMap(\.self).filter { Version($0) == nil }
        guard !words.isEmpty else { return BundledReleases.known }
        return try await context.workspace.releaseSources().feeds.all()
    }

    /// The oldest of each that runs; nil when one of them is not known. A kubelet that lags behind
    /// its control plane does not hold that back: skew is the planner's.
    static func versions(_ context: Upgrade.Context) -> ClusterVersions? {
        var snapshot = context.snapshot
        snapshot.components = context.survey
        let kubelets = snapshot.nodes.compactMap { $0.kubernetes.value?.kubeletVersion }
        let oldest =
            context.survey == nil
            ? (kubelets + [snapshot.kubernetesVersion.value].compactMap(\.self)).min()
            : snapshot.oldestControlPlaneVersion
        guard let talos = snapshot.nodes.compactMap({ $0.machine.value?.version }).min(),
            let oldest
        else { return nil }
        return ClusterVersions(talos: talos, kubernetes: oldest)
    }

    private static func title(_ hop: Hop) -> String {
        switch hop {
        case .talos(let version): Target.talos(version).title
        case .kubernetes(let version): Target.kubernetes(version).title
        }
    }
}
