import Foundation
import Model

/// One question to the API server, before anything of a connection is known.
struct APIRequest: Sendable {
    var method: Method
    /// Path and query, as `ResourcePath` writes them.
    var path: String
    var body: Data?
    var contentType = "application/json"
    /// What it is for, completing “Kubernetes refused to …”.
    var purpose: String
    /// All attempts together take no longer.
    var limit: Duration
    /// Asking twice does no harm, so an attempt without an answer may be repeated.
    var isRepeatable: Bool
    /// A busy server (429 or 5xx) is waited for here, instead of being the caller's answer.
    var waitsForBusyServer = true

    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }
}

/// What came back.
struct APIAnswer: Sendable {
    var code: Int
    var body: Data
    /// Whole seconds of the header `Retry-After`.
    var retryAfter: Duration?
    /// The server's clock, from the header `Date`.
    var date: Date?

    var isSuccess: Bool { (200...299).contains(code) }

    /// The body as a Status object; nil when it is none, as of a proxy or an unknown path.
    var status: StatusObject? {
        guard let status = try? JSONDecoder().decode(StatusObject.self, from: body),
            status.kind == "Status"
        else { return nil }
        return status
    }
}

/// How long things may take.
package struct ClusterLimits: Sendable {
    /// TCP and TLS handshakes.
    package var connect: Duration
    /// One call, its repetitions included.
    package var request: Duration
    /// One page of a list, its repetitions included.
    package var page: Duration
    /// A credential plug-in.
    package var plugin: Duration
    /// Between two looks at something that is waited for.
    package var poll: Duration

    package init(
        connect: Duration = .seconds(4), request: Duration = .seconds(10),
        page: Duration = .seconds(30), plugin: Duration = .seconds(60),
        poll: Duration = .seconds(2)
    ) {
        self.connect = connect
        self.request = request
        self.page = page
        self.plugin = plugin
        self.poll = poll
    }
}

/// Whether an answer is waited out, and for how long.
enum RetryPolicy {
    /// client-go repeats at most ten times what carries `Retry-After` (`rest/with_retry.go`).
    static let mostWaits = 10
    static let mostAttempts = 3

    /// The pause before the next attempt. Nil: this answer is final.
    ///
    /// - Parameter attempt: the one just made, counted from 1.
    static func pause(after answer: APIAnswer, attempt: Int, request: APIRequest) -> Duration? {
        guard request.waitsForBusyServer, answer.code == 429 || answer.code >= 500 else {
            return nil
        }
        if let wait = answer.retryAfter {
            return attempt <= mostWaits ? max(wait, .milliseconds(100)) : nil
        }
        guard request.isRepeatable, [429, 500, 502, 503, 504].contains(answer.code) else {
            return nil
        }
        return attempt < mostAttempts ? backOff(attempt) : nil
    }

    /// The pause after an attempt without an answer. Nil: give up.
    static func pause(afterSilenceOf attempt: Int, request: APIRequest) -> Duration? {
        request.isRepeatable && attempt < mostAttempts ? backOff(attempt) : nil
    }

    private static func backOff(_ attempt: Int) -> Duration {
        .milliseconds(250 * max(1, attempt))
    }
}
