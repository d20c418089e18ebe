import Yams

/// Resources of which one value is wanted.
enum ScalarSpec {
    /// A spec that is a plain scalar, such as the machine type.
    static func text(yaml: String?) -> String? {
        node(yaml)?.nonEmptyString
    }

    /// The scalar under `key` of a spec that is a mapping.
    static func text(_ key: String, yaml: String?) -> String? {
        node(yaml)?[key]?.nonEmptyString
    }

    static func flag(_ key: String, yaml: String?) -> Bool {
        node(yaml)?[key]?.isTrue ?? false
    }

    private static func node(_ yaml: String?) -> Node? {
        guard let yaml, !yaml.isEmpty else { return nil }
        return try? Yams.compose(yaml: yaml)
    }
}
