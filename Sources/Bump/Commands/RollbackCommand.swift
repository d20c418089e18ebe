import ArgumentParser
import Model
import Planning

struct RollbackCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Boot the previous Talos Linux again, node by node.",
        discussion: """
            bump rollback                 the nodes that the last upgrade changed
            bump rollback demo-worker-1   just this one
            bump rollback --kubernetes 1.32.0

            Talos keeps only the immediately previous version of each node, and which one that is \
            tells the history of runs in this repository. Each node is drained, rolled back and \
            proven before the next one begins. When all nodes end on one version, the file is set \
            back to it and committed.
            """)

    @Argument(help: ArgumentHelp("The nodes to bring back.", valueName: "node"))
    var nodes: [String] = []

    @Option(
        help: ArgumentHelp(
            "Bring Kubernetes back to this version instead; no node reboots.",
            valueName: "version"))
    var kubernetes: String?

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let upgrade = Upgrade(shared: shared, options: options)
        if let kubernetes {
            guard nodes.isEmpty else {
                throw Problem(
                    .usage, "Kubernetes goes back on every node, so none can be named.",
                    fix: "bump rollback --kubernetes \(kubernetes)")
            }
            try TargetWord.check(kubernetes, .kubernetes)
            let journey = Journey(talos: nil, kubernetes: kubernetes, goesBack: true)
            return try await upgrade.walk(journey.next)
        }
        try await upgrade.run { context in
            let slots = try SlotHistory(store: context.workspace.store).slots(
                of: context.snapshot.nodes.map(\.name))
            return RollbackPlanner(
                snapshot: context.snapshot, options: context.options,
                named: nodes.map(NodeName.init(_:)), slots: slots, id: context.id,
                now: context.now
            ).plan()
        }
    }
}
