import Model
import Testing

@testable import Execution

/// What is said of nodes that a run has installed, whenever it does not go on.
@Suite struct `A node that was installed` {
    private let node = NodeIdentity(
        name: "w-1", address: NodeAddress("127.0.0.101"), role: .worker)
    private let installed: [JournalRecord] = [
        .begun(at: 0), .intent(step: "w-1/install", bootID: "before"),
        .outcome(step: "w-1/install", .done),
    ]
    private let rebooted: [JournalRecord] = [
        .intent(step: "w-1/reboot", bootID: "before"), .outcome(step: "w-1/reboot", .done),
    ]

    private func told(_ records: [JournalRecord]) -> [String] {
        let change = NodeChange(
            node: node, from: Version(1, 13, 0), to: Version(1, 13, 9), image: "i",
            method: .lifecycle)
        let plan = Plan(
            id: RunID("r"), target: .talos(Version(1, 13, 9)), options: PlanOptions(),
            clusterName: "demo", madeAt: 0, basis: [], controlPlanes: [], nodes: [change],
            edit: nil, stages: [], findings: [])
        return Executor(plan: plan, records: records).installedAndNotProven
    }

    @Test func `is named until it has booted`() {
        #expect(told([.begun(at: 0)]).isEmpty)
        #expect(
            told(Array(installed.prefix(2)))
                == ["w-1 was being installed: its next boot may run v1.13.9"])
        #expect(
            told(installed)
                == ["w-1 has v1.13.9 installed and has not booted it: its next boot does"])
        #expect(told(installed + rebooted.prefix(1)) == ["w-1 was asked to boot v1.13.9"])
    }

    /// The call may have been lost, whatever was thought of it.
    @Test func `is named until it is judged`() {
        #expect(
            told(installed + rebooted)
                == ["w-1 was taken down for v1.13.9 and is not proven yet"])
        #expect(told(installed + rebooted + [.verdict(node: "w-1", .fellBack)]).isEmpty)
        #expect(told(installed + rebooted + [.outcome(step: "w-1/prove", .done)]).isEmpty)
    }
}
