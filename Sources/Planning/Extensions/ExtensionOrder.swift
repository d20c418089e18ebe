/// In which order the configuration hands extensions to the Image Factory: the order changes the
/// schematic's id. It is read off what was made before.
package struct ExtensionOrder: Sendable {
    private let followsCatalog: Bool
    private let catalog: [String]

    /// - Parameters:
    ///   - recipe: full names of the present schematic, in its order.
    ///   - declared: full names as they are declared.
    ///   - catalog: the factory's list, in its order.
    ///   - usesCatalog: whether the configuration asks the provider for the factory's list, which
    ///     then decides where the present schematic leaves it open.
    package init(recipe: [String], declared: [String], catalog: [String], usesCatalog: Bool) {
        self.catalog = catalog
        let sorted = Self.sort(declared, by: catalog)
        if recipe == declared, recipe != sorted {
            followsCatalog = false
        } else if recipe == sorted, recipe != declared {
            followsCatalog = true
        } else {
            followsCatalog = usesCatalog
        }
    }

    package func arrange(_ names: [String]) -> [String] {
        followsCatalog ? Self.sort(names, by: catalog) : names
    }

    private static func sort(_ names: [String], by catalog: [String]) -> [String] {
        let place = Dictionary(
            catalog.enumerated().map { ($0.element, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        return names.sorted { (place[$0] ?? .max, $0) < (place[$1] ?? .max, $1) }
    }
}
