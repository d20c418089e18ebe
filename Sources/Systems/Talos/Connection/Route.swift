import Model
import Synchronization

/// How a node is reached.
enum Route: Sendable, Hashable {
    /// The node's own API; no metadata is needed.
    case direct(Endpoint)
    /// The API of a control-plane node, which hands requests on by the metadata `node`.
    case proxied(through: Endpoint)

    var endpoint: Endpoint {
        switch self {
        case .direct(let endpoint), .proxied(through: let endpoint): endpoint
        }
    }
}

/// Remembers which way worked for each node, and says in which order to try.
///
/// Only a client that can reach endpoints alone (a bastion, a load balancer) needs the proxy:
/// through it, a node that has just booted looks down for up to 15 s longer than it is.
final class RouteTable: Sendable {
    private let endpoints: [Endpoint]
    private let proven = Mutex<[NodeAddress: Route]>([:])

    /// How many endpoints are tried for a node that does not answer by itself.
    private static let mostEndpoints = 3

    init(endpoints: [Endpoint]) {
        self.endpoints = endpoints
    }

    /// The ways to try, best first; never empty. A node once reached directly is only ever tried
    /// directly: when it does not answer it is down.
    func candidates(for address: NodeAddress) -> [Route] {
        let own = endpoints.first { $0.host == address.text } ?? Endpoint(host: address.text)
        let others = endpoints.filter { $0.host != address.text }.prefix(Self.mostEndpoints)
        switch proven.withLock({ $0[address] }) {
        case .direct(let endpoint):
            return [.direct(endpoint)]
        case .proxied(through: let last):
            let rest = endpoints.filter { $0 != last && $0.host != address.text }
            return ([last] + rest.prefix(Self.mostEndpoints - 1)).map { .proxied(through: $0) }
        case nil:
            return [.direct(own)] + others.map { .proxied(through: $0) }
        }
    }

    func record(_ route: Route, for address: NodeAddress) {
        proven.withLock { $0[address] = route }
    }
}
