import Model

/// What is left to do to bring every component to a version: only what is missing, so that a run
/// can be begun again anywhere.
struct ComponentWork {
    /// One image to set and prove on one node.
    struct Item: Equatable {
        var node: NodeIdentity
        var component: KubernetesComponent
        var from: Version?
        var image: String
    }

    /// In the order of the upgrade: component by component, control planes before workers.
    let items: [Item]
    let version: Version
    /// The control plane that the bootstrap manifests are read from; nil when there is none.
    let manifestNode: NodeIdentity?
    private let current: [NodeName: Version]

    init(snapshot: Snapshot, version: Version) {
        self.version = version
        let survey = snapshot.components
        let planes = snapshot.nodes.filter { $0.role == .controlPlane }
        let workers = snapshot.nodes.filter { $0.role == .worker }
        manifestNode = planes.first?.identity
        var items: [Item] = []
        for component in KubernetesComponent.allCases {
            let nodes = component == .kubelet ? planes + workers : planes
            for node in nodes {
                guard let settings = survey?.settings[node.name]?.value,
                    let setting = settings.first(where: { $0.component == component }),
                    let image = ComponentImage(setting.image)
                else { continue }
                let running = Self.running(component, node, survey)
                if image.version == version, running == nil || running == version { continue }
                items.append(
                    Item(
                        node: node.identity, component: component,
                        from: running ?? image.version,
                        image: image.at(version).description))
            }
        }
        self.items = items
        var current: [NodeName: Version] = [:]
        for item in items {
            guard let from = item.from else { continue }
            current[item.node.name] = min(current[item.node.name] ?? from, from)
        }
        self.current = current
    }

    var isEmpty: Bool { items.isEmpty }

    /// One line for each node that changes, control planes first.
    var changes: [NodeChange] {
        var seen: Set<NodeName> = []
        return items.compactMap { item in
            guard seen.insert(item.node.name).inserted else { return nil }
            let mine = items.filter { $0.node == item.node }.map(\.component.rawValue)
            return NodeChange(
                node: item.node, from: current[item.node.name] ?? version, to: version,
                image: items.first { $0.node == item.node && $0.component == .kubelet }?.image
                    ?? item.image,
                method: .inPlace,
                note: mine.count == 1 ? "\(mine[0]) only" : nil)
        }
    }

    /// What runs now, where it can be seen; the kubelet's version is Kubernetes' own word.
    private static func running(
        _ component: KubernetesComponent, _ node: NodeFacts, _ survey: KubernetesSurvey?
    ) -> Version? {
        switch component {
        case .kubelet: return node.kubernetes.value?.kubeletVersion
        case .proxy:
            let versions = survey?.pods.value?.filter { $0.component == .proxy }
                .compactMap(\.version)
            return versions?.min()
        case .apiServer, .controllerManager, .scheduler:
            return survey?.pods.value?.first {
                $0.component == component && $0.address == node.address
            }?.version
        }
    }
}
