import Model
import Yams

/// What the items of `ExtensionStatuses.runtime.talos.dev` say together.
struct ExtensionsSpec: Equatable {
    /// Sorted names; pseudo-items are left out.
    var names: [String]
    /// From the pseudo-extension that Image Factory adds, nil when there is none.
    var schematic: SchematicID?

    /// Reads the YAML of each item. An item is known by `metadata.name`: ids are layer numbers.
    init(yamls: [String]) {
        var found: Set<String> = []
        for yaml in yamls {
            let metadata = (try? Yams.compose(yaml: yaml))?["metadata"]
            guard let name = metadata?["name"]?.nonEmptyString else { continue }
            switch name {
            case "schematic":
                schematic = metadata?["version"]?.nonEmptyString.flatMap { SchematicID($0) }
            case "modules.dep":
                continue
            default:
                found.insert(name)
            }
        }
        names = found.sorted()
    }
}
