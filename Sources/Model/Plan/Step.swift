/// One step of a plan: what it does, what must hold before, its effect, what proves it done and
/// how long that may take.
///
/// A step that is already true is skipped, and each is safe to run twice.
package struct Step: Sendable, Codable, Equatable, Identifiable {
    /// Unique in its plan, and stable: `worker-1/drain`.
    package var id: String
    /// An imperative sentence without a full stop: `drain worker-1`.
    package var title: String
    /// The node it is about, nil for steps about the cluster or the repository.
    package var node: NodeName?
    package var gates: [Gate]
    package var action: Action
    package var limit: Duration

    package init(
        id: String, title: String, node: NodeName? = nil, gates: [Gate] = [], action: Action,
        limit: Duration
    ) {
        self.id = id
        self.title = title
        self.node = node
        self.gates = gates
        self.action = action
        self.limit = limit
    }

    package indirect enum Action: Sendable, Codable, Equatable {
        /// A single call.
        case perform(Operation)
        /// Evict until nothing is left to evict, honouring budgets.
        case drain(NodeIdentity)
        /// Wait until the node is what was promised.
        case prove(NodeIdentity, Expectation)
        /// Wait until the component runs this image on the node, and is Ready.
        case proveComponent(KubernetesComponent, image: String, NodeIdentity)
        /// Nothing but the gates.
        case check
        /// Stand still, and then ask the gates.
        case soak(Duration)
    }
}

/// What must hold before a step. Asked again until it holds or the gate's time is over.
package enum Gate: Sendable, Codable, Equatable {
    /// Kubernetes calls every node Ready, these excepted.
    case nodesReady(except: [NodeName])
    /// etcd can do without this member, by quorum and by health.
    case etcdAllowsTakingDown(NodeName)
    /// The machine is running and ready by its own word.
    case machineReady(NodeIdentity)
    /// The machine is still in this boot: what was installed on it in this boot waits for the next.
    case stillInBoot(NodeIdentity, bootID: String)
}

/// What a node promised to be after its step (rule 3 of the design): all of it, not most of it.
package struct Expectation: Sendable, Codable, Equatable {
    package var version: Version
    /// Nil when the node's image comes from no factory and shall not.
    package var schematic: SchematicID?
    /// Sorted names.
    package var extensions: [String]
    package var role: Role
    /// The version it runs before; coming back on it is a fall-back.
    package var previous: Version
    package var previousSchematic: SchematicID?
    package var onFailure: PlanOptions.FailurePolicy

    package init(
        version: Version, schematic: SchematicID?, extensions: [String], role: Role,
        previous: Version, previousSchematic: SchematicID?,
        onFailure: PlanOptions.FailurePolicy
    ) {
        self.version = version
        self.schematic = schematic
        self.extensions = extensions
        self.role = role
        self.previous = previous
        self.previousSchematic = previousSchematic
        self.onFailure = onFailure
    }

    /// What the node is to run, in words: the schematic only where the version stays the same.
    package var goal: String { words(version, schematic) }

    /// What it runs before, in the same words.
    package var origin: String { words(previous, previousSchematic) }

    private func words(_ version: Version, _ schematic: SchematicID?) -> String {
        guard self.version == previous, self.schematic != previousSchematic, let schematic else {
            return version.description
        }
        return "\(version) with schematic \(schematic.short)"
    }
}
