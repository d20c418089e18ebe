package import Foundation
import Model

/// A client of one cluster's Kubernetes API.
///
/// Every call takes bounded time, whatever the network does, and throws a `Problem`; a cancelled
/// task gets `CancellationError`. Nothing is asked before the first call. Call `close()` at the
/// end to let go of connections.
package struct ClusterClient: Sendable {
    let access: ClusterAccess
    let limits: ClusterLimits
    let veleroNamespace: String
    let now: @Sendable () -> Date
    private let connection: ClusterConnection

    /// - Parameters:
    ///   - access: which cluster, and as whom: `Kubeconfig.access(context:)`.
    ///   - environment: what a credential plug-in inherits.
    ///   - veleroNamespace: where Velero runs.
    ///   - now: the wall clock, for the end of certificates and credentials.
    package init(
        _ access: ClusterAccess, environment: [String: String],
        veleroNamespace: String = "velero", limits: ClusterLimits = ClusterLimits(),
        now: @escaping @Sendable () -> Date
    ) {
        self.access = access
        self.limits = limits
        self.veleroNamespace = veleroNamespace
        self.now = now
        connection = ClusterConnection(
            access: access, limits: limits, environment: environment, now: now)
    }

    /// `https://10.0.0.1:6443`, for messages.
    package var endpoint: String { access.server.description }

    /// Lets go of all connections; the client cannot be used afterwards.
    package func close() async { await connection.close() }

    /// Asks until there is an answer worth giving back, at most for the request's limit.
    ///
    /// - Throws: a `Problem` when there was no answer. Answers of any status are returned.
    func answer(to request: APIRequest) async throws -> APIAnswer {
        let clock = ContinuousClock()
        let deadline = clock.now + request.limit
        var attempt = 1
        while true {
            let left = clock.now.duration(to: deadline)
            // A connection that died half-open costs one attempt, not the whole call.
            let patience = request.isRepeatable && attempt == 1 ? request.limit / 2 : left
            let pause: Duration
            do {
                let answer = try await connection.send(request, to: access, limit: patience)
                if answer.code == 401 { await connection.forgetCredential() }
                guard
                    let wait = RetryPolicy.pause(after: answer, attempt: attempt, request: request),
                    clock.now + wait < deadline
                else { return answer }
                pause = wait
            } catch let trouble as TransportTrouble {
                guard trouble.isPassing,
                    let wait = RetryPolicy.pause(afterSilenceOf: attempt, request: request),
                    clock.now + wait < deadline
                else {
                    throw trouble.problem(access, purpose: request.purpose, limit: request.limit)
                }
                pause = wait
            }
            try await Task.sleep(for: pause)
            attempt += 1
        }
    }

    /// The answer when it is a success; any other as a `Problem`.
    func success(of request: APIRequest) async throws -> APIAnswer {
        let answer = try await answer(to: request)
        guard answer.isSuccess else { throw answer.problem(access, purpose: request.purpose) }
        return answer
    }

    /// The body as a value; a body of another shape is a `Problem`.
    func decode<Value: Decodable>(_ type: Value.Type, from answer: APIAnswer) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: answer.body)
        } catch {
            throw Problem(
                .unreachable, "The answer of \(access.server) is not what Kubernetes answers.",
                at: access.origin,
                fix: "Check that the server of the kubeconfig is the Kubernetes API.")
        }
    }

    /// A read request.
    func reading(_ path: String, purpose: String, limit: Duration? = nil) -> APIRequest {
        APIRequest(
            method: .get, path: path, purpose: purpose, limit: limit ?? limits.request,
            isRepeatable: true)
    }

    /// A writing request with a JSON body.
    func writing(
        _ method: APIRequest.Method, _ path: String, _ body: JSONValue, purpose: String
    ) throws -> APIRequest {
        APIRequest(
            method: method, path: ResourcePath.text(path, query: [("fieldManager", "bump")]),
            body: try JSONEncoder().encode(body), purpose: purpose, limit: limits.request,
            isRepeatable: false)
    }
}
