import Model
import Simulation
import Synchronization

/// The Kubernetes API of an emulated cluster: objects, rules and watches, without sockets.
///
/// Every listener of the cluster answers through the same value, as all API servers share one etcd.
package final class ClusterAPI: Sendable {
    private let engine: Engine
    private let state: Mutex<APIState>
    private let hub = WatchHub()

    /// What has to be kept to go on later: everything that users made.
    package struct Saved: Sendable, Codable {
        var state: APIState
    }

    /// - Parameter saved: what `saved` gave before the lab was stopped; nil for a new cluster.
    package init(engine: Engine, saved: Saved? = nil, surroundings: Surroundings? = nil) {
        self.engine = engine
        let (cluster, timeline, _) = engine.saved()
        var state = saved?.state ?? APIState(seed: cluster.blueprint.seed)
        state.timeline = timeline
        state.surroundings = surroundings
        self.state = Mutex(state)
    }

    package var saved: Saved { state.withLock { Saved(state: $0) } }

    /// Answers one request. A watch is answered at once, its lines come later.
    package func answer(_ request: APIRequest) -> APIResponse {
        state.withLock { state in
            let response = engine.with { cluster -> APIResponse in
                state.now = state.date(cluster.now)
                if let open = state.answerWithoutCluster(request, cluster: cluster) { return open }
                guard cluster.quorate else { return .failure(.noQuorum) }
                state.sync(&cluster)
                let answer = Self.answer(request, &state, &cluster, hub)
                state.sync(&cluster)
                return answer
            }
            hub.publish(state.store.takeUnpublished(), now: state.now)
            return response
        }
    }

    /// Brings the objects up to date with the cluster and tells the watches.
    package func refresh() {
        state.withLock { state in
            engine.with { cluster in
                state.now = state.date(cluster.now)
                state.forgetLostCluster(cluster)
                guard cluster.quorate else { return }
                state.sync(&cluster)
            }
            hub.publish(state.store.takeUnpublished(), now: state.now)
        }
    }

    /// Lets the controllers work that go by the clock. What they change in the cluster comes back
    /// by `follow`.
    private func tick() {
        state.withLock { state in
            guard state.hasControllersAtWork else { return }
            engine.with { cluster in
                guard cluster.quorate, state.isSeeded else { return }
                state.now = state.date(cluster.now)
                state.runControllers(&cluster)
            }
            hub.publish(state.store.takeUnpublished(), now: state.now)
        }
    }

    /// Tells the watches what happens in the cluster, until the task is cancelled.
    package func follow() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in self.engine.changes() { self.refresh() }
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.controllerPeriod)) != nil {
                    self.tick()
                }
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.bookmarkPeriod)) != nil {
                    let revision = self.state.withLock { $0.store.revision }
                    self.hub.bookmark(revision: revision)
                }
            }
        }
    }

    private static func answer(
        _ request: APIRequest, _ state: inout APIState, _ cluster: inout EmulatedCluster,
        _ hub: WatchHub
    ) -> APIResponse {
        do {
            return try state.route(request, &cluster, hub)
        } catch let failure as APIFailure {
            return .failure(failure)
        } catch {
            return .failure(APIFailure(.internalError, "Internal error occurred"))
        }
    }

    /// How often controllers look that work by the clock.
    private static let controllerPeriod = Duration.milliseconds(100)
    private static let bookmarkPeriod = Duration.seconds(60)
}
