import ArgumentParser
import Foundation
import Model
import Planning
import Releases

struct ExtensionsListCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The declared extensions, those of each node, and those that there are.")

    @Flag(help: "List what the Image Factory has for the running Talos instead.")
    var available = false

    @Flag(help: "Print the schematic that the nodes run instead, as YAML.")
    var schematic = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let connection = try await workspace.connect()
        let snapshot = try await workspace.inspect(connection)
        if available { return try await listAvailable(workspace, snapshot) }
        if schematic { return try await printSchematic(workspace, snapshot) }
        let declared = snapshot.declaration.extensions.value?.map(ExtensionNames.short)
        if shared.json {
            let document = Document(
                version: 1, declared: declared, available: nil,
                nodes: snapshot.nodes.map {
                    .init(name: $0.name.text, extensions: $0.machine.value?.extensions)
                })
            return world.output.data([try document.line()])
        }
        let rows =
            [("declared", declared)]
            + snapshot.nodes.map { ($0.name.text, $0.machine.value?.extensions) }
        let width = rows.map(\.0.count).max() ?? 0
        world.output.data(
            rows.map { name, extensions in
                name + String(repeating: " ", count: width - name.count + 2)
                    + (extensions.map(Self.words) ?? "unknown")
            })
    }

    private func listAvailable(_ workspace: Workspace, _ snapshot: Snapshot) async throws {
        guard let talos = snapshot.nodes.compactMap({ $0.machine.value?.version }).min() else {
            throw Problem(
                .unreachable, "No node tells which Talos it runs.", fix: "bump status --verbose")
        }
        let catalog = try await workspace.releaseSources().factory.extensions(for: talos)
        let names = catalog.names.map(ExtensionNames.short)
        if let remark = catalog.remark, !shared.json { workspace.world.output.talk(remark) }
        if shared.json {
            let document = Document(version: 1, declared: nil, available: names, nodes: [])
            workspace.world.output.data([try document.line()])
        } else {
            workspace.world.output.data(names)
        }
    }

    /// As the Image Factory keeps it: what a repository may keep, too.
    private func printSchematic(_ workspace: Workspace, _ snapshot: Snapshot) async throws {
        guard let running = PresentExtensions.running(snapshot) else {
            throw PresentExtensions.noAgreement
        }
        let recipe = try await PresentExtensions.recipe(
            of: running, declared: snapshot.declaration.extensions.value ?? [],
            workspace.releaseSources().factory)
        if shared.json {
            workspace.world.output.data([
                #"{"id":"\(running)","schematic":\(try Self.quoted(recipe.canonicalText())),"version":1}"#
            ])
        } else {
            workspace.world.output.data(
                recipe.canonicalText().split(separator: "\n").map(String.init))
        }
    }

    private static func quoted(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }

    private static func words(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    private struct Document: Encodable {
        var version: Int
        var declared: [String]?
        var available: [String]?
        var nodes: [NodeExtensions]

        struct NodeExtensions: Encodable {
            var name: String
            var extensions: [String]?
        }

        func line() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
