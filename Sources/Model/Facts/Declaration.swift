/// What the repository declares, and what Terraform has applied.
package struct Declaration: Sendable, Codable, Equatable {
    /// The Terraform directory, relative to the repository root; `.` for the root itself.
    package var directory: String
    package var talos: Observed<DeclaredValue>
    package var kubernetes: Observed<DeclaredValue>
    /// Extension names as they are written.
    package var extensions: Observed<[String]>
    /// Where the extensions stand, in whatever form; nil when it is not known.
    package var extensionsPlace: Place?
    /// In which form they stand there.
    package var extensionsForm: ExtensionsForm
    /// What `talos_schematic_id` or the like holds, where that stands for the extensions.
    package var schematic: SchematicID?
    /// What else a reader should know of that place.
    package var extensionsNotes: [String]

    package init(
        directory: String, talos: Observed<DeclaredValue>, kubernetes: Observed<DeclaredValue>,
        extensions: Observed<[String]>, extensionsPlace: Place? = nil,
        extensionsForm: ExtensionsForm = .list, schematic: SchematicID? = nil,
        extensionsNotes: [String] = []
    ) {
        self.directory = directory
        self.talos = talos
        self.kubernetes = kubernetes
        self.extensions = extensions
        self.extensionsPlace = extensionsPlace
        self.extensionsForm = extensionsForm
        self.schematic = schematic
        self.extensionsNotes = extensionsNotes
    }

    /// The files that versions and extensions stand in, each once.
    package var files: [String] {
        let places = [talos.value?.place, kubernetes.value?.place, extensionsPlace]
        return Set(places.compactMap { $0?.file }).sorted()
    }
}

/// How a repository says which extensions its image has.
package enum ExtensionsForm: String, Sendable, Codable {
    /// A list in a Terraform variable, of which the configuration makes the schematic.
    case list
    /// The schematic itself, a YAML file.
    case schematicFile
    /// The schematic's id, in a Terraform variable.
    case schematicID
}

/// A version as it is written at the one place that takes effect.
package struct DeclaredValue: Sendable, Codable, Equatable {
    /// As written, without quotes: `v1.9.2`.
    package var text: String
    package var version: Version
    package var place: Place
    /// What else a reader should know, such as the places this one overrides.
    package var notes: [String]

    package init(text: String, version: Version, place: Place, notes: [String] = []) {
        self.text = text
        self.version = version
        self.place = place
        self.notes = notes
    }

    /// `version` in the manner this value is written: with or without the `v`.
    package func spelling(of version: Version) -> String {
        text.hasPrefix("v") ? version.tag : version.number
    }
}

/// Where a value stands in a file.
package struct Place: Sendable, Codable, Hashable, CustomStringConvertible {
    /// Relative to the repository root.
    package var file: String
    /// The path of the value inside it: `talos_version`, `talos_image.version`.
    package var path: String
    /// 1-based.
    package var line: Int
    /// 1-based.
    package var column: Int

    package init(file: String, path: String, line: Int, column: Int) {
        self.file = file
        self.path = path
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }
}

/// What the Terraform outputs say.
package struct Applied: Sendable, Codable, Equatable {
    package var clusterName: String?
    package var schematic: Observed<SchematicID>
    package var nodes: [NodeIdentity]
    /// Where each finding came from, for `--verbose`: `schematic: output talos_schematic_id`.
    package var sources: [String]

    package init(
        clusterName: String?, schematic: Observed<SchematicID>, nodes: [NodeIdentity],
        sources: [String] = []
    ) {
        self.clusterName = clusterName
        self.schematic = schematic
        self.nodes = nodes
        self.sources = sources
    }
}

/// The state of the git repository that concerns a run.
package struct RepositoryFacts: Sendable, Codable, Equatable {
    /// Commit id of HEAD; nil on an unborn branch.
    package var head: String?
    /// Branch name, nil when HEAD is detached.
    package var branch: String?
    /// Reasons why a commit of the version file cannot be made, each with its way out.
    package var obstacles: [Problem]
    /// Why the branch cannot be pushed; nil when nothing is known to be in the way.
    package var pushObstacle: Problem?

    package init(
        head: String?, branch: String?, obstacles: [Problem] = [], pushObstacle: Problem? = nil
    ) {
        self.head = head
        self.branch = branch
        self.obstacles = obstacles
        self.pushObstacle = pushObstacle
    }
}
