import NIOCore
import NIOPosix
import NIOSSL

/// Why no connection came about.
enum DialFailure: Error, Equatable {
    /// Nothing accepts connections there: refused, no route, no such host, timed out.
    case unanswered(String)
    /// It accepted, then said nothing within the limit.
    case silent
    /// It closed the connection before anything was said.
    case closed
    /// Its certificate does not come from the CA of the talosconfig.
    case foreignCertificate
    /// Its certificate is of this cluster but for other names and addresses.
    case wrongName
    /// It does not accept our certificate.
    case certificateRejected(String)
    /// Any other failure of TLS.
    case tls(String)

    /// Sorts what NIO and BoringSSL throw.
    init(_ error: any Error) {
        switch error {
        case let failure as DialFailure:
            self = failure
        case let failure as NIOConnectionError:
            let first = failure.connectionErrors.first.map { Self.reason($0.error) }
            let isNameUnknown = failure.dnsAError != nil || failure.dnsAAAAError != nil
            self = .unanswered(first ?? (isNameUnknown ? "no such host" : "no answer"))
        case let failure as NIOSSLExtraError where failure == .failedToValidateHostname:
            self = .wrongName
        case let failure as NIOSSLError:
            self = Self.handshake("\(failure)")
        case let failure as BoringSSLError:
            self = Self.handshake("\(failure)")
        default:
            self = .unanswered(Self.reason(error))
        }
    }

    /// Reads BoringSSL's error names out of its text, for want of codes.
    static func handshake(_ text: String) -> DialFailure {
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidate") {
            return .foreignCertificate
        }
        let alerts = [
            "CERTIFICATE_EXPIRED": "expired", "UNKNOWN_CA": "of another CA",
            "BAD_CERTIFICATE": "bad", "CERTIFICATE_REQUIRED": "missing",
            "CERTIFICATE_UNKNOWN": "unknown", "CERTIFICATE_REVOKED": "revoked",
            "ACCESS_DENIED": "not allowed",
        ]
        for (name, meaning) in alerts.sorted(by: { $0.key < $1.key })
        where text.contains("ALERT_\(name)") {
            return .certificateRejected(meaning)
        }
        if text.contains("uncleanShutdown") || text.contains("EOF during handshake") {
            return .closed
        }
        // `…:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at …`
        let words = text.split { !($0.isUppercase || $0.isNumber || $0 == "_") }
        let reason = words.first { $0.count > 6 && $0.contains("_") && $0 != "OPENSSL_" }
        return .tls(reason.map { String($0) } ?? "the handshake failed")
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError:
            switch error.errnoCode {
            case ECONNREFUSED: "connection refused"
            case EHOSTUNREACH, ENETUNREACH: "no route to it"
            case ETIMEDOUT: "no answer"
            case ECONNRESET: "connection reset"
            default: "input/output error \(error.errnoCode)"
            }
        case ChannelError.connectTimeout: "no answer"
        default: "\(type(of: error))"
        }
    }
}
