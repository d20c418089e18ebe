/// What will be done, as data: the same value is shown, saved, confirmed, executed and resumed.
///
/// It leaves no choice to run time: order, images, limits, gates and batches are all in it.
package struct Plan: Sendable, Codable, Equatable {
    /// The format, raised when a field changes its meaning.
    package var version: Int
    package var id: RunID
    package var target: Target
    package var options: PlanOptions
    package var clusterName: String
    /// Seconds since 1970, UTC.
    package var madeAt: Double
    /// `Snapshot.signature` of what it was made from.
    package var basis: [String]
    /// Every control plane of the cluster, changed or not: who is asked about etcd.
    package var controlPlanes: [NodeIdentity]
    /// One line for each thing that changes: `worker-1  v1.9.2 → v1.9.4`.
    package var nodes: [NodeChange]
    package var edit: ValueEdit?
    package var stages: [Stage]
    package var findings: [Finding]
    /// Every hop of the way that this plan is the first of: `talos v1.10.9`. Nil when the plan leads
    /// all the way.
    package var route: [String]?

    package static let currentVersion = 1

    package init(
        id: RunID, target: Target, options: PlanOptions, clusterName: String, madeAt: Double,
        basis: [String], controlPlanes: [NodeIdentity], nodes: [NodeChange], edit: ValueEdit?,
        stages: [Stage],
        findings: [Finding]
    ) {
        version = Self.currentVersion
        self.id = id
        self.target = target
        self.options = options
        self.clusterName = clusterName
        self.madeAt = madeAt
        self.basis = basis
        self.controlPlanes = controlPlanes
        self.nodes = nodes
        self.edit = edit
        self.stages = stages
        self.findings = findings
    }

    /// Nothing is to be done.
    package var isEmpty: Bool { stages.isEmpty }

    package var steps: [Step] { Array(stages.lazy.flatMap(\.lanes).joined()) }

    /// What leads along the route, as it is typed behind `bump`; nil where nothing is left of it.
    ///
    /// - Parameter done: how many hops are left out.
    package func journey(after done: Int = 0) -> String? {
        guard let left = route?.dropFirst(done), !left.isEmpty else { return nil }
        func last(_ product: String) -> String? {
            left.last { $0.hasPrefix(product + " ") }?.split(separator: " ").last.map(String.init)
        }
        let verb = target.goesBack ? "rollback --kubernetes" : "kubernetes"
        guard let talos = last("talos") else { return last("kubernetes").map { "\(verb) \($0)" } }
        return "talos \(talos)" + (last("kubernetes").map { " --kubernetes \($0)" } ?? "")
    }

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }
}

/// Steps that belong together. Stages follow each other; the lanes of a stage run side by side;
/// the steps of a lane follow each other.
package struct Stage: Sendable, Codable, Equatable {
    /// `workers`, `control planes`, `prepare`, …
    package var title: String
    package var lanes: [[Step]]

    package init(title: String, lanes: [[Step]]) {
        self.title = title
        self.lanes = lanes
    }
}

/// What becomes of one node.
package struct NodeChange: Sendable, Codable, Equatable {
    package var node: NodeIdentity
    package var from: Version
    package var to: Version
    package var image: String
    /// How it is installed: chosen for each node by version and capability.
    package var method: Method
    /// Why it is where it is in the order: `etcd leader, last`. Nil when there is nothing to say.
    package var note: String?

    package init(
        node: NodeIdentity, from: Version, to: Version, image: String, method: Method,
        note: String? = nil
    ) {
        self.node = node
        self.from = from
        self.to = to
        self.image = image
        self.method = method
        self.note = note
    }

    package enum Method: String, Sendable, Codable {
        /// `MachineService.Upgrade`, Talos up to 1.12.
        case legacy
        /// `LifecycleService.Upgrade` and a reboot, Talos 1.13 and later.
        case lifecycle
        /// By the machine config, without a reboot: Kubernetes.
        case inPlace = "in-place"
    }
}

/// Something the planner, or the checker that judges a plan, has to say.
package struct Finding: Sendable, Codable, Equatable {
    package var severity: Severity
    /// A short stable name: `version.skips-minor`.
    package var code: String
    package var summary: String
    /// Where it is: a node or file:line:column.
    package var location: String?
    package var fix: String?

    package init(
        _ severity: Severity, _ code: String, _ summary: String, at location: String? = nil,
        fix: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.summary = Redaction.clean(summary)
        self.location = location
        self.fix = fix
    }

    package enum Severity: String, Sendable, Codable, Comparable {
        case note, warning, error
        package static func < (left: Severity, right: Severity) -> Bool {
            left.rank < right.rank
        }
        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }
}
