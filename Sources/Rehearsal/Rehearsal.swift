import Execution
package import Model
import Planning
package import Simulation

/// One whole upgrade against the emulated cluster: plan, check, execute, with faults and crashes,
/// every invariant judged after every event. The same seed gives the same run, always.
package struct Rehearsal: Sendable {
    package let seed: UInt64
    private let draw: Draw

    package init(seed: UInt64) {
        self.seed = seed
        draw = Draw(seed: seed)
    }

    /// How a rehearsed run went.
    package struct Outcome: Sendable {
        /// The broken invariant; nil when none was.
        package var broken: String?
        package var result: RunResult?
        package var problem: Problem?
        package var crashes: Int
        package var events: [LabEvent]
        /// Records of the run's journal, in order.
        package var records: [JournalRecord]
        package var virtualTime: Duration
    }

    /// What the seed means, in one line.
    package var scenario: String { draw.description }

    /// Runs it on a cluster from the stock. `crashAfter` kills the process after so many journal
    /// writes, once, instead of where the seed says.
    package func run(on stock: inout ClusterStock, crashAfter: Int? = nil) -> Outcome {
        var stage = RehearsalStage(draw: draw, cluster: stock.take(draw), crashAfter: crashAfter)
        return stage.run()
    }

    /// Runs it on a cluster of its own.
    package func run(crashAfter: Int? = nil) -> Outcome {
        var stock = ClusterStock()
        return run(on: &stock, crashAfter: crashAfter)
    }
}

/// The moving parts of one rehearsal.
struct RehearsalStage {
    private let draw: Draw
    private let crashAfter: Int?
    private var world: SimulatedWorld
    private let plan: Plan
    private var records: [JournalRecord] = []
    private var invariants: Invariants
    private var crashes = 0
    private var generator: SeededGenerator
    private var log: [LabEvent] = []
    private var broken: String?
    private let cordonedBefore: Set<NodeName>

    init(draw: Draw, cluster: EmulatedCluster, crashAfter: Int?) {
        self.draw = draw
        self.crashAfter = crashAfter
        let run = RunID("rehearsal-\(draw.seed)")
        let snapshot = draw.snapshot(of: cluster)
        plan = Planner(snapshot: snapshot, options: draw.options, id: run, now: 0)
            .talosPlan(to: draw.target)
        world = SimulatedWorld(cluster: cluster, declared: draw.talos.tag, run: run)
        invariants = Invariants(plan: plan)
        generator = SeededGenerator(seed: draw.seed &+ 0x9e37)
        cordonedBefore = Set(cluster.nodes.values.filter(\.isCordoned).map(\.name))
        _ = world.cluster.takeEvents()
    }

    mutating func run() -> Rehearsal.Outcome {
        let findings = Checker(plan).findings().filter { $0.severity == .error }
        if let finding = findings.first { broken = "checker: \(finding.summary)" }
        if plan.hasErrors { return outcome(.refused, nil) }
        draw.strike(&world.cluster)
        var end: (RunResult, Problem?)?
        for attempt in 0..<Self.attempts where broken == nil {
            end = walk(mayCrash: attempt < Self.attempts - 2)
            if let end, end.0 != .stopped { break }
            if end != nil { heal() }
        }
        guard broken == nil else { return outcome(end?.0, end?.1) }
        guard let end else {
            broken = "I11: no end after \(Self.attempts) attempts"
            return outcome(nil, nil)
        }
        broken = invariants.judgeEnd(end.0, world, cordonedBefore: cordonedBefore)
        return outcome(end.0, end.1)
    }

    /// Executes until the end or a crash; nil when it crashed.
    private mutating func walk(mayCrash: Bool) -> (RunResult, Problem?)? {
        var executor = Executor(plan: plan, records: records)
        var signal: Signal? = .begin
        var rounds = 0
        while let answer = signal {
            rounds += 1
            if rounds > Self.rounds {
                broken = "I11: the run does not end"
                return nil
            }
            for effect in executor.handle(answer, at: world.moment) {
                switch effect {
                case .record(let record):
                    records.append(record)
                    if mayCrash, crashes(after: records.count) {
                        crashes += 1
                        world.crash()
                        return nil
                    }
                case .finish(let result, let problem): return (result, problem)
                default: world.begin(effect)
                }
            }
            signal = world.next()
            judge()
            if broken != nil { return nil }
        }
        broken = "I11: nothing is under way and the run is not over"
        return nil
    }

    private mutating func judge() {
        for event in world.cluster.takeEvents() {
            log.append(event)
            if broken == nil {
                broken = invariants.judge(event, in: world.cluster)
            }
        }
    }

    private mutating func crashes(after count: Int) -> Bool {
        if let crashAfter { return count == crashAfter && crashes == 0 }
        return crashes < draw.crashes && generator.next() % 24 == 0
    }

    /// Somebody mends what is broken before the run is taken up again.
    private mutating func heal() {
        world.cluster.inject(.heal, on: nil)
        world.cluster.advance(to: world.now + .seconds(60))
        judge()
    }

    private func outcome(_ result: RunResult?, _ problem: Problem?) -> Rehearsal.Outcome {
        Rehearsal.Outcome(
            broken: broken, result: result, problem: problem, crashes: crashes, events: log,
            records: records, virtualTime: world.now)
    }

    private static let attempts = 8
    private static let rounds = 200_000
}
