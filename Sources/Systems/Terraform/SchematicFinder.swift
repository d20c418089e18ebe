import Foundation
import HCL
import Model

/// Finds what says which image the nodes have where no list of extensions is declared: a variable
/// with a schematic's id, or the schematic itself, a YAML file.
struct SchematicFinder {
    let root: String
    /// The Terraform directory relative to the root.
    let directory: String
    let sources: VariableSources
    let names: VariableNames

    enum Found {
        case id(SchematicID, Place, notes: [String])
        case file(SchematicText, Place, notes: [String])
        /// Nothing, or something that cannot be edited, with the reason.
        case nothing(String?)
    }

    func find() throws -> Found {
        if let file = names.schematicFile { return try read(file, notes: []) }
        if let path = names.schematic {
            guard let leaf = try leaf(at: path) else {
                return .nothing("\(path), which .bump.yaml names, is not set in a file")
            }
            if let id = leaf.value.string.flatMap({ SchematicID($0) }) {
                return .id(id, leaf.place, notes: mentions(of: id, besides: leaf.place))
            }
            guard let text = leaf.value.string, let file = existing(text) else {
                return .nothing("\(leaf.place): \(path) is neither a schematic's id nor a file")
            }
            return try read(file, notes: [])
        }
        let leaves = sources.leaves()
        let ids = leaves.filter { Self.variables.contains($0.path.description) }.compactMap {
            leaf in
            leaf.value.string.flatMap { SchematicID($0) }.map { ($0, leaf.place) }
        }
        let files = files(leaves)
        if let (id, place) = ids.first {
            let notes = files.map {
                "\($0) is not changed with it: the id in \(place) is what takes effect"
            }
            return .id(id, place, notes: notes + mentions(of: id, besides: place))
        }
        guard let file = files.first else { return .nothing(nil) }
        guard files.count == 1 else {
            return .nothing(
                "several files may be the schematic: \(files.joined(separator: ", ")); name it: "
                    + "schematic: \(file) in .bump.yaml")
        }
        return try read(file, notes: [])
    }

    // MARK: Files

    /// Those that a variable names, else those that the configuration reads, else those with the
    /// usual names.
    private func files(_ leaves: [VariableSources.Leaf]) -> [String] {
        let named = leaves.filter { $0.path.description.lowercased().contains("schematic") }
            .compactMap { leaf in leaf.value.string.flatMap(existing) }
        let read = texts().flatMap { text in
            text.split(whereSeparator: \.isNewline).filter { line in
                let start = line.drop { $0 == " " || $0 == "\t" }
                return line.lowercased().contains("schematic") && !start.hasPrefix("#")
                    && !start.hasPrefix("//")
            }.flatMap { line in
                line.matches(of: /"([^"]*\.ya?ml)"/).compactMap { existing(String($0.1)) }
            }
        }
        let usual = [directory, ".", "talos", directory + "/talos", directory + "/talos/image"]
            .flatMap { folder in
                ["schematic.yaml", "schematic.yml", "talos-schematic.yaml"].compactMap { name in
                    existing("/" + (folder == "." ? name : folder + "/" + name))
                }
            }
        let found = [named, read, usual].first { !$0.isEmpty } ?? []
        return Set(found).sorted()
    }

    /// The file of the repository that a text in the configuration means: below the root when it
    /// begins with a slash, else below the Terraform directory or the root.
    private func existing(_ text: String) -> String? {
        let bare = text.replacing(/\$\{path\.(module|root|cwd)\}\//, with: "")
        guard bare.hasSuffix(".yaml") || bare.hasSuffix(".yml"), !bare.contains("${") else {
            return nil
        }
        let top = URL(fileURLWithPath: root).standardizedFileURL.path
        let bases = bare.hasPrefix("/") ? [top] : [top + "/" + directory, top]
        for base in bases {
            let path = URL(fileURLWithPath: base + "/" + bare).standardizedFileURL.path
            if path.hasPrefix(top + "/"), FileManager.default.fileExists(atPath: path) {
                return String(path.dropFirst(top.count + 1))
            }
        }
        return nil
    }

    private func read(_ file: String, notes: [String]) throws -> Found {
        guard let data = FileManager.default.contents(atPath: root + "/" + file) else {
            return .nothing("\(file), which .bump.yaml names as the schematic, cannot be read")
        }
        do {
            let text = try SchematicText([UInt8](data), name: file)
            let place = Place(
                file: file, path: SchematicText.path, line: text.mark.line,
                column: text.mark.column)
            return .file(text, place, notes: notes)
        } catch let problem as Problem {
            return .nothing(problem.summary + problem.causes.map { " \($0)" }.joined())
        }
    }

    // MARK: Ids

    private func leaf(at path: String) throws -> VariableSources.Leaf? {
        let wanted = try VariableNames.path(path).description
        return sources.leaves().first { $0.path.description == wanted }
    }

    /// Other values that hold the same id, such as the URL of an image: at most five.
    private func mentions(of id: SchematicID, besides place: Place) -> [String] {
        sources.leaves().filter { leaf in
            leaf.place != place && leaf.value.string?.contains(id.text) == true
        }.prefix(5).map { leaf in
            "\(leaf.place) (\(leaf.path)) names the schematic \(id.short) too, and is not changed "
                + "with it"
        }
    }

    private func texts() -> [String] {
        let folder = root + "/" + directory
        return TerraformDirectory.configurationFiles(in: folder).compactMap {
            try? String(contentsOfFile: folder + "/" + $0, encoding: .utf8)
        }
    }

    // Names seen in public repositories.
    private static let variables = [
        "talos_schematic_id", "schematic_id", "talos_image_schematic_id", "image_schematic_id",
        "talos_image.schematic_id", "image.schematic_id", "talos_image.schematic",
        "image.schematic", "talos_schematic",
    ]
}
