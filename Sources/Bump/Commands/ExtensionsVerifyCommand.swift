import ArgumentParser
import Model
import Planning

struct ExtensionsVerifyCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Whether every node has the declared extensions; exit 3 when one has not.",
        discussion: """
            A node with a schematic of its own may have more than the declared ones, not less.
            """)

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let connection = try await workspace.connect()
        let snapshot = try await workspace.inspect(connection)
        guard let declared = snapshot.declaration.extensions.value?.map(ExtensionNames.short) else {
            let declaration = snapshot.declaration
            throw Problem(
                .refused,
                declaration.schematic.map { "No node runs the declared schematic \($0.short)." }
                    ?? "No list of extensions is declared: "
                    + (declaration.extensions.reason ?? "talos_extensions is nowhere"),
                at: declaration.extensionsPlace?.description,
                fix: declaration.schematic == nil
                    ? "variables.extensions or schematic in .bump.yaml names yours"
                    : "bump extensions list, then: bump extensions set NAMES")
        }
        // While a run is open a node that differs is one that the run has yet to come to.
        let image = try workspace.store.open() == nil ? PresentExtensions.running(snapshot) : nil
        var wrong: [String] = []
        var own: [String] = []
        for node in snapshot.nodes {
            guard let machine = node.machine.value else {
                wrong.append("\(node.name) does not answer: \(node.machine.reason ?? "")")
                continue
            }
            let missing = ExtensionRename.missing(declared, in: machine.extensions)
            let more = ExtensionRename.missing(machine.extensions, in: declared)
            if !missing.isEmpty {
                wrong.append("\(node.name) lacks \(missing.joined(separator: ", "))")
            }
            if !more.isEmpty, missing.isEmpty, let schematic = machine.schematic, let image,
                schematic != image
            {
                own.append(
                    "\(node.name) has a schematic of its own, with "
                        + more.joined(separator: ", ") + " besides")
            } else if !more.isEmpty {
                wrong.append("\(node.name) also has \(more.joined(separator: ", "))")
            }
        }
        guard !wrong.isEmpty else {
            if shared.json {
                world.output.data([#"{"ok":true,"version":1}"#])
            } else {
                let count = snapshot.nodes.count - own.count
                let who = own.isEmpty ? "All \(count) nodes" : "\(count) of the nodes"
                world.output.talk(
                    "\(who) have just the declared extensions: "
                        + (declared.isEmpty ? "none" : declared.joined(separator: ", ")) + ".")
                own.forEach { world.output.talk("\($0).") }
            }
            return
        }
        throw Problem(
            .refused,
            "Not every node has just the declared extensions: "
                + (declared.isEmpty ? "none" : declared.joined(separator: ", ")) + ".",
            details: wrong,
            fix: "bump extensions set \(declared.joined(separator: " "))")
    }
}
