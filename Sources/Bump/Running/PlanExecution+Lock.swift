import Execution
import Foundation
import Kubernetes
import Model

extension PlanExecution {
    /// Refuses while another run holds the cluster's lock, or left it behind and nobody said that
    /// it may be taken over. A cluster that does not answer is not locked: the inspection tells
    /// more.
    ///
    /// - Parameter own: the run that is taken up again.
    mutating func checkLock(
        _ connection: Workspace.Connection, own: RunID? = nil, takesOver: Bool
    ) async throws {
        let lock = clusterLock(connection)
        do {
            deadHolder = try await lock.check(own: own, takesOver: takesOver)
        } catch let problem as Problem where problem.kind == .refused {
            throw problem
        } catch {}
    }

    /// Nothing is open in this repository: a run may be under way, or may have been left behind,
    /// by another machine or another clone all the same. Its journal is there, not here.
    func refuseRunFromElsewhere() async throws {
        guard let connection = try? await workspace.connect() else { return }
        let lock = clusterLock(connection)
        do {
            // A run that is over here and could not give the lock back.
            if let holder = try await lock.check(takesOver: false) {
                try await connection.cluster.releaseLease(holder: holder)
            }
        } catch var problem as Problem where problem.kind == .refused {
            problem.details.append(
                "The journal of that run is not in this repository: only where it was begun can "
                    + "it be finished.")
            throw problem
        } catch {}
    }

    private func clusterLock(_ connection: Workspace.Connection) -> ClusterLock {
        ClusterLock(
            cluster: connection.cluster, world: workspace.world, store: workspace.store)
    }

    /// A single control plane takes the Kubernetes API away while it reboots, also under a run that
    /// was killed meanwhile. Waits until it answers, at most as long as a boot may take.
    func awaitCluster(_ connection: Workspace.Connection, of plan: Plan) async throws {
        guard plan.nodes.contains(where: { $0.node.role == .controlPlane }) else { return }
        let clock = workspace.world.clock
        let deadline = clock().elapsed + plan.options.limits.boot
        var hasSaid = false
        while true {
            do {
                _ = try await connection.cluster.leaseFacts()
                return
            } catch let problem as Problem
                where problem.kind == .unreachable && clock().elapsed < deadline
            {
                if !hasSaid, !shared.json {
                    output.talk("Waiting for the Kubernetes API: \(problem.summary)")
                }
                hasSaid = true
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
