import Model

/// Steps that follow each other: the state machine of one lane of one stage.
///
/// A lane asks for one effect at a time and is told of its answer. It settles each step through
/// the same phases: gates, look, act, prove.
struct Lane {
    let index: Int
    let steps: [Step]
    let run: RunID
    /// The cluster has one control plane: etcd is away with it, whatever is asked.
    let isSinglePlane: Bool
    var position = 0
    var phase = Phase.ready
    /// When the present phase began, and when it must have ended.
    var since = Duration.zero
    var deadline = Duration.zero
    /// When the gates of the present step were last found open, and how often they were asked again.
    var gatesOpenedAt = Duration.zero
    var regates = 0
    /// What the present wait was last said to wait for.
    var lastWord = ""
    var facts: NodeFacts?
    /// How many of the last looks for a proof in a row were not answered.
    var silentLooks = 0
    var startedAt: Double = 0
    /// What the lane fails with once the node is uncordoned.
    var pendingProblem: Problem?
    /// The pods whose eviction was asked for last.
    var leaving: [PodReference] = []
    /// What a node lacked that is rolled back for it.
    var lacking: [String] = []
    /// Whether etcd answered since a rollback was thought of.
    var etcdWasSeen = false
    /// The boot in which a rollback was asked for.
    var rollbackBoot: String?

    init(
        index: Int, steps: [Step], run: RunID, isSinglePlane: Bool
    ) {
        self.index = index
        self.steps = steps
        self.run = run
        self.isSinglePlane = isSinglePlane
    }

    enum Phase: Equatable {
        case ready
        case gating
        /// Looking whether the step is already true.
        case looking
        case acting
        /// Waiting for an installer whose end nobody will hear of.
        case awaitingInstaller
        case draining
        case proving
        case provingEtcd
        case provingComponent
        case soaking
        /// Bringing a node back that runs the new version but is not healthy.
        case recovering(Recovery)
        case done
        case failed(Problem)
    }

    enum Recovery: Equatable {
        case askingEtcd, rollingBack, proving, uncordoning
    }

    var step: Step? { position < steps.count ? steps[position] : nil }

    var isOver: Bool {
        switch phase {
        case .done, .failed: true
        default: false
        }
    }

    var hasBegun: Bool { position > 0 || phase != .ready }

    var problem: Problem? {
        if case .failed(let problem) = phase { return problem }
        return nil
    }

    /// Goes on to the next step that is not settled, and gives its first effect.
    mutating func advance(_ memory: inout Memory, at now: Moment) -> [Effect] {
        while let step, memory.isSettled(step.id) { position += 1 }
        guard let step else {
            phase = .done
            return []
        }
        startedAt = now.wall
        lastWord = ""
        regates = 0
        let started = event(.stepStarted, step.title, at: now)
        if step.gates.isEmpty { return [started] + afterGates(&memory, at: now) }
        enter(.gating, for: Self.gateLimit(of: step), at: now)
        return [started] + askGates()
    }

    /// Takes in the answer to the last effect.
    mutating func handle(_ answer: Signal, memory: inout Memory, at now: Moment) -> [Effect] {
        guard position < steps.count else { return [] }
        switch phase {
        case .gating: return gating(answer, &memory, at: now)
        case .looking: return looked(answer, &memory, at: now)
        case .acting: return acted(answer, &memory, at: now)
        case .awaitingInstaller: return awaitedInstaller(answer, &memory, at: now)
        case .draining: return draining(answer, &memory, at: now)
        case .proving, .provingEtcd: return proving(answer, &memory, at: now)
        case .provingComponent: return provingComponent(steps[position], answer, &memory, at: now)
        case .soaking: return settle(.done, &memory, at: now)
        case .recovering(let stage):
            return recovering(stage, steps[position], answer, &memory, at: now)
        case .ready, .done, .failed: return []
        }
    }

    // MARK: Acting

