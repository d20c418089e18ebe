import Execution
import Model
import Simulation

extension RehearsalStage {
    /// Executes until the end or until the process is killed, which gives nil: after any effect,
    /// and between an answer and what is made of it.
    mutating func walk(mayCrash: Bool) -> (RunResult, Problem?)? {
        var executor = Executor(plan: plan, records: records)
        if holdsLocks, !retakeLocks() {
            world.isLocked = false
            var problem = Self.locked
            problem.details = executor.installedAndNotProven
            return (.stopped, problem)
        }
        var signal: Signal? = .begin
        let end = world.now + bound
        var rounds = 0
        while let answer = signal {
            rounds += 1
            if world.now > end || rounds > Self.rounds {
                broken = "I11: the run does not end"
                return nil
            }
            for effect in executor.handle(answer, at: world.moment) {
                if case .finish(let result, let problem) = effect {
                    if let problem { broken = invariants.judge(problem) }
                    return (result, problem)
                }
                carryOut(effect)
                if broken != nil { return nil }
                if mayCrash, crashes(after: effect) { return killed() }
            }
            signal = world.next()
            judge()
            invariants.saw(world.lastLook, in: world.cluster)
            if broken != nil { return nil }
            if world.isInterrupted { return interrupt(&executor) }
            if mayCrash, kill == nil, crashes < draw.crashes, generator.next() % 128 == 0 {
                return killed()
            }
        }
        broken = "I11: nothing is under way and the run is not over"
        return nil
    }

    private mutating func carryOut(_ effect: Effect) {
        switch effect {
        case .record(let record):
            records.append(record)
            memory.note(record)
            broken = invariants.judge(record)
        case .emit(let event):
            if draw.leaks { broken = invariants.judge(event) }
        case .perform(_, let operation, _, let step):
            broken = invariants.judge(operation, step: step, memory, world)
            world.begin(effect)
            judge()
        default:
            world.begin(effect)
            judge()
        }
    }

    private mutating func crashes(after effect: Effect) -> Bool {
        switch effect {
        case .emit, .finish, .wait, .observe: return false
        case .record:
            if let kill {
                return kill.isInAbort == invariants.isAbort && records.count == kill.write
                    && crashes == 0
            }
        case .perform, .evict:
            if kill != nil { return false }
        }
        return crashes < draw.crashes && generator.next() % 32 == 0
    }

    private mutating func killed() -> (RunResult, Problem?)? {
        crashes += 1
        world.crash()
        return nil
    }

    /// Ctrl-C: nothing further is waited for, only the clean-up is done.
    private mutating func interrupt(_ executor: inout Executor) -> (RunResult, Problem?)? {
        world.isInterrupted = false
        world.crash()
        var effects = executor.handle(.interrupted, at: world.moment)
        while !effects.isEmpty {
            let effect = effects.removeFirst()
            if case .finish(let result, let problem) = effect { return (result, problem) }
            carryOut(effect)
            guard case .perform = effect, let answer = world.next() else { continue }
            effects += executor.handle(answer, at: world.moment)
        }
        broken = "I11: the interrupted run does not end"
        return nil
    }

    /// Between the clusters of a rebuild there is nothing to hold a lock.
    private var holdsLocks: Bool {
        memory.isSettled("locks") && !memory.isSettled("unlock") && !memory.isBetweenClusters
    }

    /// A run that is taken up again takes its locks again, or does not begin.
    private mutating func retakeLocks() -> Bool {
        world.begin(.perform(lane: 0, .takeLocks, limit: .seconds(60), step: "locks"))
        guard case .performed(_, .success) = world.next() else { return false }
        return true
    }

    /// More answers than the longest run needs, many times over.
    private static let rounds = 50_000
    private static let locked = Problem(.unreachable, "The locks could not be taken again.")
}
