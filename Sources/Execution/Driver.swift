package import Model

/// Performs the executor's effects on the live world.
package struct Driver {
    package typealias Answer = Result<OperationResult, Problem>
    package typealias Shield = @Sendable (@escaping @Sendable () async -> Answer) async -> Answer

    private let plan: Plan
    private let journal: Journal
    private let performer: Performer
    private let shield: Shield
    private let clock: @Sendable () -> Moment
    private let sink: @Sendable (Event) -> Void
    private let isReconnected: Bool

    /// What a run ends with, without a record, when it wants to go on with the credentials of a new
    /// cluster: make new clients and run again.
    package static let reconnection = Problem(.stopped, "The run goes on in the new cluster.")

    /// - Parameters:
    ///   - controlPlanes: every control plane of the cluster: who is asked about etcd.
    ///   - shield: runs its argument to the end although the present task was cancelled.
    ///   - isReconnected: whether the clients were made after the cluster was.
    ///   - sink: hears every event, from several tasks.
    package init(
        plan: Plan, journal: Journal, observing: any Observing, operating: Operator,
        controlPlanes: [NodeIdentity], shield: @escaping Shield,
        isReconnected: Bool = false, clock: @escaping @Sendable () -> Moment,
        sink: @escaping @Sendable (Event) -> Void
    ) {
        self.isReconnected = isReconnected
        self.plan = plan
        self.journal = journal
        performer = Performer(
            observing: observing, operating: operating, controlPlanes: controlPlanes)
        self.shield = shield
        self.clock = clock
        self.sink = sink
    }

    /// Runs until done, stopped or refused. Cancelling the task stops it at once, resumable.
    /// Throws only when the journal cannot be written.
    package func run() async throws -> (RunResult, Problem?) {
        var executor = Executor(plan: plan, records: journal.records)
        if holdsLocks(executor.memory) {
            do {
                _ = try await performer.perform(.takeLocks, limit: .seconds(60)).get()
            } catch {
                var problem = Problem(error)
                problem.details += executor.installedAndNotProven
                throw problem
            }
        }
        let performer = performer
        return try await withThrowingTaskGroup(of: Signal?.self) { group in
            group.addTask {
                await performer.keepLease().map(Signal.lockLost)
            }
            let end = try await walk(&executor, &group)
            group.cancelAll()
            return end
        }
    }

    /// A cluster that is being destroyed and made anew holds no Lease.
    private func holdsLocks(_ memory: Memory) -> Bool {
        guard memory.isSettled("locks"), !memory.isSettled("unlock") else { return false }
        return !memory.isBetweenClusters
    }

    private func walk(
        _ executor: inout Executor, _ group: inout ThrowingTaskGroup<Signal?, any Error>
    ) async throws -> (RunResult, Problem?) {
        var signal = Signal.begin
        while true {
            for effect in executor.handle(signal, at: clock()) {
                if let end = try start(effect, &group) { return end }
            }
            var next: Signal?
            while next == nil, !Task.isCancelled {
                guard let answer = try await group.next() else { break }
                next = answer
            }
            if Task.isCancelled {
                return try await interrupt(&executor, &group, with: .interrupted)
            }
            if case .lockLost(let problem) = next {
                return try await interrupt(&executor, &group, with: .lockLost(problem))
            }
            guard let next else {
                throw Problem(.bug, "The run has nothing left to wait for and is not over.")
            }
            signal = next
        }
    }

    /// Answers at once. What is under way is cancelled, and its answer does not count; but it must
    /// have ended before anything is put back, or it would be done after that. The clean-up is out
    /// of the cancelled task's reach, and bounded.
    private func interrupt(
        _ executor: inout Executor, _ group: inout ThrowingTaskGroup<Signal?, any Error>,
        with signal: Signal
    ) async throws -> (RunResult, Problem?) {
        sink(Event(time: clock().wall, kind: .progress, message: "stopping"))
        group.cancelAll()
        while !group.isEmpty { _ = try? await group.next() }
        var effects = executor.handle(signal, at: clock())
        while !effects.isEmpty {
            let effect = effects.removeFirst()
            switch effect {
            case .record(let record): try journal.append(record)
            case .emit(let event): sink(event)
            case .finish(let result, let problem): return (result, problem)
            case .perform(let lane, let operation, _, _):
                let performer = performer
                let answer = await shield {
                    await performer.perform(operation, limit: .seconds(5))
                }
                effects += executor.handle(.performed(lane: lane, answer), at: clock())
            case .observe, .evict, .wait: break
            }
        }
        return (.stopped, Problem(.interrupted, "Interrupted.", fix: "bump resume"))
    }

    private func start(
        _ effect: Effect, _ group: inout ThrowingTaskGroup<Signal?, any Error>
    ) throws -> (RunResult, Problem?)? {
        let performer = performer
        switch effect {
        case .record(let record):
            try journal.append(record)
        case .emit(let event):
            sink(event)
        case .finish(let result, let problem):
            return (result, problem)
        case .observe(let lane, let subject):
            group.addTask { .observed(lane: lane, await performer.look(at: subject)) }
        case .perform(_, .reconnect, _, _) where !isReconnected:
            return (.stopped, Self.reconnection)
        case .perform(let lane, let operation, let limit, let step):
            let report = reporter(step: step, operation: operation)
            group.addTask {
                .performed(
                    lane: lane,
                    await performer.perform(operation, limit: limit, report: report))
            }
        case .evict(let lane, let pods):
            group.addTask { .evicted(lane: lane, await performer.evict(pods)) }
        case .wait(let lane, let duration):
            group.addTask {
                try? await Task.sleep(for: duration)
                return .waited(lane: lane)
            }
        }
        return nil
    }

    private func reporter(
        step: String, operation: Operation
    ) -> @Sendable (String) -> Void {
        let sink = sink
        let clock = clock
        let node = plan.steps.first { $0.id == step }?.node
        return { text in
            sink(
                Event(
                    time: clock().wall, kind: .progress, step: step, node: node, message: text))
        }
    }

}
