import ArgumentParser

struct ExtensionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extensions",
        abstract: "List, change or verify the system extensions of the nodes.",
        discussion: """
            bump extensions list
            bump extensions add iscsi-tools util-linux-tools
            bump extensions verify

            A change edits the declared list, lets Terraform make the new schematic, holds that \
            against the predicted one, and rolls every node once at its present Talos version.
            """,
        subcommands: [
            ExtensionsListCommand.self, ExtensionsAddCommand.self, ExtensionsRemoveCommand.self,
            ExtensionsSetCommand.self, ExtensionsVerifyCommand.self,
        ])
}

struct ExtensionsAddCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add extensions to every node.",
        discussion: "bump extensions add iscsi-tools")

    @Argument(help: "Short names, or full ones such as siderolabs/iscsi-tools.")
    var names: [String]

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        try await ExtensionsChange(wish: .add(names), shared: shared, options: options).run()
    }
}

struct ExtensionsRemoveCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take extensions away from every node.",
        discussion: "bump extensions remove iscsi-tools")

    @Argument(help: "Short names, or full ones.")
    var names: [String]

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        try await ExtensionsChange(wish: .remove(names), shared: shared, options: options).run()
    }
}

struct ExtensionsSetCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Give every node just these extensions.",
        discussion: "bump extensions set qemu-guest-agent iscsi-tools")

    @Argument(help: "Short names, or full ones; none for no extension at all.")
    var names: [String] = []

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        try await ExtensionsChange(wish: .set(names), shared: shared, options: options).run()
    }
}
