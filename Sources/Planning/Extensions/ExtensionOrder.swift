/// In which order the configuration hands extensions to the Image Factory: the order changes the
/// schematic's id. It is read off what was made before.
package struct ExtensionOrder: Sendable {
    /// What puts the names in order.
    package enum Manner: Sendable, CaseIterable {
        /// Nothing: they stay as they are declared.
        case declared
        /// The factory's list, which the provider's data source filters.
        case catalog
        /// Terraform's `sort` or `toset`.
        case name
    }

    private let manner: Manner
    private let catalog: [String]

    /// - Parameters:
    ///   - recipe: full names of the present schematic, in its order.
    ///   - declared: full names as they are declared.
    ///   - catalog: the factory's list, in its order.
    ///   - hint: what the configuration looks like, which decides where the present schematic
    ///     leaves it open.
    package init(recipe: [String], declared: [String], catalog: [String], hint: Manner) {
        self.catalog = catalog
        let fitting = Manner.allCases.filter {
            Self.arrange(declared, $0, catalog) == recipe
        }
        manner = fitting.contains(hint) ? hint : fitting.first ?? hint
    }

    package func arrange(_ names: [String]) -> [String] {
        Self.arrange(names, manner, catalog)
    }

    private static func arrange(
        _ names: [String], _ manner: Manner, _ catalog: [String]
    ) -> [String] {
        switch manner {
        case .declared: return names
        case .name: return names.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
        case .catalog:
            let place = Dictionary(
                catalog.enumerated().map { ($0.element, $0.offset) },
                uniquingKeysWith: { first, _ in first })
            return names.sorted { (place[$0] ?? .max, $0) < (place[$1] ?? .max, $1) }
        }
    }
}