    /// The gates hold: what the step needs first.
    mutating func afterGates(_ memory: inout Memory, at now: Moment) -> [Effect] {
        guard let step else { return [] }
        gatesOpenedAt = now.elapsed
        switch step.action {
        case .check:
            return settle(.done, &memory, at: now)
        case .soak(let duration):
            enter(.soaking, for: duration, at: now)
            return [.wait(lane: index, duration)]
        case .drain(let node):
            enter(.draining, for: step.limit, at: now)
            return intent(nil, &memory) + [.observe(lane: index, .pods(node.name))]
        case .prove(let node, _):
            enter(.proving, for: step.limit, at: now)
            return [.observe(lane: index, .node(node))]
        case .proveComponent(let component, _, let node):
            enter(.provingComponent, for: step.limit, at: now)
            return [.observe(lane: index, .component(component, node))]
        case .perform(let operation):
            if let node = Looking.subject(of: operation) {
                enter(.looking, for: step.limit, at: now)
                return [.observe(lane: index, .node(node))]
            }
            return act(operation, bootID: nil, &memory, at: now)
        }
    }

    private mutating func looked(
        _ answer: Signal, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard let step, case .perform(let operation) = step.action else { return [] }
        if case .waited = answer, let node = Looking.subject(of: operation) {
            return [.observe(lane: index, .node(node))]
        }
        guard case .observed(_, .node(let facts)) = answer else { return [] }
        self.facts = facts
        switch Looking(memory: memory, run: run, step: step, steps: steps)
            .decide(operation, facts)
        {
        case .act:
            if !step.gates.isEmpty, now.elapsed - gatesOpenedAt > Self.gatesHoldFor {
                return askAgain(step, &memory, at: now)
            }
            return act(operation, bootID: facts.bootID, &memory, at: now)
        case .alreadyTrue: return settle(.done, &memory, at: now)
        case .skip(let why): return settle(.skipped, saying: why, &memory, at: now)
        case .refuse(let problem): return fail(problem, &memory, at: now)
        case .unclear: return settleUnclear(&memory, at: now)
        case .awaitInstaller(let node): return awaitInstaller(of: node, step, &memory, at: now)
        case .wait(let what):
            if now.elapsed < deadline {
                return word("waiting for \(what)", at: now) + [pause(at: now)]
            }
            return fail(
                Problem(
                    .stopped, "Waited in vain for \(what).",
                    fix: "look at the machine's console; when it answers: bump resume"), &memory,
                at: now)
        }
    }

    /// What the gates said is too old to act on.
    private mutating func askAgain(
        _ step: Step, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        regates += 1
        guard regates <= Self.mostRegates else {
            return fail(
                Problem(
                    .stopped, "The cluster answers too slowly to act on what it says.",
                    fix: "bump status, then: bump resume"), &memory, at: now)
        }
        enter(.gating, for: Self.gateLimit(of: step), at: now)
        return askGates()
    }

    private mutating func act(
        _ operation: Operation, bootID: String?, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard let step else { return [] }
        // After a lost answer the time goes on from the first attempt.
        if phase == .looking { phase = .acting } else { enter(.acting, for: step.limit, at: now) }
        return intent(bootID, &memory) + [
            .perform(lane: index, operation, limit: step.limit, step: step.id)
        ]
    }

    private mutating func acted(
        _ answer: Signal, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard case .performed(_, let result) = answer else { return [] }
        switch result {
        case .success(.done(let detail)): return settle(.done, saying: detail, &memory, at: now)
        case .success(.evicted): return settle(.done, &memory, at: now)
        case .failure(let problem):
            if isAnswerLost(problem), now.elapsed < deadline {
                phase = .looking
                return word("no answer to \"\(step?.title ?? "")\"; looking again", at: now)
                    + [pause(at: now)]
            }
            return fail(problem, &memory, at: now)
        }
    }

    private mutating func awaitInstaller(
        of node: NodeIdentity, _ step: Step, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        phase = .awaitingInstaller
        let said = word("waiting for an installer that may run on \(node.name)", at: now)
        return said + [
            .perform(lane: index, .awaitInstaller(node), limit: step.limit, step: step.id)
        ]
    }

