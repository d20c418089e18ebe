import Model
import Simulation
import Testing

@testable import Rehearsal

@Suite struct `A rehearsed upgrade` {
    @Test(arguments: [1...750, 751...1500, 1501...2250, 2251...3000])
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

    /// One seed in four plants a secret in what fails (invariant I10).
    @Test func `is told of secrets, and finds them when they are shown`() {
        let told = (0..<14).map { SimulatedSecret.telling("it failed", $0) }
        #expect(told.allSatisfy(SimulatedSecret.isTold))
        #expect(!told.map(Redaction.clean).contains(where: SimulatedSecret.isTold))
        #expect((1...40).contains { Draw(seed: $0).leaks })
    }

    @Test func `is disturbed in every way that is known`() {
        let draws = (1...4000).map { Draw(seed: $0) }
        let struck = Set(
            draws.flatMap { draw in
                draw.faults.map(\.fault)
                    + draw.disturbances.compactMap { what in
                        if case .fault(let fault) = what.kind { fault } else { nil }
                    }
            })
        // The others strike Kubernetes upgrades, image factories and release feeds.
        #expect(
            struck == [
                .neverBoots, .bootsOld, .unhealthyAfterBoot, .slowBoot, .apiFlap, .pdbBlocks,
                .extensionMissing, .imagePullFails, .imageMissing, .backupFails, .backupPartial,
                .diskFull, .lostStream, .kubeletDown, .nodeNotReady, .etcdMemberLost,
                .staleEtcdMember,
            ])
        #expect(Set(draws.map(\.controlPlanes)) == [1, 3, 5])
        #expect(draws.contains { $0.task == .rebuild(.completed) })
        #expect(draws.contains { $0.task == .rebuild(.partiallyFailed) })
        #expect(draws.contains { $0.disturbances.contains { $0.kind == .cordon } })
        #expect(draws.contains { $0.disturbances.contains { $0.kind == .reboot } })
        #expect(draws.contains { $0.disturbances.contains { $0.kind == .interruption } })
        #expect(draws.contains { $0.crashes > 0 && $0.losses > 0 && $0.abortsWhenKilled })
    }

    /// It was whole when the plan was made, and is not when the run looks at it.
    @Test func `destroys nothing when the backup is not whole`() {
        let outcome = Rehearsal(.quietRebuild(from: .partiallyFailed)).run()
        #expect(outcome.broken == nil)
        #expect(outcome.result == .refused)
        #expect(!outcome.events.contains { $0.kind == .machineDestroyed })
    }

    @Test func `has nothing to shrink when nothing is broken`() {
        #expect(Rehearsal(.quiet(.legacy)).shrunk() == nil)
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
