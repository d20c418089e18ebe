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

            Talos keeps only the immediately previous version of each node, and which one that is \
            tells the history of runs in this repository. Each node is drained, rolled back and \
            proven before the next one begins. When all nodes end on one version, the file is set \
            back to it and committed.
            """)

    @Argument(help: ArgumentHelp("The nodes to bring back.", valueName: "node"))
    var nodes: [String] = []

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        try await Upgrade(shared: shared, options: options).run { snapshot, workspace in
            let slots = try SlotHistory(store: workspace.store).slots(
                of: snapshot.nodes.map(\.name))
            return RollbackPlanner(
                snapshot: snapshot, options: options.planOptions(workspace.settings),
                named: nodes.map(NodeName.init(_:)), slots: slots, id: workspace.world.newRunID(),
                now: workspace.world.now
            ).plan()
        }
    }
}