    private mutating func awaitedInstaller(
        _ answer: Signal, _ memory: inout Memory, at now: Moment
    ) -> [Effect] {
        guard case .performed(_, let result) = answer else { return [] }
        guard case .failure(let problem) = result else { return settleUnclear(&memory, at: now) }
        if isAnswerLost(problem), now.elapsed < deadline {
            phase = .looking
            return word("no answer; looking again", at: now) + [pause(at: now)]
        }
        return fail(problem, &memory, at: now)
    }

    private mutating func settleUnclear(_ memory: inout Memory, at now: Moment) -> [Effect] {
        settle(
            .unclear, saying: "how it ended is not known, the next boot tells", &memory, at: now)
    }

    /// A call that changes a node may have been heard although its answer was not.
    private func isAnswerLost(_ problem: Problem) -> Bool {
        guard problem.kind == .unreachable else { return false }
        return switch step?.action {
        case .perform(.upgrade), .perform(.install), .perform(.awaitInstaller), .perform(.reboot),
            .perform(.rollback), .perform(.cordon), .perform(.uncordon):
            true
        default: false
        }
    }

    // MARK: Settling

    mutating func settle(
        _ outcome: JournalRecord.Outcome, saying detail: String? = nil, _ memory: inout Memory,
        at now: Moment
    ) -> [Effect] {
        guard let step else { return [] }
        let record = JournalRecord.outcome(step: step.id, outcome)
        memory.note(record)
        let kind: Event.Kind = outcome == .skipped ? .stepSkipped : .stepDone
        let said = event(kind, detail.map { "\(step.title): \($0)" } ?? step.title, at: now)
        position += 1
        phase = .ready
        return [.record(record), said] + advance(&memory, at: now)
    }

    mutating func fail(_ problem: Problem, _ memory: inout Memory, at now: Moment) -> [Effect] {
        guard let step else { return [] }
        let record = JournalRecord.outcome(step: step.id, .failed)
        memory.note(record)
        var located = problem
        located.location = problem.location ?? step.node?.text
        phase = .failed(located)
        return [
            .record(record), event(.stepFailed, step.title, at: now, problem: located),
        ]
    }

    private func intent(_ bootID: String?, _ memory: inout Memory) -> [Effect] {
        guard let step else { return [] }
        // The boot before the first attempt is the one that counts.
        if let known = memory.intents[step.id], known != nil { return [] }
        let record = JournalRecord.intent(step: step.id, bootID: bootID)
        memory.note(record)
        return [.record(record)]
    }

    mutating func enter(_ phase: Phase, for limit: Duration, at now: Moment) {
        self.phase = phase
        since = now.elapsed
        deadline = now.elapsed + limit
    }

    /// Says what is waited for, once for each change of it.
    mutating func word(_ text: String, at now: Moment) -> [Effect] {
        guard text != lastWord else { return [] }
        lastWord = text
        return [event(.progress, text, at: now)]
    }

    /// How long to wait before looking again: a small share of what was waited already, so that
    /// neither a quick node is kept waiting nor a slow one pestered.
    func pause(at now: Moment) -> Effect {
        let waited = now.elapsed - since
        return .wait(lane: index, min(max(waited / 50, .milliseconds(20)), .seconds(2)))
    }

    func event(
        _ kind: Event.Kind, _ message: String, at now: Moment, problem: Problem? = nil
    ) -> Effect {
        .emit(
            Event(
                time: now.wall, kind: kind, step: step?.id, node: step?.node, message: message,
                problem: problem))
    }

    private static let gatesHoldFor = Duration.seconds(3)
    private static let mostRegates = 10

    private static func gateLimit(of step: Step) -> Duration {
        if case .check = step.action { return step.limit }
        return max(min(step.limit, .seconds(120)), .seconds(30))
    }
}
