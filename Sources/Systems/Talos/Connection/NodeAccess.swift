package import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
package import Model

/// The way to the nodes of one cluster: credentials, and how each node was reached before.
///
/// Every piece of work opens its own connection and closes it at the end. A handshake takes
/// milliseconds, while a connection kept over a reboot is worth nothing and may hang half-open.
/// Nothing is shared between nodes but the table of routes, so any number can be asked at once.
package final class NodeAccess: Sendable {
    private let credentials: Credentials
    private let dialer: Dialer
    private let routes: RouteTable
    private let cluster: String?
    private let now: @Sendable () -> Date

    /// Reads the credentials of a context. `now` is asked before each connection whether the
    /// certificate is still valid. Throws `.refused` when the credentials cannot be used.
    package init(_ context: TalosConfig.Context, now: @escaping @Sendable () -> Date)
        throws(Problem)
    {
        credentials = try Credentials(context)
        dialer = Dialer(tls: credentials.context)
        routes = RouteTable(endpoints: context.endpoints)
        cluster = context.cluster
        self.now = now
    }

    /// What the certificate allows, such as `os:admin`.
    package var roles: [String] { credentials.roles }

    /// Until when the certificate is valid.
    package var validUntil: Date { credentials.validUntil }

    /// Runs `body` with a connection to a node; `name` is what messages call it. Throws `Problem`
    /// alone: what `body` throws is turned into one.
    func withConnection<Result: Sendable>(
        to address: NodeAddress, named name: String? = nil,
        _ body: @Sendable (NodeConnection) async throws -> Result
    ) async throws -> Result {
        let node = name ?? address.text
        do {
            try credentials.check(at: now())
            let (route, transport) = try await connect(to: address, named: node)
            let result = try await withGRPCClient(transport: transport) { client in
                try await body(
                    NodeConnection(client: client, node: address, route: route, cluster: cluster))
            }
            routes.record(route, for: address)
            return result
        } catch let failure as CallFailure {
            throw failure.problem(on: node, roles: credentials.roles)
        } catch {
            throw Problem(error)
        }
    }

    /// Tries the ways to a node in order and reports the failure of the first, which is the
    /// node's own.
    private func connect(
        to address: NodeAddress, named node: String
    ) async throws -> (Route, HTTP2ClientTransport.WrappedChannel) {
        var problem: Problem?
        for route in routes.candidates(for: address) {
            try Task.checkCancellation()
            do {
                return (route, try await dialer.dial(route.endpoint))
            } catch let failure as DialFailure {
                let found = failure.problem(
                    on: node, at: route.endpoint, source: credentials.source)
                // A node that answers as somebody else's is not to be reached by another way.
                if problem == nil, found.kind == .refused { throw found }
                if problem == nil {
                    problem = found
                } else {
                    problem?.causes.append("\(route.endpoint), as proxy: \(found.summary)")
                }
            }
        }
        throw problem ?? Problem(.unreachable, "\(node) cannot be reached.", at: node)
    }
}
