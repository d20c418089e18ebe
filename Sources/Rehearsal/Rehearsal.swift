package import Model
package import Simulation

/// One whole upgrade against the emulated cluster: plan, check, execute, with faults and crashes,
/// every invariant judged after every event. The same seed gives the same run, always.
package struct Rehearsal: Sendable {
    package let seed: UInt64
    private let draw: Draw

    package init(seed: UInt64) { self.init(Draw(seed: seed)) }

    init(_ draw: Draw) {
        seed = draw.seed
        self.draw = draw
    }

    /// How a rehearsed run went.
    package struct Outcome: Sendable {
        /// The broken invariant; nil when none was.
        package var broken: String?
        /// `aborted` when the run had to be backed out of.
        package var result: RunResult?
        package var problem: Problem?
        package var crashes: Int
        package var events: [LabEvent]
        /// Records of the run's journal, in order.
        package var records: [JournalRecord]
        /// Those of the run that backed out of it; empty when none did.
        package var abortRecords: [JournalRecord]
        package var virtualTime: Duration
    }

    /// What the seed means, in one line.
    package var scenario: String { draw.description }

    /// Where the process is killed, once, instead of where the seed says.
    package struct Kill: Sendable, Equatable {
        /// After so many journal writes.
        package var write: Int
        /// Of the run that backs out.
        package var isInAbort: Bool

        package init(after write: Int, inAbort isInAbort: Bool = false) {
            self.write = write
            self.isInAbort = isInAbort
        }
    }

    /// Runs it on a cluster from the stock.
    package func run(on stock: inout ClusterStock, kill: Kill? = nil) -> Outcome {
        var stage = RehearsalStage(draw: draw, cluster: stock.take(draw), kill: kill)
        return stage.run()
    }

    /// Runs it on a cluster of its own.
    package func run(kill: Kill? = nil) -> Outcome {
        var stock = ClusterStock()
        return run(on: &stock, kill: kill)
    }

    /// The smallest variation found that still breaks the same invariant: without what has no part
    /// in it. Nil when nothing is broken.
    package func shrunk() -> (rehearsal: Rehearsal, outcome: Outcome)? {
        var stock = ClusterStock()
        let first = run(on: &stock)
        guard let broken = first.broken else { return nil }
        let invariant = broken.prefix { $0 != ":" }
        var best = (rehearsal: self, outcome: first)
        var tries = 0
        var isSmaller = true
        while isSmaller, tries < Self.triesToShrink {
            isSmaller = false
            for smaller in best.rehearsal.draw.simpler where tries < Self.triesToShrink {
                tries += 1
                let rehearsal = Rehearsal(smaller)
                let outcome = rehearsal.run(on: &stock)
                if outcome.broken?.prefix(while: { $0 != ":" }) == invariant {
                    best = (rehearsal, outcome)
                    isSmaller = true
                    break
                }
            }
        }
        return best
    }

    private static let triesToShrink = 2_000
}
