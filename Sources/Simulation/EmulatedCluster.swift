package import Model

/// An emulated cluster: machines, etcd, Kubernetes and Velero as one value.
///
/// It has no clock of its own: virtual time since its birth moves only through `advance(to:)`.
/// The same blueprint and the same calls at the same times give the same events, always.
package struct EmulatedCluster: Sendable, Codable {
    package let blueprint: Blueprint
    package internal(set) var now: Duration = .zero
    package internal(set) var machines = Table<NodeName, Machine>()
    package internal(set) var nodes = Table<NodeName, ClusterNode>()
    package internal(set) var workloads = Table<ObjectUID, Workload>()
    package internal(set) var pods = Table<ObjectUID, Pod>()
    package internal(set) var budgets: [ObjectUID: Budget] = [:]
    package internal(set) var backups: [String: EmulatedBackup] = [:]
    package internal(set) var locations: [String: EmulatedBackupLocation] = [:]
    /// Which extensions an image of a schematic holds: what the Image Factory knows.
    package internal(set) var schematics: [SchematicID: [String]] = [.empty: []]
    /// What ails the Image Factory and the release feeds until it is healed.
    package internal(set) var serviceFaults: Set<Fault> = []
    /// Whether changes and machine events are kept for readers. Off makes simulations faster.
    package var keepsFeeds = true

    var queue = HappeningQueue()
    var generator: SeededGenerator
    var events: [LabEvent] = []
    var changes: [ObjectChange] = []
    var machineEventRings: [NodeName: MachineEventRing] = [:]
    var etcd = EtcdState()
    /// Machine names in natural order.
    var machineOrder: [NodeName] = []
    /// Names of Kubernetes nodes in natural order.
    var nodeOrder: [NodeName] = []
    var machinesMade = 0
    /// Whether system workloads were put: once, when the first API server came up.
    var isBootstrapped = false
    /// Whether Velero and the demo were put: once, when all machines were ready for the first time.
    var isFurnished = false
    var vipHolder: NodeName?
    var endpointIsMoving = false
    /// Something about etcd or the API servers changed and was not looked at yet.
    var controlPlaneIsDirty = false
    var apiWasAvailable = false
    /// Control planes in natural order of their names.
    var controlPlanes: [NodeName] = []
    /// Since when Kubernetes has not heard from a node's kubelet.
    var kubeletLostAt: [NodeName: Duration] = [:]
    /// Nodes whose etcd member was taken by a fault and does not come back by itself.
    var etcdLost: Set<NodeName> = []
    /// Pods by node, oldest first.
    var podsByNode: [NodeName: [ObjectUID]] = [:]
    var podsByNamespace: [String: Set<ObjectUID>] = [:]
    var budgetsByNamespace: [String: [ObjectUID]] = [:]
    /// Pods that no node takes at present, oldest first.
    var unscheduled: [ObjectUID] = []
    var dirtyWorkloads: [ObjectUID] = []
    var dirtyBudgets: [ObjectUID] = []
    var mustSchedule = false
    var pendingClusterFaults: Set<Fault> = []
    /// Installer references that were taken apart already: the same few come up again and again.
    var parsedImages: [String: InstallerImage] = [:]
    /// Budgets and workloads made by `pdb-blocks`, with the node they were meant for.
    var faultBudgets: [ObjectUID: NodeName] = [:]

    package init(_ blueprint: Blueprint) {
        self.blueprint = blueprint
        generator = SeededGenerator(seed: blueprint.seed)
    }

    /// Gives a copy another future: what is random from here on comes from `seed`. Copies of one
    /// healthy cluster are the cheapest way to many of them.
    package mutating func reseed(_ seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// When `advance(to:)` has something to do next; nil when nothing is due ever.
    package var nextHappening: Duration? { queue.next }

    /// Moves time on and lets everything happen that is due by then, in order. A time in the past
    /// changes nothing.
    package mutating func advance(to time: Duration) {
        while let happening = queue.takeDue(by: time) {
            now = max(now, happening.time)
            handle(happening.kind)
            // Controllers see an instant as a whole, not each of its happenings.
            if queue.next != now { settle() }
        }
        now = max(now, time)
    }

    /// The ground truth since the last call, oldest first.
    package mutating func takeEvents() -> [LabEvent] {
        defer { events = [] }
        return events
    }

    /// Objects that changed since the last call, in order; the same one may come up again.
    package mutating func takeChanges() -> [ObjectChange] {
        defer { changes = [] }
        return changes
    }

    /// Writes a line of ground truth that the caller saw: restores, Flux, applied configs, …
    package mutating func record(
        _ kind: LabEvent.Kind, on node: NodeName?, by: String, detail: String = ""
    ) {
        events.append(LabEvent(time: now, kind: kind, node: node, by: by, detail: detail))
    }

    /// Writes event `call`.
    package mutating func recordCall(_ method: String, on node: NodeName?, by: String) {
        record(.call, on: node, by: by, detail: method)
    }

    mutating func changed(_ change: ObjectChange) {
        guard keepsFeeds, changes.last != change else { return }
        changes.append(change)
    }
}
