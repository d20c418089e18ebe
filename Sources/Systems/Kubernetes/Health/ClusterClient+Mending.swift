import Foundation
package import Model

extension ClusterClient {
    /// Deletes a pod at once, without waiting for its kubelet. One of another uid, or one that is
    /// gone, is left alone.
    package func deleteByForce(_ pod: PodReference) async throws {
        let body: JSONValue = [
            "apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0,
            "preconditions": ["uid": .string(pod.uid)],
        ]
        let request = APIRequest(
            method: .delete,
            path: ResourcePath(namespace: pod.namespace, "pods", pod.name).text,
            body: try JSONEncoder().encode(body), purpose: "delete pod \(pod)",
            limit: limits.request, isRepeatable: true)
        let answer = try await answer(to: request)
        guard answer.isSuccess || answer.code == 404 || answer.code == 409 else {
            throw answer.problem(access, purpose: request.purpose)
        }
    }
}
