import AsyncHTTPClient
import Foundation
import Model
import NIOCore
import NIOPosix
import NIOSSL

/// Why a request had no answer.
enum WebTrouble: Error, Equatable {
    /// Nothing came within the limit.
    case silence
    /// No connection, or it broke.
    case noConnection(String)
    /// The certificate is not to be trusted, or is another host's.
    case certificate
    /// The answer is larger than it should be.
    case tooLarge
    /// Redirected without end, or from https to http.
    case redirects

    /// Sorts an error of the HTTP client.
    init(_ error: any Error) {
        switch error {
        case let trouble as WebTrouble: self = trouble
        case is NIOTooManyBytesError: self = .tooLarge
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .readTimeout, .writeTimeout: self = .silence
            case .connectTimeout, .getConnectionFromPoolTimeout:
                self = .noConnection("no connection within the limit")
            default: self = .noConnection(error.shortDescription)
            }
        case is NIOSSLExtraError: self = .certificate
        case let error as NIOSSLError:
            self =
                "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
                ? .certificate : .noConnection("no TLS connection")
        case let error as NIOConnectionError:
            let system = error.connectionErrors.first?.error as? IOError
            self = .noConnection(
                error.connectionErrors.isEmpty
                    ? "the name \(error.host) cannot be resolved"
                    : system.map(Self.reason) ?? "connecting failed")
        case let error as IOError: self = .noConnection(Self.reason(error))
        default: self = .noConnection("the connection failed")
        }
    }

    func problem(_ request: WebRequest) -> Problem {
        let host = request.service.authority
        let purpose = "while trying to \(request.purpose)"
        switch self {
        case .silence:
            return Problem(
                .unreachable,
                "\(host) did not answer within \(request.limit.components.seconds) s.",
                fix: "try again later", causes: [purpose])
        case .noConnection(let reason):
            return Problem(
                .unreachable, "\(host) cannot be reached.",
                fix: "check network and proxy: curl -I \(request.service)",
                causes: [reason, purpose])
        case .certificate:
            return Problem(
                .unreachable, "The certificate of \(host) cannot be trusted.",
                fix: "check the clock and whether something in between intercepts TLS: "
                    + "curl -I \(request.service)", causes: [purpose])
        case .tooLarge:
            return Problem(
                .unreachable,
                "The answer of \(host) is larger than \(request.largest / 1024) KiB.",
                fix: "check the address \(request.service)", causes: [purpose])
        case .redirects:
            return Problem(
                .unreachable, "\(host) redirects without end, or away from https.",
                fix: "check the address \(request.service)", causes: [purpose])
        }
    }

    private static func reason(_ error: IOError) -> String {
        String(cString: strerror(error.errnoCode)).lowercased()
    }
}
