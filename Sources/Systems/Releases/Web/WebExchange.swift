import Foundation
import Model

/// One question to a service on the web.
struct WebRequest: Sendable {
    var method = Method.get
    var service: ServiceAddress
    /// Behind the service's prefix, with its query: `/versions`.
    var path: String
    var headers: [(name: String, value: String)] = []
    var body: String?
    /// From connecting to the last byte, redirects and repetitions included.
    var limit: Duration
    /// Bytes; a longer answer is an error.
    var largest = 1 << 20
    /// Redirects are an answer, and not followed.
    var keepsRedirects = false
    /// What it is for, completing “while trying to …”.
    var purpose: String

    enum Method: String { case get = "GET", head = "HEAD", post = "POST" }
}

/// What came back.
struct WebAnswer: Sendable {
    var code: Int
    var body: Data
    var etag: String?
    var location: String?
    /// Seconds to wait, of `Retry-After`.
    var retryAfter: Int?
    /// `x-ratelimit-remaining` is 0.
    var isRateLimited: Bool
    /// Seconds since 1970 at which the rate limit is lifted.
    var rateResetsAt: Double?

    var isSuccess: Bool { (200...299).contains(code) }

    /// The first line of the body, made fit for a message.
    var words: String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        let visible = text.unicodeScalars.map { scalar in
            scalar.value < 32 || (127..<160).contains(scalar.value) ? " " : Character(scalar)
        }
        let line = String(visible).split(separator: " ").joined(separator: " ")
        return line.count > 300 ? String(line.prefix(300)) + "…" : line
    }

    /// Why this answer is of no use, when it is not a success.
    func problem(_ request: WebRequest) -> Problem {
        let host = request.service.authority
        if code == 429 || (code == 403 && (isRateLimited || retryAfter != nil)) {
            return Problem(
                .unreachable, "\(host) wants fewer requests (HTTP \(code)).",
                fix: "try again \(pause)", causes: ["while trying to \(request.purpose)"])
        }
        if code >= 500 {
            return Problem(
                .unreachable, "\(host) has a trouble of its own (HTTP \(code)).",
                fix: "try again later", causes: ["while trying to \(request.purpose)"])
        }
        if (300...399).contains(code) {
            return Problem(
                .unreachable, "\(host) sends elsewhere, in a way that is not followed.",
                fix: "check the address of \(request.service)",
                causes: ["HTTP \(code) while trying to \(request.purpose)"])
        }
        // Only a plain text is a service's word; a page is a proxy's or a portal's.
        let isPage = words.hasPrefix("<")
        return Problem(
            .refused, "\(host) refused to \(request.purpose) (HTTP \(code)).",
            details: isPage || words.isEmpty || request.method == .head ? [] : [words],
            fix: code == 401 || code == 403 ? "check whether \(host) wants a login" : nil)
    }

    /// Why a success is of no use.
    static func nonsense(_ request: WebRequest, expected: String) -> Problem {
        Problem(
            .unreachable,
            "\(request.service.authority) answered with something that is not \(expected).",
            fix:
                "check the address \(request.service), and whether a proxy or login page is in between",
            causes: ["while trying to \(request.purpose)"])
    }

    private var pause: String {
        if let rateResetsAt, let text = Self.clock(rateResetsAt) { return "after \(text) UTC" }
        return retryAfter.map { "in \($0) s" } ?? "in a few minutes"
    }

    private static func clock(_ time: Double) -> String? {
        guard time.isFinite, time > 0, time < 1e11 else { return nil }
        let minutes = Int(time) / 60 % 1440
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
