import Foundation
import Model

/// What the API server answers when it does not answer with an object.
/// Source: `metav1.Status`, apimachinery v0.32.
struct StatusObject: Decodable, Sendable, Equatable {
    var kind: String?
    var message: String?
    var reason: String?
    var details: Details?
    var metadata: Metadata?

    struct Details: Decodable, Sendable, Equatable {
        var name: String?
        /// The plural of the resource.
        var kind: String?
        var causes: [Cause]?
        var retryAfterSeconds: Int?
    }

    struct Cause: Decodable, Sendable, Equatable {
        var reason: String?
        var message: String?
        /// The path of a field, as in a conflict of server-side apply.
        var field: String?
    }

    struct Metadata: Decodable, Sendable, Equatable {
        /// With reason `Expired`: goes on with the list, without a consistent view.
        var `continue`: String?
    }

    func hasCause(_ reason: String) -> Bool {
        details?.causes?.contains { $0.reason == reason } ?? false
    }

    /// The message and those of its causes, in one line.
    var wholeMessage: String {
        let texts = [message] + (details?.causes ?? []).map(\.message)
        return Self.line(texts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " "))
    }

    /// One line of at most 400 characters.
    static func line(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 400 ? words.prefix(400) + "…" : words
    }
}

extension APIAnswer {
    /// The answer as a failure the user reads.
    func problem(_ access: ClusterAccess, purpose: String) -> Problem {
        let status = status
        let said =
            status.flatMap { $0.message.map(StatusObject.line) }
            ?? "status \(code) without an explanation"
        let place = access.origin
        switch code {
        case 401:
            return Problem(
                .refused,
                "Kubernetes at \(access.server) does not accept the kubeconfig's credentials.",
                at: place, fix: "Get a fresh kubeconfig: terraform apply renews it.",
                causes: ["while trying to \(purpose)"])
        case 403:
            return Problem(
                .refused, "Kubernetes refused to \(purpose): \(said)", at: place,
                fix: "Use the admin kubeconfig, or give its user this right.")
        case 429, 500...:
            return Problem(
                .unreachable, "Kubernetes at \(access.server) is in trouble (\(code)): \(said)",
                at: place,
                fix: "Try again in a moment; if it stays, look at the control plane: bump status",
                causes: ["while trying to \(purpose)"])
        case 300..<400:
            return Problem(
                .unreachable, "\(access.server) sends us elsewhere (\(code)).", at: place,
                fix: "Check that the server of the kubeconfig is the Kubernetes API.")
        default:
            return Problem(
                .refused, "Kubernetes refused to \(purpose): \(said)", at: place)
        }
    }
}
