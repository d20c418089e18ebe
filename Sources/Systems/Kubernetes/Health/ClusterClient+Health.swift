import Foundation
package import Model

extension ClusterClient: ClusterHealthReading {
    package func podHealth() async throws -> [PodHealth] {
        async let tied = tiedClaims()
        let pods = try await items(
            ResourcePath("pods").text, as: PodHealthObject.self, purpose: "list the pods")
        let nodes = await tied
        let moment = now()
        return pods.map { PodHealth($0, tied: nodes, now: moment) }
    }

    package func budgets() async throws -> [BudgetFacts] {
        try await items(
            ResourcePath(group: "policy", "poddisruptionbudgets").text, as: BudgetObject.self,
            purpose: "list the disruption budgets"
        ).map(\.facts)
    }

    package func rooms() async throws -> [NodeRoom] {
        try await items(
            ResourcePath("nodes").text, as: NodeRoomObject.self, purpose: "list the nodes"
        ).map(\.facts)
    }

    package func tryEviction(_ pod: PodReference) async throws -> EvictionAnswer {
        let path = ResourcePath(
            namespace: pod.namespace, "pods", pod.name, subresource: "eviction")
        let body: JSONValue = [
            "apiVersion": "policy/v1", "kind": "Eviction",
            "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
            "deleteOptions": [
                "dryRun": ["All"], "preconditions": ["uid": .string(pod.uid)],
            ],
        ]
        var request = APIRequest(
            method: .post, path: ResourcePath.text(path.text, query: [("dryRun", "All")]),
            body: try JSONEncoder().encode(body), purpose: "try the eviction of \(pod)",
            limit: limits.request, isRepeatable: true)
        request.waitsForBusyServer = false
        let answer = try await answer(to: request)
        if let eviction = EvictionAnswer(answer) { return eviction }
        // A webhook that denies it, or a right that is missing: a drain would meet the same.
        guard answer.code == 400 || answer.code == 403 else {
            throw answer.problem(access, purpose: request.purpose)
        }
        return .refused(answer.status?.wholeMessage ?? "status \(answer.code)")
    }

    package func reconciliations() async throws -> [ReconciliationFacts] {
        async let kustomizations = installed(
            "kustomize.toolkit.fluxcd.io", ["v1", "v1beta2"], "kustomizations")
        async let releases = installed(
            "helm.toolkit.fluxcd.io", ["v2", "v2beta2", "v2beta1"], "helmreleases")
        return try await kustomizations.map { ReconciliationFacts($0, kind: "Kustomization") }
            + (try await releases.map { ReconciliationFacts($0, kind: "HelmRelease") })
    }

    package func backupAgent() async throws -> BackupAgentFacts? {
        let path = ResourcePath(
            group: "apps", namespace: veleroNamespace, "daemonsets", "node-agent")
        guard let object = try await getIfPresent(path.text) else { return nil }
        return BackupAgentFacts(
            desired: Int(clamping: object["status", "desiredNumberScheduled"]?.integer ?? 0),
            ready: Int(clamping: object["status", "numberReady"]?.integer ?? 0))
    }

    package func storage() async throws -> [StorageFacts] {
        async let volumes = installed("longhorn.io", ["v1beta2", "v1beta1"], "volumes")
        async let nodes = installed("longhorn.io", ["v1beta2"], "nodes")
        async let ceph = installed("ceph.rook.io", ["v1"], "cephclusters")
        async let postgres = installed("postgresql.cnpg.io", ["v1"], "clusters")
        var found = try await volumes.map(StorageObjects.longhornVolume)
        found += try await nodes.map(StorageObjects.longhornNode)
        found += try await ceph.map(StorageObjects.cephCluster)
        found += try await postgres.map(StorageObjects.postgresCluster)
        return found
    }

    /// All objects of a custom kind, in the first version that is served; none when its
    /// definition is not there.
    private func installed(
        _ group: String, _ versions: [String], _ plural: String
    ) async throws -> [JSONValue] {
        for version in versions {
            guard let resources = try await getIfPresent("/apis/\(group)/\(version)"),
                resources["resources"]?.array?.contains(where: { $0["name"]?.string == plural })
                    == true
            else { continue }
            return try await list(ResourcePath(group: group, version: version, plural).text)
        }
        return []
    }

    /// Nodes that hold the volume of a claim, by `namespace/claim`. Without the right to read
    /// them, none are known.
    private func tiedClaims() async -> [String: [NodeName]] {
        async let claims = try? items(
            ResourcePath("persistentvolumeclaims").text, as: ClaimObject.self,
            purpose: "list the volume claims")
        async let volumes = try? items(
            ResourcePath("persistentvolumes").text, as: VolumeObject.self,
            purpose: "list the volumes")
        var nodes: [String: [NodeName]] = [:]
        for volume in await volumes ?? [] {
            guard let names = volume.spec?.nodeAffinity?.required?.hostNames else { continue }
            nodes[volume.metadata.name] = names.map { NodeName($0) }
        }
        var tied: [String: [NodeName]] = [:]
        for claim in await claims ?? [] {
            guard let volume = claim.spec?.volumeName, let names = nodes[volume] else { continue }
            tied["\(claim.metadata.namespace)/\(claim.metadata.name)"] = names
        }
        return tied
    }
}
