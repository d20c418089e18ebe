import Execution
import Model
import Planning
import Simulation

/// The moving parts of one rehearsal: the run with all its attempts and, when it cannot be
/// finished, the run that backs out of it.
struct RehearsalStage {
    let draw: Draw
    let kill: Rehearsal.Kill?
    var world: SimulatedWorld
    var plan: Plan
    var records: [JournalRecord] = []
    /// Of the run that was backed out of.
    var runRecords: [JournalRecord]?
    var memory = Memory()
    var invariants: Invariants
    var bound: Duration
    var crashes = 0
    var generator: SeededGenerator
    var log: [LabEvent] = []
    var broken: String?

    init(draw: Draw, cluster: EmulatedCluster, kill: Rehearsal.Kill?) {
        self.draw = draw
        self.kill = kill
        let run = RunID("rehearsal-\(draw.seed)")
        world = SimulatedWorld(cluster: cluster, draw: draw, run: run)
        plan = draw.plan(for: cluster, world.repository, run)
        invariants = Invariants(
            plan: plan, cordoned: Set([draw.cordoned].compactMap(\.self)),
            isEtcdDisturbed: draw.task != .upgrade
                || draw.disturbances.contains {
                    $0.node.text.hasPrefix("cp") || $0.kind == .fault(.staleEtcdMember)
                },
            lagging: draw.lagging)
        bound = invariants.bound
        generator = SeededGenerator(seed: draw.seed &+ 0x9e37)
        _ = world.cluster.takeEvents()
    }

    mutating func run() -> Rehearsal.Outcome {
        check()
        if plan.hasErrors || broken != nil { return outcome(.refused, nil) }
        draw.strike(&world.cluster)
        var end = attempts()
        if broken == nil, end?.0 == .stopped, draw.task == .upgrade {
            end = backOut()
            if end?.0 == .done { end = (.aborted, nil) }
        }
        return outcome(end?.0, end?.1)
    }

    /// The plan's execution, and resumes until it is over or nothing but backing out is left.
    private mutating func attempts() -> (RunResult, Problem?)? {
        var stops = 0
        for attempt in 0..<Self.attempts {
            let isLast = attempt >= Self.attempts - 6
            if isLast { world.disturbances = [] }
            let end = walk(mayCrash: !isLast) ?? written
            judge()
            if broken != nil { return nil }
            guard let end else {
                world.rest(downtime())
                judge()
                if draw.abortsWhenKilled { return (.stopped, nil) }
                continue
            }
            broken = broken ?? invariants.judgeEnd(end.0, end.1, world, memory)
            if broken != nil || end.0 != .stopped { return end }
            stops += 1
            heal()
            if isLast { world.makeRoom() }
            let mustAbort = draw.task == .upgrade && memory.verdicts.contains(where: isFinal)
            // Taken up once more all the same: a node that fell back must not be touched again.
            if mustAbort, stops > 1 || draw.abortsWhenStopped { return end }
            if draw.abortsWhenStopped, memory.verdicts.isEmpty { return end }
            if attempt == Self.attempts - 1, !mustAbort {
                if isCramped { return end }
                broken = "I11: all is well and it still stops: \(end.1?.summary ?? "")"
                return nil
            }
        }
        broken = "I11: no end after \(Self.attempts) attempts"
        return nil
    }

    private func isFinal(_ node: NodeName, _ verdict: NodeVerdict) -> Bool {
        switch verdict {
        case .fellBack, .rolledBack: true
        case .neverWentDown, .notInstalled: false
        // What the boot brought is not mended by waiting.
        case .unhealthy, .unreachable: !invariants.keepsPromise(node, in: world.cluster)
        }
    }

    /// `bump abort` on what the run left behind.
    private mutating func backOut() -> (RunResult, Problem?)? {
        let run = plan
        let id = RunID("abort-\(draw.seed)")
        plan = planAbort(of: run, id)
        if plan.hasErrors {
            // Somebody sees to what it says first.
            heal()
            plan = planAbort(of: run, id)
        }
        check()
        if plan.hasErrors { broken = "abort: \(plan.findings.first?.summary ?? "")" }
        if broken != nil { return nil }
        world.run = id
        runRecords = records
        records = []
        memory = Memory()
        let before = invariants
        invariants = Invariants(
            plan: plan, cordoned: before.foreign, isEtcdDisturbed: before.isEtcdDisturbed,
            lagging: draw.lagging)
        invariants.installing = Set(
            world.cluster.machines.values.lazy.filter { $0.installerEndsAt != nil }.map(\.name))
        bound = invariants.bound
        for attempt in 0..<Self.attempts {
            let isLast = attempt >= Self.attempts - 6
            if isLast { world.disturbances = [] }
            let end = walk(mayCrash: !isLast) ?? written
            judge()
            if broken != nil { return nil }
            guard let end else {
                world.rest(downtime())
                judge()
                continue
            }
            broken = broken ?? invariants.judgeEnd(end.0, end.1, world, memory)
            if broken != nil { return end }
            if end.0 == .done {
                broken = invariants.judgeAbort(of: run, world)
                return end
            }
            // Refused: nothing was changed yet, and it may be asked for again.
            records = end.0 == .refused ? [] : records
            memory = Memory(records)
            heal()
            if isLast { world.makeRoom() }
            if attempt == Self.attempts - 1 {
                if isCramped { return end }
                broken = "I11: all is well and the abort stops: \(end.1?.summary ?? "")"
                return nil
            }
        }
        broken = "I11: no end after \(Self.attempts) attempts to abort"
        return nil
    }

    private func planAbort(of run: Plan, _ id: RunID) -> Plan {
        AbortPlanner(
            snapshot: draw.snapshot(of: world.cluster, world.repository), run: run,
            touched: memory.installed, id: id, now: 0
        ).plan()
    }

    /// The end of a run that was killed after it had written its end.
    private var written: (RunResult, Problem?)? {
        switch memory.result {
        case nil, .stopped: nil
        case .done: (.done, nil)
        case let result?: (result, Problem(.refused, "The journal tells of it."))
        }
    }

    /// Budgets may never let a drain end: the only worker is drained, or somebody else decides
    /// where pods may go.
    private var isCramped: Bool {
        draw.workers == 1 || draw.cordoned != nil
            || draw.disturbances.contains { $0.kind == .cordon }
    }

    private mutating func check() {
        let findings = Checker(plan).findings()
        if let finding = findings.first(where: { $0.severity == .error }) {
            broken = "checker: \(finding.summary)"
        }
        if draw.leaks, plan.findings.contains(where: { SimulatedSecret.isTold(by: $0.summary) }) {
            broken = "I10: the plan tells a secret"
        }
    }

    /// Lets the invariants judge what has happened since.
    mutating func judge() {
        for event in world.cluster.takeEvents() {
            log.append(event)
            if broken == nil { broken = invariants.judge(event, in: world.cluster) }
        }
    }

    private mutating func heal() {
        world.heal()
        judge()
    }

    /// How long nobody takes a killed run up again.
    private mutating func downtime() -> Duration {
        [.zero, .milliseconds(700), .seconds(4), .seconds(30)][Int(generator.next() % 4)]
    }

    private func outcome(_ result: RunResult?, _ problem: Problem?) -> Rehearsal.Outcome {
        Rehearsal.Outcome(
            broken: broken, result: result, problem: problem, crashes: crashes, events: log,
            records: runRecords ?? records, abortRecords: runRecords == nil ? [] : records,
            virtualTime: world.now)
    }

    private static let attempts = 12
}
