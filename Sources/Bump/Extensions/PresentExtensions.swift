import Foundation
import Model
import Planning
import Releases
import Terraform

/// What the repository says of the image's extensions, in whichever form it says so.
struct PresentExtensions {
    /// The recipe that the configuration makes the image of, or would make anew.
    let recipe: ImageSchematic
    /// As declared, or as the recipe has them where nothing else is declared.
    let names: [String]
    /// What sorts the names on their way to the factory.
    let hint: ExtensionOrder.Manner
    /// What is to be said of the way in which they are kept.
    let findings: [Model.Finding]

    /// - Parameter running: the schematic of the nodes that share the cluster's image.
    static func find(
        _ snapshot: Snapshot, running: SchematicID, in workspace: Workspace,
        _ factory: FactoryClient
    ) async throws -> PresentExtensions {
        let declaration = snapshot.declaration
        switch declaration.extensionsForm {
        case .list:
            let declared = declaration.extensions.value ?? []
            let recipe = try await recipe(of: running, declared: declared, factory)
            let project = workspace.project
            // The list may be looked up only to see that all exist: what is sorted stays sorted.
            let hint: ExtensionOrder.Manner =
                try project.sortsExtensions()
                ? .name : project.mentions("talos_image_factory_extensions") ? .catalog : .declared
            return PresentExtensions(recipe: recipe, names: declared, hint: hint, findings: [])
        case .schematicFile:
            let file = declaration.extensionsPlace?.file ?? "schematic.yaml"
            let text = try? String(
                contentsOf: workspace.root.appending(path: file), encoding: .utf8)
            let recipe = try ImageSchematic(yaml: text ?? "", source: file)
            return PresentExtensions(
                recipe: recipe, names: recipe.extensions, hint: .declared,
                findings: differences(recipe, running, file))
        case .schematicID:
            let id = declaration.schematic ?? running
            let recipe = try await recipe(of: id, declared: [], factory)
            return PresentExtensions(
                recipe: recipe, names: recipe.extensions, hint: .declared,
                findings: id == running ? [] : [otherwise(id, running, declaration)])
        }
    }

    /// The nodes get all of what the file says, not only what is asked for now.
    private static func differences(
        _ recipe: ImageSchematic, _ running: SchematicID, _ file: String
    ) -> [Model.Finding] {
        guard !recipe.candidateIDs.contains(running) else { return [] }
        return [
            Model.Finding(
                .warning, "schematic.not-rolled",
                "\(file) is not what the nodes run (it gives \(recipe.id.short), they run "
                    + "\(running.short)): they get all that it says.", at: file,
                fix: "bump extensions list --schematic shows what they run")
        ]
    }

    private static func otherwise(
        _ id: SchematicID, _ running: SchematicID, _ declaration: Declaration
    ) -> Model.Finding {
        Model.Finding(
            .warning, "schematic.not-rolled",
            "The declared schematic is \(id.short), and the nodes run \(running.short): they get "
                + "all of the declared one.", at: declaration.extensionsPlace?.description,
            fix: "bump extensions list --schematic shows what they run")
    }

    /// What the factory keeps behind the id; where it does not know it, the declared list, if that
    /// gives the same id.
    static func recipe(
        of id: SchematicID, declared: [String], _ factory: FactoryClient
    ) async throws -> ImageSchematic {
        if let recipe = try await factory.schematic(id) { return recipe }
        let guess = ImageSchematic(extensions: declared.map(ExtensionNames.full))
        if guess.candidateIDs.contains(id) { return guess }
        throw Problem(
            .refused,
            declared.isEmpty
                ? "The Image Factory does not know the schematic \(id.short)."
                : "The Image Factory does not know the schematic \(id.short) that the nodes run, "
                    + "and the declared extensions do not give it.",
            at: factory.address.description,
            fix: "name the factory it was made by: factory.url in .bump.yaml")
    }

    /// The schematic of the nodes that share the cluster's image: Terraform's where any node runs
    /// it, else that of more than half of them.
    static func running(_ snapshot: Snapshot) -> SchematicID? {
        let running = snapshot.nodes.compactMap { $0.machine.value?.schematic }
        for told in [snapshot.applied.schematic.value, snapshot.declaration.schematic] {
            if let told, running.contains(told) { return told }
        }
        let counts = Dictionary(grouping: running) { $0 }.mapValues(\.count)
        return counts.first { $0.value * 2 > running.count }?.key
    }

    static var noAgreement: Problem {
        Problem(
            .refused,
            "The nodes do not agree on a schematic, and Terraform's output is none of theirs: "
                + "which nodes share the cluster's image is not known.",
            fix: "bump status --verbose")
    }
}
