package import Foundation
import Model
package import Simulation
import Synchronization

/// The emulated cluster, brought to life: virtual time follows real time, events go to the log
/// and changes to whoever listens.
///
/// Everything the lab does to the cluster goes through `with`, one caller at a time.
package final class Engine: Sendable {
    /// How many virtual seconds pass in a real one.
    package let speed: Double
    private let log: EventLog?
    private let state: Mutex<State>

    private struct State {
        var cluster: EmulatedCluster
        var timeline: Timeline
        /// The instant at which the newest anchor of the timeline was dropped.
        var startedAt: ContinuousClock.Instant
        var listeners: [Int: AsyncStream<[ObjectChange]>.Continuation] = [:]
        var nextListener = 0
        /// Raised with each change, so that a saver knows whether there is something to save.
        var revision = 0
    }

    /// Goes on at the cluster's own time; `timeline` says what real times its past had.
    package init(
        _ cluster: EmulatedCluster, speed: Double, log: EventLog? = nil,
        timeline: Timeline = Timeline()
    ) {
        let speed = max(speed, 0.01)
        self.speed = speed
        self.log = log
        var timeline = timeline
        timeline.anchor(cluster.now, at: Date(), speed: speed)
        state = Mutex(
            State(cluster: cluster, timeline: timeline, startedAt: ContinuousClock.now))
    }

    /// Reads or changes the cluster as it is now: time is advanced first, and what happened is
    /// logged and published before anybody else can look.
    package func with<R: Sendable, E: Error>(
        _ body: (inout EmulatedCluster) throws(E) -> R
    ) throws(E) -> R {
        try state.withLock { (state: inout State) throws(E) -> R in
            state.cluster.advance(to: virtualNow(state))
            defer { drain(&state) }
            return try body(&state.cluster)
        }
    }

    /// What changes from now on, in order. The oldest hundred thousand batches are kept for a
    /// listener that does not read.
    package func changes() -> AsyncStream<[ObjectChange]> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: [ObjectChange].self, bufferingPolicy: .bufferingOldest(100_000))
        let number = state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in _ = state.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    /// Lets time pass until the task is cancelled. A happening is never more than
    /// `Engine.tick` late.
    package func run() async {
        while !Task.isCancelled {
            let pause = state.withLock { state -> Duration in
                let now = virtualNow(state)
                state.cluster.advance(to: now)
                drain(&state)
                guard let next = state.cluster.nextHappening else { return Self.tick }
                return min(max(.zero, (next - now) / speed), Self.tick)
            }
            do {
                try await Task.sleep(for: max(pause, .milliseconds(1)))
            } catch {
                return
            }
        }
    }

    /// The real time that belongs to a virtual one.
    package func date(at time: Duration) -> Date {
        state.withLock { $0.timeline.date(at: time) }
    }

    /// How long to wait in real time until the virtual `time`; zero when it is past.
    package func pause(until time: Duration) -> Duration {
        state.withLock { max(.zero, (time - virtualNow($0)) / speed) }
    }

    /// Everything needed to go on later, and a number that rises with each change.
    package func saved() -> (cluster: EmulatedCluster, timeline: Timeline, revision: Int) {
        state.withLock { state in
            state.cluster.advance(to: virtualNow(state))
            drain(&state)
            return (state.cluster, state.timeline, state.revision)
        }
    }

    private func virtualNow(_ state: State) -> Duration {
        let elapsed = ContinuousClock.now - state.startedAt
        return max(state.cluster.now, state.timeline.lastAnchor + elapsed * speed)
    }

    private func drain(_ state: inout State) {
        let events = state.cluster.takeEvents()
        let changes = state.cluster.takeChanges()
        if events.isEmpty && changes.isEmpty { return }
        state.revision += 1
        if let log {
            log.append(events.map { EventRecord($0, at: state.timeline.date(at: $0.time)) })
        }
        if changes.isEmpty { return }
        for listener in state.listeners.values { listener.yield(changes) }
    }

    /// The longest nap between two looks at the clock.
    private static let tick = Duration.milliseconds(20)
}
