package import Model

/// The whole checklist of `bump check`: all findings gathered, none left out.
package struct Preflight: Sendable {
    private let snapshot: Snapshot
    private let options: PlanOptions

    /// - Parameter options: whether a backup would be wanted, and committed.
    package init(snapshot: Snapshot, options: PlanOptions) {
        self.snapshot = snapshot
        self.options = options
    }

    /// The report, errors first; within a severity in the order of the checklist.
    package func report() -> CheckReport {
        let health = HealthRules(snapshot: snapshot, options: options)
        let all =
            ClusterRules(snapshot: snapshot, options: options).findings() + health.findings()
            + SurroundingsRules(snapshot: snapshot, options: options).findings()
        return CheckReport(
            clusterName: snapshot.clusterName, takenAt: snapshot.takenAt,
            findings: Self.sorted(Self.withoutEchoes(all)), outlooks: health.outlooks(),
            facts: CheckedFacts(snapshot: snapshot).lines())
    }

    /// What has come up against a saved upgrade since it was planned: errors only. None against
    /// going back, which is for clusters that are not well.
    package func objections(to plan: Plan) -> [Finding] {
        let subject: ClusterRules.Subject
        switch plan.target {
        case .talos: subject = .talos
        case .kubernetes: subject = .kubernetes
        case .extensions: subject = .extensions
        case .backup, .rebuild, .abort, .rollback, .kubernetesRollback: return []
        }
        let all =
            ClusterRules(snapshot: snapshot, options: options).findings(for: subject)
            + HealthRules(
                snapshot: snapshot, options: options, nodes: Set(plan.nodes.map(\.node.name))
            ).errors()
        return all.filter { $0.severity == .error && !plan.findings.contains($0) }
    }

    /// When the API server does not answer, that is said once and not for everything that was asked
    /// of it.
    private static func withoutEchoes(_ findings: [Finding]) -> [Finding] {
        guard findings.contains(where: { $0.code == "kubernetes.unreachable" }) else {
            return findings
        }
        let echoes: Set = ["node.not-in-kubernetes", "backup.unavailable", "backup.agent-unseen"]
        return findings.filter { !echoes.contains($0.code) }
    }

    /// Stable, and each thing said once.
    private static func sorted(_ findings: [Finding]) -> [Finding] {
        var unique: [Finding] = []
        for finding in findings where !unique.contains(finding) { unique.append(finding) }
        return [Finding.Severity.error, .warning, .note].flatMap { severity in
            unique.filter { $0.severity == severity }
        }
    }
}
