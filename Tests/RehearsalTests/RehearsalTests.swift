import Model
import Simulation
import Testing

@testable import Rehearsal

@Suite struct `A rehearsed upgrade` {
    @Test(arguments: [1...500, 501...1000, 1001...1500, 1501...2000])
    func `breaks no invariant, whatever fails`(seeds: ClosedRange<UInt64>) async {
        var stock = ClusterStock()
        for seed in seeds {
            // Other tests wait for machines; they must not starve behind this one.
            await Task.yield()
            let rehearsal = Rehearsal(seed: seed)
            let outcome = rehearsal.run(on: &stock)
            #expect(
                outcome.broken == nil,
                "seed \(seed), \(rehearsal.scenario): \(outcome.broken ?? "")")
        }
    }

    @Test func `goes the same way again from the same seed`() {
        let first = Rehearsal(seed: 42).run()
        let second = Rehearsal(seed: 42).run()
        #expect(first.events == second.events)
        #expect(first.records == second.records)
    }

    @Test(arguments: [UInt64(26), 116, 235])
    func `ends the same when it is killed after any journal write`(seed: UInt64) async {
        let rehearsal = Rehearsal(seed: seed)
        let whole = rehearsal.run(crashAfter: .max)
        #expect(whole.result == .done)
        for write in 1...whole.records.count {
            await Task.yield()
            let outcome = rehearsal.run(crashAfter: write)
            #expect(outcome.broken == nil, "killed after write \(write): \(outcome.broken ?? "")")
            #expect(
                outcome.result == (begins(whole.records[write - 1]) ? .aborted : .done),
                "killed after write \(write)")
        }
    }

    /// Whether `LifecycleService` was to be asked next: nothing tells before the boot whether it
    /// was, so the node is booted, and counts as fallen back.
    private func begins(_ record: JournalRecord) -> Bool {
        guard case .intent(let step, _) = record else { return false }
        return step.hasSuffix("/install")
    }

    @Test func `is backed out of when a node falls back`() {
        var draw = Draw(seed: 116)
        draw.faults = [(.bootsOld, NodeName("w-2"))]
        let outcome = Rehearsal(draw).run()
        #expect(outcome.broken == nil)
        #expect(outcome.result == .aborted)
        #expect(outcome.events.contains { $0.kind == .rolledBack && $0.node == NodeName("w-1") })
    }

    @Test func `has nothing to shrink when nothing is broken`() {
        #expect(Rehearsal(seed: 116).shrunk() == nil)
    }

    @Test(arguments: 1...200)
    func `gets simpler step by step until nothing is left to leave out`(seed: UInt64) {
        var draw = Draw(seed: seed)
        var steps = 0
        while let simpler = draw.simpler.last, steps < 100 {
            #expect(simpler.isConsistent)
            draw = simpler
            steps += 1
        }
        #expect(steps < 100)
        #expect(draw.faults.isEmpty && draw.disturbances.isEmpty && draw.crashes == 0)
    }
}
