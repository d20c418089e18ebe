/// What the user asked for.
package enum Target: Sendable, Codable, Equatable {
    case talos(Version)
    case kubernetes(Version)
    /// Back to an older Kubernetes.
    case kubernetesRollback(Version)
    /// The whole wished list of extensions, by short name.
    case extensions([String])
    /// Velero backup of this name and an etcd snapshot.
    case backup(String)
    /// Destroy, rebuild at this Talos version, restore this backup.
    case rebuild(Version, backup: String)
    /// Back out of the run of this id.
    case abort(RunID)
    /// Back to the previous boot slot, on the nodes that were named; none when `bump` chose them.
    case rollback(nodes: [NodeName])

    /// What a commit of such a run is about.
    package var noun: String {
        switch self {
        case .talos, .abort, .rollback: "talos"
        case .kubernetes, .kubernetesRollback: "kubernetes"
        case .extensions: "extensions"
        case .backup, .rebuild: "rebuild"
        }
    }

    /// `talos v1.9.4`, as it is typed behind `bump`.
    package var title: String {
        switch self {
        case .talos(let version): "talos \(version.tag)"
        case .kubernetes(let version): "kubernetes \(version.number)"
        case .kubernetesRollback(let version): "rollback --kubernetes \(version.number)"
        case .extensions(let names):
            names.isEmpty ? "extensions set" : "extensions set \(names.joined(separator: " "))"
        case .backup(let name): "backup \(name)"
        case .rebuild(let version, let backup): "rebuild --talos \(version.tag) --backup \(backup)"
        case .abort(let run): "abort of run \(run)"
        case .rollback(let nodes): (["rollback"] + nodes.map(\.text)).joined(separator: " ")
        }
    }

    /// Whether something older is what it leads to.
    package var goesBack: Bool {
        switch self {
        case .abort, .rollback, .kubernetesRollback, .rebuild: true
        case .talos, .kubernetes, .extensions, .backup: false
        }
    }
}

/// How it is to be done: the shared options of the upgrade commands.
package struct PlanOptions: Sendable, Codable, Equatable {
    /// Workers that may be down at once. Control planes always go one by one.
    package var maxUnavailable: Int
    /// Pause after each proven node.
    package var soak: Duration
    package var backup: Bool
    package var commit: Bool
    package var push: Bool
    package var onFailure: FailurePolicy
    package var apply: ApplyMoment
    package var limits: Limits

    package init(
        maxUnavailable: Int = 1, soak: Duration = .zero, backup: Bool = true, commit: Bool = true,
        push: Bool = false, onFailure: FailurePolicy = .rollback, apply: ApplyMoment = .after,
        limits: Limits = Limits()
    ) {
        self.maxUnavailable = maxUnavailable
        self.soak = soak
        self.backup = backup
        self.commit = commit
        self.push = push
        self.onFailure = onFailure
        self.apply = apply
        self.limits = limits
    }

    /// What happens to a node that runs the new version but is not healthy in time.
    package enum FailurePolicy: String, Sendable, Codable, CaseIterable { case rollback, stop }

    /// When the edited configuration is applied with Terraform (`terraform.apply`).
    package enum ApplyMoment: String, Sendable, Codable, CaseIterable { case before, after, never }
}

/// How long each kind of wait may take. Settings `timeouts.*` of `.bump.yaml`.
package struct Limits: Sendable, Codable, Equatable {
    /// Pulling an installer image on one node.
    package var prefetch: Duration = .seconds(600)
    /// Draining one node.
    package var drain: Duration = .seconds(600)
    /// Installing on one node, until it goes down.
    package var install: Duration = .seconds(600)
    /// From going down until proven. Talos' own tools allow 30 minutes for the whole upgrade.
    package var boot: Duration = .seconds(900)
    /// A component on one node, from its new image until it is Ready. Talos' own tools allow five
    /// minutes.
    package var component: Duration = .seconds(300)
    /// A gate that is expected to open by itself.
    package var gate: Duration = .seconds(120)
    package var backup: Duration = .seconds(7200)
    /// One Terraform run.
    package var terraform: Duration = .seconds(1800)

    package init() {}
}
