import Foundation
package import Model

extension ClusterClient: WorkloadReading {
    package func componentPods() async throws -> [ComponentPod] {
        let names = KubernetesComponent.allCases.filter { $0 != .kubelet }.map(\.rawValue)
        let selector = "\(ComponentPodObject.label) in (\(names.joined(separator: ",")))"
        return try await items(
            ResourcePath(namespace: "kube-system", "pods").text,
            selecting: [("labelSelector", selector)], as: ComponentPodObject.self,
            purpose: "list the pods of the control plane"
        ).compactMap(\.facts)
    }

    package func objects(of resource: APIResource) async throws -> [String] {
        let path = ResourcePath(
            group: resource.group, version: resource.version, resource.plural
        ).text
        let request = reading(
            ResourcePath.text(path, query: [("limit", "1")]), purpose: "look for \(resource)",
            limit: limits.page)
        // Asked first by itself: the server answers 404 for an API that it does not serve.
        let answer = try await answer(to: request)
        if answer.code == 404 { return [] }
        return try await items(
            path, as: NamedObject.self, purpose: "list all \(resource)"
        ).map(\.title)
    }
}

extension ClusterClient: WorkloadChanging {
    package func applyManifests(
        _ manifests: [JSONValue], inventory: Bool, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let objects = try ManifestObject.all(in: manifests)
        guard !objects.isEmpty else {
            throw Problem(
                .stopped, "There are no bootstrap manifests to apply.", at: endpoint,
                fix: "See what the control plane renders: talosctl -n NODE get manifests")
        }
        var sync = ManifestSync(
            client: self, usesInventory: inventory,
            deadline: ContinuousClock().now + limit, report: report)
        return try await sync.run(objects)
    }
}
