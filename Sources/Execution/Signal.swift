package import Model

/// What reaches the executor: answers to the effects it asked for. One answer for each effect
/// that expects one; a lane never has two effects outstanding.
package enum Signal: Sendable {
    case begin
    case observed(lane: Int, Observation)
    case performed(lane: Int, Result<OperationResult, Problem>)
    /// The answers to `Effect.evict`, in the order asked.
    case evicted(lane: Int, [EvictionAnswer])
    case waited(lane: Int)
    /// The user wants it to stop.
    case interrupted
    /// The cluster's lock is somebody else's by now: this run must not go on.
    case lockLost(Problem)
}

/// What was looked at.
package enum Subject: Sendable, Equatable {
    case node(NodeIdentity)
    case cluster
    case pods(NodeName)
    case component(KubernetesComponent, NodeIdentity)
}

/// What was seen.
package enum Observation: Sendable {
    case node(NodeFacts)
    case cluster(ClusterFacts)
    case pods(Observed<[PodFacts]>)
    case component(ComponentFacts)
}

/// What the executor wants done. The driver performs effects in order; `record` must be durable
/// before anything behind it begins.
package indirect enum Effect: Sendable {
    case record(JournalRecord)
    case emit(Event)
    case observe(lane: Int, Subject)
    case perform(lane: Int, Operation, limit: Duration, step: String)
    case evict(lane: Int, [PodReference])
    case wait(lane: Int, Duration)
    case finish(RunResult, Problem?)
}

/// The time an effect or signal belongs to.
package struct Moment: Sendable {
    /// Since some fixed point, never jumping: deadlines are reckoned by it.
    package var elapsed: Duration
    /// Seconds since 1970, UTC: shown and recorded.
    package var wall: Double

    package init(elapsed: Duration, wall: Double) {
        self.elapsed = elapsed
        self.wall = wall
    }
}
