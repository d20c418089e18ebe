import Foundation

/// One context of a kubeconfig, resolved and checked: where the cluster is, how to know it, and
/// who to be there. Holds secrets; its description shows none.
package struct ClusterAccess: Sendable, CustomStringConvertible {
    package let server: ServerAddress
    /// The kubeconfig it came from, for messages.
    package let origin: String
    /// The context's name.
    package let context: String

    /// Name for SNI and the certificate check instead of the host.
    let serverName: String?
    let trust: Trust
    let proxy: ProxyAddress?
    let credentials: ClusterCredentials

    package var description: String { "context \(context) of \(origin) at \(server)" }

    /// How the server proves itself.
    enum Trust: Sendable, Equatable {
        /// The system's authorities.
        case system
        /// Only these, PEM.
        case authorities([UInt8])
        /// Anything; the user asked for it.
        case anything
    }
}

/// What to send to be let in. Sent over TLS only.
struct ClusterCredentials: Sendable {
    var identity: PEMIdentity?
    var token: String?
    /// Read anew for each request, so that rotated tokens work.
    var tokenFile: String?
    var basic: (user: String, password: String)?
    var exec: ExecPlugin?
    /// `Impersonate-…` headers, in order.
    var impersonation: [(name: String, value: String)] = []
}

/// A certificate chain and its key, as PEM.
struct PEMIdentity: Sendable, Equatable {
    var certificates: [UInt8]
    var key: [UInt8]
    /// The file or entry it came from, for messages.
    var origin: String
}

/// A proxy of the two kinds the HTTP client speaks.
struct ProxyAddress: Sendable, Equatable {
    var kind: Kind
    var host: String
    var port: Int
    /// `user:password`, for a proxy of kind `connect`.
    var login: String?

    enum Kind: Sendable, Equatable {
        case connect
        case socks5
    }

    /// Reads `http://[user:password@]host:port` and `socks5://host:port`. Nil for anything else.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            parts.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        login = parts.user.map { "\($0):\(parts.password ?? "")" }
        switch parts.scheme?.lowercased() {
        case "http":
            kind = .connect
            port = parts.port ?? 80
        case "socks5" where login == nil:
            kind = .socks5
            port = parts.port ?? 1080
        default:
            return nil
        }
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    }
}
