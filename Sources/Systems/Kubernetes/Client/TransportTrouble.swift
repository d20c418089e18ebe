import AsyncHTTPClient
import Foundation
import Model
import NIOCore
import NIOPosix
import NIOSSL

/// Why a request had no answer.
enum TransportTrouble: Error, Equatable {
    /// Nothing came within the limit.
    case silence
    /// No connection, or it broke.
    case noConnection(String)
    /// The server's certificate is not signed by the authority the kubeconfig names.
    case foreignCertificate
    /// Its certificate is not for the host asked for.
    case wrongName
    /// TLS failed in another way.
    case handshake(String)
    /// The answer is larger than any answer should be.
    case tooLarge

    /// Sorts an error of the HTTP client. Its own texts are not repeated where they could hold
    /// a header's value.
    init(_ error: any Error) {
        switch error {
        case let trouble as TransportTrouble: self = trouble
        case is NIOTooManyBytesError: self = .tooLarge
        case let error as HTTPClientError: self = Self.sort(error)
        case let error as NIOSSLError: self = Self.sort(error)
        case let error as NIOSSLExtraError: self = Self.sort(error)
        case let error as BoringSSLError: self = Self.handshake(of: "\(error)")
        case let error as NIOConnectionError: self = .noConnection(Self.reason(error))
        case let error as IOError: self = .noConnection(Self.reason(error))
        default: self = .noConnection("the connection failed")
        }
    }

    /// Asking again may help.
    var isPassing: Bool {
        switch self {
        case .silence, .noConnection: true
        case .foreignCertificate, .wrongName, .handshake, .tooLarge: false
        }
    }

    /// What the user reads.
    ///
    /// - Parameter limit: how long the call was given.
    func problem(_ access: ClusterAccess, purpose: String, limit: Duration) -> Problem {
        let server = access.server
        switch self {
        case .silence:
            return Problem(
                .unreachable,
                "Kubernetes at \(server) did not answer within \(limit.components.seconds) s.",
                at: access.origin, fix: Self.reach(server), causes: ["while trying to \(purpose)"])
        case .noConnection(let reason):
            return Problem(
                .unreachable, "Kubernetes at \(server) cannot be reached.", at: access.origin,
                fix: Self.reach(server), causes: [reason])
        case .foreignCertificate:
            return Problem(
                .refused,
                "The certificate of \(server) is not signed by the kubeconfig's authority, or has "
                    + "expired.",
                at: access.origin,
                fix: "Is this another cluster, or one rebuilt since? Get its kubeconfig anew: "
                    + "terraform apply.")
        case .wrongName:
            return Problem(
                .refused,
                "The certificate of \(server) is for another name than "
                    + "\(access.serverName ?? server.host).",
                at: access.origin,
                fix: "Use an address the certificate names, or set tls-server-name.")
        case .handshake(let reason):
            return Problem(
                .unreachable, "No TLS connection to \(server).", at: access.origin,
                fix: "Check that the server of the kubeconfig is an https address of the API.",
                causes: [reason])
        case .tooLarge:
            return Problem(
                .refused, "The answer of \(server) is larger than 64 MiB.", at: access.origin,
                causes: ["while trying to \(purpose)"])
        }
    }

    private static func reach(_ server: ServerAddress) -> String {
        "Check network, VPN and firewall: nc -vz \(server.host) "
            + "\(server.port ?? (server.isSecure ? 443 : 80))"
    }

    private static func sort(_ error: HTTPClientError) -> TransportTrouble {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: .silence
        case .connectTimeout, .getConnectionFromPoolTimeout:
            .noConnection("no connection within the limit")
        case .tlsHandshakeTimeout: .noConnection("no TLS handshake within the limit")
        case .remoteConnectionClosed: .noConnection("the server closed the connection")
        case .uncleanShutdown: .noConnection("the connection broke")
        default: .noConnection(error.shortDescription)
        }
    }

    private static func sort(_ error: NIOSSLError) -> TransportTrouble {
        switch error {
        case .handshakeFailed(let inner): handshake(of: "\(inner)")
        case .unableToValidateCertificate, .noCertificateToValidate: .foreignCertificate
        case .uncleanShutdown: .noConnection("the connection broke")
        default: .handshake("\(error)")
        }
    }

    private static func sort(_ error: NIOSSLExtraError) -> TransportTrouble {
        error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
            ? .wrongName : .handshake("the host name cannot be used for TLS")
    }

    private static func handshake(of text: String) -> TransportTrouble {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return .foreignCertificate }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return .handshake("the server does not speak TLS")
        }
        if text.contains("ALERT") { return .handshake("the server ended the handshake") }
        // End of file or a reset in the middle: the server is going down or coming up.
        return .noConnection("the TLS handshake broke off")
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first {
            if let system = first.error as? IOError { return reason(system) }
            return "connecting failed"
        }
        return "the name \(error.host) cannot be resolved"
    }

    private static func reason(_ error: IOError) -> String { error.localizedReason }
}

extension IOError {
    /// The system's word for it, such as `Connection refused`.
    fileprivate var localizedReason: String {
        String(cString: strerror(errnoCode)).lowercased()
    }
}
