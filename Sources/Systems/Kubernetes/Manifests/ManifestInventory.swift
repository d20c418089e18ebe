import Model

/// The list of objects that Talos has applied, so that dropped ones can be removed. It is a
/// ConfigMap of cli-utils whose id is its name, as talosctl 1.13 and later keeps it.
/// Source: siderolabs/go-kubernetes `kubernetes/ssa/internal/inventory/configmap`.
struct ManifestInventory: Sendable {
    /// Keys as they are written, also those that are not understood.
    var entries: Set<String>
    /// The ConfigMap exists.
    var exists: Bool

    static let name = "talos-bootstrap-manifests-inventory"
    static let annotation = "config.k8s.io/owning-inventory"
    static let path = ResourcePath(namespace: "kube-system", "configmaps", name).text

    init(_ map: JSONValue?) {
        exists = map != nil
        entries = Set(map?["data"]?.object?.keys.map { $0 } ?? [])
    }

    /// What is listed and no longer among `kept`.
    func dropped(besides kept: Set<String>) -> [(entry: String, key: ObjectKey)] {
        entries.subtracting(kept).sorted().compactMap { entry in
            ObjectKey(inventory: entry).map { (entry, $0) }
        }
    }

    /// A merge patch that adds and removes entries. An entry's value is its status, of which
    /// nothing depends.
    static func change(adding: Set<String>, removing: Set<String>) -> JSONValue {
        var data: [String: JSONValue] = [:]
        for entry in adding { data[entry] = "" }
        for entry in removing { data[entry] = .null }
        return ["data": .object(data)]
    }

    /// The ConfigMap as it is made anew.
    static func new(_ entries: Set<String>) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": .string(name), "namespace": "kube-system",
                "labels": ["cli-utils.sigs.k8s.io/inventory-id": .string(name)],
            ],
            "data": .object(
                Dictionary(entries.map { ($0, JSONValue.string("")) }) { first, _ in first }),
        ]
    }
}
