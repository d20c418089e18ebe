package import Model

/// What is to become of the list of extensions.
package struct ExtensionChange: Sendable, Equatable {
    /// The wished list, by short names, in the order in which it will be declared.
    package var wanted: [String]
    /// The schematic that the nodes of the cluster's own image run.
    package var from: SchematicID
    /// The schematic that the wished list gives, as the Image Factory has confirmed it.
    package var to: SchematicID
    /// The names of that schematic, full and in its order; nil when nothing is to be held against
    /// them.
    package var recipe: [String]?
    /// What there is now, by short names; nil where it is the declared list.
    package var present: [String]?
    /// What was said while the names were looked up: renames, unknown names.
    package var findings: [Finding]

    package init(
        wanted: [String], from: SchematicID, to: SchematicID, recipe: [String]? = nil,
        present: [String]? = nil, findings: [Finding] = []
    ) {
        self.wanted = wanted
        self.from = from
        self.to = to
        self.recipe = recipe
        self.present = present
        self.findings = findings
    }
}
