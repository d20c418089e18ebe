import Model
import Testing

struct PlanJourneyTests {
    @Test(
        arguments: [
            (nil, 0, nil),
            (["talos v1.10.9", "talos v1.11.6"], 0, "talos v1.11.6"),
            (["talos v1.10.9", "talos v1.11.6"], 1, "talos v1.11.6"),
            (
                ["talos v1.10.9", "kubernetes 1.33.13", "kubernetes 1.34.2"], 0,
                "talos v1.10.9 --kubernetes 1.34.2"
            ),
            (["talos v1.10.9", "kubernetes 1.33.13", "kubernetes 1.34.2"], 1, "kubernetes 1.34.2"),
            (["kubernetes 1.33.1"], 1, nil),
        ] as [([String]?, Int, String?)])
    func `the rest of a route is typed like this`(
        _ route: [String]?, _ done: Int, _ command: String?
    ) {
        var plan = Plan(
            id: RunID("r"), target: .kubernetes(Version(1, 33, 1)), options: PlanOptions(),
            clusterName: "demo", madeAt: 0, basis: [], controlPlanes: [], nodes: [], edit: nil,
            stages: [], findings: [])
        plan.route = route
        #expect(plan.journey(after: done) == command)
        plan.target = .kubernetesRollback(Version(1, 31, 4))
        let back =
            command?.hasPrefix("kubernetes") == true ? "rollback --" + (command ?? "") : command
        #expect(plan.journey(after: done) == back)
    }
}
