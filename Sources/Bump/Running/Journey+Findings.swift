import Foundation
import Inspection
import Model
import Planning
import Releases

/// What a plan should tell besides what its planner knows.
extension Journey {
    /// What a later hop would be refused for.
    func ahead(
        _ hops: [Hop], _ plan: Plan, _ context: Upgrade.Context
    ) -> [Model.Finding] {
        let versions = hops.compactMap {
            if case .kubernetes(let version) = $0 { version } else { nil }
        }
        guard !goesBack, let last = versions.last,
            let survey = context.survey,
            let running = Self.versions(context)?.kubernetes
        else {
            return []
        }
        var near = running.series
        if case .kubernetes(let version) = plan.target { near = version.series }
        guard near < last.series else { return [] }
        return RemovalRules.ahead(survey, after: near, to: last.series)
    }

    /// What could break on a later Talos hop: better known before the first.
    func hazards(
        ahead hops: [Hop], from start: Version, _ context: Upgrade.Context
    ) -> [Model.Finding] {
        let machines = context.snapshot.nodes.compactMap(\.machine.value)
        let versions = hops.compactMap { if case .talos(let version) = $0 { version } else { nil } }
        let isFirst = if case .talos = hops.first { true } else { false }
        return zip([start] + versions, versions).dropFirst(isFirst ? 1 : 0).flatMap { from, to in
            let then = machines.map { machine in
                var machine = machine
                machine.version = from
                return machine
            }
            return Hazard.findings(from: from, to: to, machines: then)
                .filter { $0.severity > .note }
        }
    }

    /// What a word such as `latest` was looked up in, where that is not a feed that has answered.
    func wordFindings(_ known: KnownReleases, _ wish: Route.Wish) -> [Model.Finding] {
        [(Product.talos, talos, wish.talos), (.kubernetes, kubernetes, wish.kubernetes)].compactMap
        {
            product, typed, version in
            guard let typed, Version(typed) == nil, let version, let remark = known[product].remark
            else { return nil }
            let origin =
                switch known[product].origin {
                case .feed(let address): "the shorter list at \(address)"
                case .cache(let address, let time):
                    "what \(address) said on \(Self.day(time))"
                case .bundled(let time): "the releases bundled with bump, as of \(Self.day(time))"
                }
            return Model.Finding(
                .warning, "releases.not-fresh",
                "\(typed) is \(product.title) \(product.spelling(version)) by \(origin): \(remark)",
                fix: "name the version, if you know of a newer one")
        }
    }

    private static func day(_ time: Double) -> String {
        Date(timeIntervalSince1970: time).formatted(.iso8601.year().month().day())
    }

    /// What the notes of a new minor call breaking. A feed that does not answer is no reason to
    /// stop: what is known to break is in the plan anyhow.
    func breaking(
        _ version: Version, _ context: Upgrade.Context
    ) async -> [Model.Finding] {
        let running = context.snapshot.nodes.compactMap { $0.machine.value?.version }.min()
        guard let running, running.series < version.series else { return [] }
        let first = Version(version.series.major, version.series.minor, 0)
        do {
            let notes = try await context.workspace.releaseSources().feeds.notes(
                of: .talos, first, within: .seconds(5))
            return notes.sections.filter(\.isBreaking).map { section in
                let text = section.lines.map { $0.trimmingCharacters(in: .whitespaces) }
                    .filter { !$0.isEmpty }.joined(separator: " ")
                return Model.Finding(
                    .note, "notes.breaking",
                    "\(first.tag), \(section.title): "
                        + (text.count > 400 ? text.prefix(400) + "…" : text), at: notes.page)
            }
        } catch {
            return [
                Model.Finding(
                    .note, "notes.unread",
                    "The notes of \(first.tag) were not read: \(Problem(error).summary)",
                    fix: "https://github.com/siderolabs/talos/releases/tag/\(first.tag)")
            ]
        }
    }
}

extension Plan {
    /// The same with the warnings among these that it does not have yet.
    func addingNew(_ more: [Model.Finding]) -> Plan {
        adding(
            more.filter { finding in
                finding.severity == .warning && !findings.contains { $0.code == finding.code }
            })
    }

    /// The same with more to know. Nothing is said of a plan that does nothing.
    func adding(_ more: [Model.Finding]) -> Plan {
        guard !isEmpty else { return self }
        var plan = self
        plan.findings = (findings + more).sorted { $0.severity > $1.severity }
        return plan
    }
}
