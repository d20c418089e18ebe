import Model

extension ManifestSync {
    /// Removes what Talos applied once and renders no more, and notes what it renders now.
    ///
    /// Namespaces and custom resource definitions are kept, since others' objects would go with
    /// them, and so is all that no longer carries the inventory's annotation.
    mutating func prune(
        besides decisions: [ManifestDecision], counting summary: inout ManifestSummary
    ) async throws {
        let map = try await client.getIfPresent(ManifestInventory.path)
        let inventory = ManifestInventory(map)
        let present = Set(decisions.filter { !$0.isLeft }.map(\.entry))
        let named = Set(decisions.map(\.entry))
        try await write(adding: present.subtracting(inventory.entries), to: inventory)
        var removed: Set<String> = []
        for (entry, key) in inventory.dropped(besides: named) {
            try checkTime(before: "removing \(key.title)")
            guard
                let resource = try await discovery.preferred(group: key.group, kind: key.kind),
                let object = try await client.getIfPresent(resource.path(of: key))
            else {
                removed.insert(entry)
                continue
            }
            if let why = Self.reasonToKeep(object, key) {
                report("kept \(key.title), which Talos renders no more: \(why)")
                summary.kept += 1
                continue
            }
            try await client.delete(
                ResourcePath.text(
                    resource.path(of: key), query: [("propagationPolicy", "Background")]))
            report("removed \(key.title)")
            summary.removed += 1
            removed.insert(entry)
        }
        guard !removed.isEmpty else { return }
        try await client.patch(
            ManifestInventory.path, ManifestInventory.change(adding: [], removing: removed))
    }

    private func write(adding entries: Set<String>, to inventory: ManifestInventory) async throws {
        if !inventory.exists {
            _ = try await client.create(
                ResourcePath(namespace: "kube-system", "configmaps").text,
                ManifestInventory.new(entries))
        } else if !entries.isEmpty {
            try await client.patch(
                ManifestInventory.path, ManifestInventory.change(adding: entries, removing: []))
        }
    }

    /// Annotations: cli-utils `common.LifecycleDeleteAnnotation`, `OnRemoveAnnotation`.
    private static func reasonToKeep(_ object: JSONValue, _ key: ObjectKey) -> String? {
        if key.isNamespace { return "a namespace takes all in it along" }
        if key.isDefinition { return "a definition takes all its objects along" }
        let annotations = object["metadata", "annotations"]
        guard annotations?[ManifestInventory.annotation]?.string == ManifestInventory.name else {
            return "it is no longer marked as Talos's"
        }
        let keeps =
            annotations?["client.lifecycle.config.k8s.io/deletion"]?.string == "detach"
            || annotations?["cli-utils.sigs.k8s.io/on-remove"]?.string == "keep"
        return keeps ? "its annotations say so" : nil
    }
}
