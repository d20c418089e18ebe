import Model
import Testing

@testable import Rehearsal

@Suite struct `A rehearsed upgrade` {
    @Test(arguments: [1...500, 501...1000, 1001...1500, 1501...2000])
    func `breaks no invariant, whatever fails`(seeds: ClosedRange<UInt64>) {
        var stock = ClusterStock()
        for seed in seeds {
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

    @Test(arguments: [UInt64(14), 1, 6])
    func `ends the same when it is killed after any journal write`(seed: UInt64) {
        let rehearsal = Rehearsal(seed: seed)
        let whole = rehearsal.run(crashAfter: .max)
        #expect(whole.result == .done)
        for write in 1...whole.records.count {
            let outcome = rehearsal.run(crashAfter: write)
            #expect(outcome.broken == nil, "killed after write \(write): \(outcome.broken ?? "")")
            #expect(outcome.result == .done, "killed after write \(write)")
        }
    }
}
