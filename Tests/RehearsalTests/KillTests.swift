import Model
import Simulation
import Testing

@testable import Rehearsal

/// The process is gone after any journal write, of the run or of the run that backs out of it.
@Suite struct `A run that is killed after any journal write` {
    @Test(arguments: Draw.Generation.allCases)
    func `ends the same when it is taken up again`(generation: Draw.Generation) async {
        let rehearsal = Rehearsal(.quiet(generation))
        let whole = rehearsal.run()
        #expect(whole.result == .done)
        for write in 1...whole.records.count {
            await Task.yield()
            let outcome = rehearsal.run(kill: Rehearsal.Kill(after: write))
            #expect(outcome.crashes == 1, "not killed after write \(write)")
            #expect(outcome.broken == nil, "killed after write \(write): \(outcome.broken ?? "")")
            #expect(outcome.result == .done, "killed after write \(write)")
        }
    }

    @Test(arguments: Draw.Generation.allCases)
    func `can be backed out of`(generation: Draw.Generation) async {
        var draw = Draw.quiet(generation)
        let writes = Rehearsal(draw).run().records.count
        draw.abortsWhenKilled = true
        let rehearsal = Rehearsal(draw)
        for write in 1...writes {
            await Task.yield()
            let outcome = rehearsal.run(kill: Rehearsal.Kill(after: write))
            #expect(outcome.broken == nil, "killed after write \(write): \(outcome.broken ?? "")")
            // After its last write it is over, and there is nothing to back out of.
            #expect(
                outcome.result == (write < writes ? .aborted : .done), "killed after write \(write)"
            )
        }
    }

    @Test(arguments: Draw.Generation.allCases)
    func `is backed out of all the same when that is killed too`(
        generation: Draw.Generation
    ) async {
        var draw = Draw.quiet(generation)
        draw.faults = [(.bootsOld, NodeName("w-3"))]
        let rehearsal = Rehearsal(draw)
        let whole = rehearsal.run()
        #expect(whole.result == .aborted)
        #expect(whole.events.contains { $0.kind == .rolledBack && $0.node == NodeName("w-1") })
        for write in 1...max(1, whole.abortRecords.count) {
            await Task.yield()
            let outcome = rehearsal.run(kill: Rehearsal.Kill(after: write, inAbort: true))
            #expect(outcome.crashes == 1, "not killed after write \(write)")
            #expect(outcome.broken == nil, "killed after write \(write): \(outcome.broken ?? "")")
            #expect(outcome.result == .aborted, "killed after write \(write)")
        }
    }

    /// Also with one cluster destroyed and the other not made yet.
    @Test func `rebuilds the same when it is taken up again`() async {
        let rehearsal = Rehearsal(.quietRebuild())
        let whole = rehearsal.run()
        #expect(whole.result == .done)
        #expect(whole.events.filter { $0.kind == .machineDestroyed }.count == 5)
        for write in 1...whole.records.count {
            await Task.yield()
            let outcome = rehearsal.run(kill: Rehearsal.Kill(after: write))
            #expect(outcome.crashes == 1, "not killed after write \(write)")
            #expect(outcome.broken == nil, "killed after write \(write): \(outcome.broken ?? "")")
            #expect(outcome.result == .done, "killed after write \(write)")
        }
    }

    /// Installed, and the process is gone before it asked for the reboot.
    @Test func `leaves no node to boot by accident into what was installed`() throws {
        var draw = Draw.quiet(controlPlanes: 1, workers: 1, .lifecycle)
        let records = Rehearsal(draw).run().records
        let installed = try #require(
            records.firstIndex(of: .outcome(step: "w-1/install", .done)))
        draw.abortsWhenKilled = true
        let outcome = Rehearsal(draw).run(kill: Rehearsal.Kill(after: installed + 1))
        #expect(outcome.broken == nil)
        #expect(outcome.result == .aborted)
        let node = NodeName("w-1")
        #expect(outcome.events.contains { $0.kind == .rolledBack && $0.node == node })
        #expect(!outcome.events.contains { $0.kind == .cameUp && $0.detail == draw.target.tag })
    }

    /// Nobody knows whether the call was made; the node boots what it had and is installed after.
    @Test func `installs once more when no install is known to have been made`() throws {
        let rehearsal = Rehearsal(.quiet(controlPlanes: 1, workers: 1, .lifecycle))
        let records = rehearsal.run().records
        let intent = try #require(
            records.firstIndex {
                if case .intent("w-1/install", _) = $0 { true } else { false }
            })
        let outcome = rehearsal.run(kill: Rehearsal.Kill(after: intent + 1))
        #expect(outcome.result == .done)
        #expect(outcome.records.contains(.verdict(node: NodeName("w-1"), .notInstalled)))
        let installs = outcome.events.filter { $0.kind == .installed && $0.node == "w-1" }
        #expect(installs.count == 1)
    }

    /// How the install ended was not heard, and the boot told that it was made.
    @Test func `never installs on a node that was rolled back`() {
        var draw = Draw.quiet(controlPlanes: 1, workers: 1, .lifecycle)
        draw.faults = [(.lostStream, NodeName("w-1")), (.unhealthyAfterBoot, NodeName("w-1"))]
        let outcome = Rehearsal(draw).run()
        #expect(outcome.broken == nil)
        #expect(outcome.result == .aborted)
        #expect(outcome.events.filter { $0.kind == .installed && $0.node == "w-1" }.count == 1)
    }

    /// Terraform refuses what the edit would do, and the edit is put back.
    @Test func `leaves the file as it was when it is refused`() {
        var draw = Draw.quiet(controlPlanes: 1, workers: 1, .legacy)
        draw.terraform = .reviewRefuses
        let rehearsal = Rehearsal(draw)
        let whole = rehearsal.run()
        #expect(whole.result == .refused)
        for write in 1...whole.records.count {
            let outcome = rehearsal.run(kill: Rehearsal.Kill(after: write))
            #expect(outcome.broken == nil, "killed after write \(write): \(outcome.broken ?? "")")
            #expect(outcome.result == .refused, "killed after write \(write)")
        }
    }
}
