/// Everything that was read, at one time, before anything is decided.
package struct Snapshot: Sendable, Codable, Equatable {
    /// Seconds since 1970, UTC.
    package var takenAt: Double
    package var clusterName: String
    package var declaration: Declaration
    package var applied: Applied
    package var repository: RepositoryFacts
    /// In natural order of name, control planes first.
    package var nodes: [NodeFacts]
    package var etcd: Observed<EtcdFacts>
    /// The API server's own version.
    package var kubernetesVersion: Observed<Version>
    package var backupLocations: Observed<[BackupLocationFacts]>
    /// The control-plane address clients use, without port, when it is known: endpoint or VIP.
    package var endpoint: String?
    /// The run that is open in this repository, if there is one.
    package var openRun: OpenRun?
    /// What was odd while reading and is worth a word.
    package var remarks: [String]
    /// What a Kubernetes upgrade looks at; nil when it was not asked for.
    package var components: KubernetesSurvey?
    /// What a pre-flight check looks at besides; nil when it was not read.
    package var health: HealthFacts?

    package init(
        takenAt: Double, clusterName: String, declaration: Declaration, applied: Applied,
        repository: RepositoryFacts, nodes: [NodeFacts], etcd: Observed<EtcdFacts>,
        kubernetesVersion: Observed<Version>,
        backupLocations: Observed<[BackupLocationFacts]>, endpoint: String? = nil,
        openRun: OpenRun? = nil, remarks: [String] = [],
        components: KubernetesSurvey? = nil, health: HealthFacts? = nil
    ) {
        self.takenAt = takenAt
        self.clusterName = clusterName
        self.declaration = declaration
        self.applied = applied
        self.repository = repository
        self.nodes = nodes
        self.etcd = etcd
        self.kubernetesVersion = kubernetesVersion
        self.backupLocations = backupLocations
        self.endpoint = endpoint
        self.openRun = openRun
        self.remarks = remarks
        self.components = components
        self.health = health
    }

    package func node(_ name: NodeName) -> NodeFacts? { nodes.first { $0.name == name } }

    /// What a plan made from this snapshot depends on, as text: the plan is stale once it differs.
    /// Left out is what changes by itself, such as times and boot ids.
    package var signature: [String] {
        var lines = ["cluster \(clusterName)", "head \(repository.head ?? "-")"]
        lines.append(
            "declared \(declaration.talos.value.map { "\($0.text) at \($0.place)" } ?? "-")")
        lines.append("schematic \(applied.schematic.value?.text ?? "-")")
        for node in nodes {
            let machine = node.machine.value
            let version = machine?.version.tag ?? "-"
            let schematic = machine?.schematic?.text ?? "-"
            let kubelet = node.kubernetes.value?.kubeletVersion?.tag ?? "-"
            lines.append(
                "\(node.name) \(node.address) \(node.role.rawValue) \(version) \(schematic) "
                    + "\(kubelet) \(machine?.extensions.joined(separator: ",") ?? "-")")
        }
        for (name, settings) in (components?.settings ?? [:]).sorted(by: { $0.key < $1.key }) {
            let images = settings.value?.map(\.image).joined(separator: ",") ?? "-"
            lines.append("\(name) components \(images)")
        }
        return lines
    }
}

/// A run that has begun and has neither been finished nor aborted.
package struct OpenRun: Sendable, Codable, Equatable {
    package var id: RunID
    /// `talos v1.9.4`.
    package var title: String
    /// Seconds since 1970, UTC.
    package var startedAt: Double
    /// Whether its process still runs on this machine.
    package var isAlive: Bool

    package init(id: RunID, title: String, startedAt: Double, isAlive: Bool) {
        self.id = id
        self.title = title
        self.startedAt = startedAt
        self.isAlive = isAlive
    }
}
