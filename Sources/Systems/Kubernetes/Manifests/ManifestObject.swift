import Model

/// One Kubernetes object to apply, whatever its kind.
struct ManifestObject: Sendable, Equatable {
    var key: ObjectKey
    /// Version of its API: `v1`.
    var version: String
    var body: JSONValue

    /// All objects, lists taken apart, in the order in which they can be applied: namespaces, then
    /// custom resource definitions, then the rest as given. Throws `.stopped` for what is none.
    static func all(in manifests: [JSONValue]) throws(Problem) -> [ManifestObject] {
        var objects: [ManifestObject] = []
        for manifest in manifests {
            let items =
                manifest["kind"]?.string?.hasSuffix("List") == true
                ? manifest["items"]?.array : nil
            for body in items ?? [manifest] {
                guard let object = ManifestObject(body) else {
                    throw Problem(
                        .stopped, "A bootstrap manifest has no apiVersion, kind or name.",
                        fix: "Look at them: talosctl -n NODE get manifests -o yaml")
                }
                objects.append(object)
            }
        }
        return objects.enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
    }

    private init?(_ body: JSONValue) {
        guard let api = body["apiVersion"]?.string, let kind = body["kind"]?.string,
            let name = body["metadata", "name"]?.string, !api.isEmpty, !kind.isEmpty,
            !name.isEmpty
        else { return nil }
        let parts = api.split(separator: "/", maxSplits: 1)
        key = ObjectKey(
            namespace: body["metadata", "namespace"]?.string ?? "", name: name,
            group: parts.count == 2 ? String(parts[0]) : "", kind: kind)
        version = String(parts.last ?? "v1")
        self.body = body
        // What the server writes itself; refused or without meaning in an apply.
        self.body["metadata"]?["managedFields"] = nil
        self.body["metadata"]?["resourceVersion"] = nil
        self.body["metadata"]?["uid"] = nil
        self.body["metadata"]?["creationTimestamp"] = nil
        self.body["status"] = nil
    }

    /// The kind and group that a custom resource definition defines.
    var defines: (group: String, kind: String)? {
        guard key.isDefinition, let group = body["spec", "group"]?.string,
            let kind = body["spec", "names", "kind"]?.string
        else { return nil }
        return (group, kind)
    }

    private var rank: Int { key.isNamespace ? 0 : key.isDefinition ? 1 : 2 }
}

/// Names an object as an inventory does: without the version of its API.
struct ObjectKey: Sendable, Hashable {
    /// Empty for what belongs to no namespace.
    var namespace: String
    var name: String
    /// Empty for the core group.
    var group: String
    var kind: String

    var isNamespace: Bool { group.isEmpty && kind == "Namespace" }
    var isDefinition: Bool {
        group == "apiextensions.k8s.io" && kind == "CustomResourceDefinition"
    }

    /// `DaemonSet kube-system/kube-proxy`
    var title: String { "\(kind) " + (namespace.isEmpty ? name : "\(namespace)/\(name)") }
}

extension ObjectKey {
    /// Reads a key of an inventory's ConfigMap: `<namespace>_<name>_<group>_<kind>`, colons of
    /// the name written as two underscores. Source: cli-utils `object.ParseObjMetadata`.
    init?(inventory text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count >= 4, let kind = parts.last, !kind.isEmpty else { return nil }
        let name = parts[1..<(parts.count - 2)].joined(separator: "_")
        guard !name.isEmpty else { return nil }
        self.init(
            namespace: String(parts[0]), name: name.replacing("__", with: ":"),
            group: String(parts[parts.count - 2]), kind: String(kind))
    }

    var inventoryText: String {
        "\(namespace)_\(name.replacing(":", with: "__"))_\(group)_\(kind)"
    }
}
