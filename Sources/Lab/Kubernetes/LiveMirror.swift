import Model
import Simulation

/// What was last rendered of the emulated cluster: only what changed since is rendered again.
struct LiveMirror: Sendable {
    var nodes: [NodeName: ClusterNode] = [:]
    /// The second in which the leases of nodes were looked at.
    var leasesSweptAt: Int64 = 0
    var pods: [ObjectUID: PodPrint] = [:]
    var workloads: [ObjectUID: WorkloadPrint] = [:]
    var budgets: [ObjectUID: BudgetPrint] = [:]
    var backups: [String: EmulatedBackup] = [:]
    var locations: [String: EmulatedBackupLocation] = [:]

    /// What decides how a Pod looks.
    struct PodPrint: Sendable, Equatable {
        var phase: Pod.Phase
        var isReady: Bool
        var node: NodeName?
        var ip: String?
        var hasStarted: Bool
        var deletionAt: Duration?
        var restarts: Int
        var image: Version?

        init(_ pod: Pod) {
            phase = pod.phase
            isReady = pod.isReady
            node = pod.node
            ip = pod.ip
            hasStarted = pod.startedAt != nil
            deletionAt = pod.deletionAt
            restarts = pod.restarts
            image = pod.imageVersion
        }
    }

    /// What decides the status of a workload.
    struct WorkloadPrint: Sendable, Equatable {
        var spec: WorkloadSpec
        var replicaSetUID: ObjectUID?
        var desired: Int
        var current: Int
        var ready: Int
        var updated: Int
        var pods: Int
        /// Of the stored object, so that a changed spec is observed.
        var generation: Int64

        init(_ workload: Workload, generation: Int64) {
            spec = workload.spec
            replicaSetUID = workload.replicaSetUID
            desired = workload.desiredPods
            current = workload.currentPods
            ready = workload.readyPods
            updated = workload.updatedPods
            pods = workload.pods.count
            self.generation = generation
        }
    }

    /// What decides the status of a budget.
    struct BudgetPrint: Sendable, Equatable {
        var figures: [Int]
        var generation: Int64

        init(_ budget: Budget, generation: Int64) {
            figures = [
                budget.currentHealthy, budget.desiredHealthy, budget.expectedPods,
                budget.disruptionsAllowed,
            ]
            self.generation = generation
        }
    }
}
