/// Asks an Image Factory. Every call is bounded in time and size and throws a `Problem`:
/// `.unreachable` when the factory does not answer, is busy or answers nonsense, `.refused` when
/// it says no.
package protocol ImageCatalogReading: Sendable {
    /// The Talos versions the factory builds images of, ascending.
    func versions() async throws -> [Version]
    /// The extensions that exist for a Talos version, in the factory's order. When the factory
    /// does not answer and the version's series is bundled, the bundled names with a remark.
    func extensions(for talos: Version) async throws -> ExtensionCatalog
    /// The recipe behind an id; nil when the factory does not know it.
    func schematic(_ id: SchematicID) async throws -> ImageSchematic?
    /// Whether the installer can be had; the factory builds it when asked for the first time,
    /// which takes minutes. False for an unknown schematic or version; a `.refused` problem with
    /// the factory's words when the schematic cannot be built for that version.
    func offers(_ image: InstallerImage, within limit: Duration) async throws -> Bool
}

/// Gives schematics to an Image Factory.
package protocol ImageCatalogChanging: Sendable {
    /// Registers a recipe, which is needed once before its images can be pulled, and compares the
    /// answer with the id computed here. Repeating it is harmless. Throws a `.refused` problem when
    /// the answer is an id that cannot belong to this recipe.
    func register(_ schematic: ImageSchematic) async throws -> RegisteredSchematic
}

/// Reads release feeds.
package protocol ReleaseReading: Sendable {
    /// What is released. It always has an answer: the feed's, else an earlier one, else what is
    /// bundled, each saying what it is and why.
    func releases(of product: Product) async -> ReleaseList
    /// The release notes of one version. Throws a `Problem`, bounded in time and size.
    func notes(of product: Product, _ version: Version) async throws -> ReleaseNotes
}
