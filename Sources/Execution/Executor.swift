package import Model

/// Walks a plan: takes answers, gives effects. Synchronous and free of clocks and ports, so that
/// the same code is driven by the live driver and by a simulation.
package struct Executor: Sendable {
    private let plan: Plan
    package private(set) var memory: Memory
    private var stage = -1
    private var lanes: [Lane] = []
    private var isInterrupted = false
    private var ending: Ending?

    private struct Ending {
        var result: RunResult
        var problem: Problem?
        var cleanUp: [Operation]
    }

    /// - Parameter records: the run's journal so far; empty for a new run.
    package init(plan: Plan, records: [JournalRecord]) {
        self.plan = plan
        memory = Memory(records)
    }

    /// The run is over; no more effects will come.
    package private(set) var isFinished = false

    package mutating func handle(_ signal: Signal, at now: Moment) -> [Effect] {
        if isFinished { return [] }
        switch signal {
        case .begin:
            let record = JournalRecord.begun(at: now.wall)
            memory.note(record)
            return [
                .record(record),
                .emit(Event(time: now.wall, kind: .runStarted, message: plan.target.title)),
            ] + nextStage(at: now)
        case .interrupted:
            return interrupt(at: now)
        case .lockLost(let problem):
            return interrupt(because: problem, at: now)
        case .observed(let lane, _), .performed(let lane, _), .evicted(let lane, _),
            .waited(let lane):
            if ending != nil { return cleanUp(after: signal, at: now) }
            guard lanes.indices.contains(lane) else { return [] }
            let effects = lanes[lane].handle(signal, memory: &memory, at: now)
            return effects + (lanes.allSatisfy { $0.isOver } ? endOfStage(at: now) : [])
        }
    }

    private mutating func nextStage(at now: Moment) -> [Effect] {
        var effects: [Effect] = []
        while true {
            stage += 1
            guard stage < plan.stages.count else { return effects + end(.done, nil, at: now) }
            let next = plan.stages[stage]
            lanes = next.lanes.enumerated().map {
                Lane(
                    index: $0.offset, steps: $0.element, run: plan.id,
                    isSinglePlane: plan.controlPlanes.count == 1)
            }
            let isSettled = next.lanes.allSatisfy { $0.allSatisfy { memory.isSettled($0.id) } }
            if !isSettled {
                effects.append(
                    .emit(Event(time: now.wall, kind: .stageStarted, message: next.title)))
            }
            for index in lanes.indices {
                effects += lanes[index].advance(&memory, at: now)
            }
            if !lanes.allSatisfy(\.isOver) { return effects }
            if lanes.contains(where: { $0.problem != nil }) {
                return effects + endOfStage(at: now)
            }
        }
    }

    private mutating func endOfStage(at now: Moment) -> [Effect] {
        let problems = lanes.compactMap(\.problem)
        guard let first = problems.first else { return nextStage(at: now) }
        var problem = first
        for other in problems.dropFirst() where other.summary != first.summary {
            if !problem.details.contains(other.summary) { problem.details.append(other.summary) }
        }
        return stop(problem, at: now)
    }

    /// Ends a run that failed: before anything was changed everything is put back and it counts as
    /// refused; afterwards it is stopped, and can be resumed.
    private mutating func stop(_ problem: Problem, at now: Moment) -> [Effect] {
        guard !memory.hasChangedAnything else {
            let kind = problem.kind == .interrupted ? problem.kind : .stopped
            var told = problem.asKind(kind)
            told.fix = Self.wayOn(problem.fix)
            told.details += installedAndNotProven
            return end(.stopped, told, at: now)
        }
        var undo: [Operation] = []
        if let edit = plan.edit, memory.intents["edit"] != nil { undo.append(.undoEdit(edit)) }
        let kind: Problem.Kind =
            switch problem.kind {
            case .stopped: .refused
            default: problem.kind
            }
        return undoing(undo) + end(.refused, problem.asKind(kind), undo: undo, at: now)
    }

    /// A run that has changed something goes on with `bump resume`, whatever the fix of the one call
    /// that failed knows of it.
    private static func wayOn(_ fix: String?) -> String {
        guard let fix else { return "bump resume" }
        if fix.contains("bump resume") || fix.contains("bump abort") { return fix }
        let again = "un the same command again"
        if fix.contains(again) {
            return fix.replacing("r" + again, with: "bump resume")
                .replacing("R" + again, with: "bump resume")
        }
        return (fix.hasSuffix(".") ? String(fix.dropLast()) : fix) + "; then: bump resume"
    }

    /// What is about to be undone is not done any more: written first, so that a run that is killed
    /// meanwhile and taken up again does it once more.
    private mutating func undoing(_ undo: [Operation]) -> [Effect] {
        guard !undo.isEmpty else { return [] }
        let record = JournalRecord.outcome(step: "edit", .failed)
        memory.note(record)
        return [.record(record)]
    }

    /// Nodes whose next boot, whoever asks for it, may run what was installed on them, and those
    /// that were asked to boot it and that nobody has judged since: a sentence each, to be said
    /// whenever a run does not go on.
    package var installedAndNotProven: [String] {
        plan.nodes.compactMap { change in
            let name = change.node.name
            guard change.method == .lifecycle, memory.intents["\(name)/install"] != nil,
                !memory.isSettled("\(name)/prove")
            else { return nil }
            if memory.isSettled("\(name)/reboot") {
                return memory.verdicts[name] == nil
                    ? "\(name) was taken down for \(change.to) and is not proven yet" : nil
            }
            guard memory.installed[name]?.isComplete == true else {
                return "\(name) was being installed: its next boot may run \(change.to)"
            }
            return memory.intents["\(name)/reboot"] == nil
                ? "\(name) has \(change.to) installed and has not booted it: its next boot does"
                : "\(name) was asked to boot \(change.to)"
        }
    }

    private mutating func end(
        _ result: RunResult, _ problem: Problem?, undo: [Operation] = [], at now: Moment
    ) -> [Effect] {
        var rest = undo
        if result != .done, memory.intents["locks"] != nil, !memory.isBetweenClusters {
            rest.append(.releaseLocks)
        }
        ending = Ending(result: result, problem: problem, cleanUp: rest)
        return cleanUp(after: nil, at: now)
    }

    private mutating func cleanUp(after signal: Signal?, at now: Moment) -> [Effect] {
        guard var current = ending else { return [] }
        if case .performed(_, .failure(let trouble)) = signal {
            current.problem?.details.append("while putting things back: \(trouble.summary)")
        }
        if let signal, case .performed = signal {} else if signal != nil { return [] }
        if let next = current.cleanUp.first {
            current.cleanUp.removeFirst()
            ending = current
            return [.perform(lane: 0, next, limit: .seconds(60), step: "clean-up")]
        }
        isFinished = true
        let record = JournalRecord.finished(current.result)
        memory.note(record)
        return [
            .record(record), .emit(last(current, at: now)),
            .finish(current.result, current.problem?.cleaned),
        ]
    }

    private func last(_ ending: Ending, at now: Moment) -> Event {
        let kind: Event.Kind =
            switch ending.result {
            case .done, .aborted: .runDone
            case .stopped: .runStopped
            case .refused: .runRefused
            }
        return Event(
            time: now.wall, kind: kind, message: ending.problem?.summary ?? plan.target.title,
            problem: ending.problem)
    }

    /// Stops at once: what is under way is left to be looked at by `resume`.
    private mutating func interrupt(
        because reason: Problem? = nil, at now: Moment
    ) -> [Effect] {
        guard !isInterrupted, ending == nil else { return [] }
        isInterrupted = true
        let problem =
            memory.hasChangedAnything
            ? Problem(.interrupted, "Interrupted.", fix: "bump resume")
            : Problem(
                .interrupted, "Interrupted before anything was changed.",
                fix: "to begin again, give the same command")
        return stop(reason ?? problem, at: now)
    }
}
