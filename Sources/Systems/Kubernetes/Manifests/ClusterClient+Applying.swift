import Foundation
import Model

extension ClusterClient {
    /// Server-side apply as Talos.
    /// Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
    func apply(_ decision: ManifestDecision, dryRun: Bool) async throws -> APIAnswer {
        var query = [("fieldManager", "talos"), ("force", decision.isForced ? "true" : "false")]
        if dryRun { query.append(("dryRun", "All")) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Saying twice how it shall be changes nothing.
        let request = APIRequest(
            method: .patch, path: ResourcePath.text(decision.path, query: query),
            body: try encoder.encode(decision.object.body),
            contentType: "application/apply-patch+yaml",
            purpose: "apply \(decision.object.key.title)", limit: limits.request,
            isRepeatable: true)
        return try await answer(to: request)
    }

    /// An answer that ends the synchronisation.
    func refusal(_ answer: APIAnswer, _ decision: ManifestDecision) -> Problem {
        answer.problem(access, purpose: "apply \(decision.object.key.title)")
    }
}

extension APIAnswer {
    /// An admission hook with side effects does not take part in dry runs.
    var refusesDryRun: Bool { status?.message?.contains("dry run") ?? false }
}
