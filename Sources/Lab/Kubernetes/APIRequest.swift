import Model

/// One HTTP request to the API server, free of any HTTP library.
package struct APIRequest: Sendable {
    package var method: String
    /// Percent-decoded, without the query.
    package var path: String
    package var query: [String: String]
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Who asks: the common name of the client's certificate.
    package var user: String

    package init(
        method: String, path: String, query: [String: String] = [:],
        headers: [String: String] = [:], body: [UInt8] = [], user: String = "admin"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.user = user
    }

    /// Takes a target such as `/api/v1/pods?limit=500` apart.
    package init(
        method: String, target: String, headers: [String: String] = [:], body: [UInt8] = [],
        user: String = "admin"
    ) {
        let parts = target.split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var query: [String: String] = [:]
        for pair in parts.dropFirst().joined().split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[Self.decoded(sides[0], plusIsSpace: true)] =
                sides.count > 1 ? Self.decoded(sides[1], plusIsSpace: true) : ""
        }
        self.init(
            method: method, path: Self.decoded(parts.first ?? "", plusIsSpace: false),
            query: query, headers: headers, body: body, user: user)
    }

    var accept: String { headers["accept"] ?? "" }
    var userAgent: String { headers["user-agent"] ?? "" }
    /// The media type of the body without parameters.
    var contentType: String {
        String((headers["content-type"] ?? "").prefix { $0 != ";" }).trimmed.lowercased()
    }
    var isDryRun: Bool { query["dryRun"] == "All" }
    func isTrue(_ parameter: String) -> Bool { ["true", "1"].contains(query[parameter]) }

    /// The field manager: as asked, else the user agent up to its first slash.
    var manager: String {
        if let named = query["fieldManager"], !named.isEmpty { return named }
        let agent = String(userAgent.prefix { $0 != "/" })
        return agent.isEmpty ? "unknown" : agent
    }

    /// Who is named in the ground truth: the program, else the certificate.
    var actor: String {
        let agent = String(userAgent.prefix { $0 != "/" && $0 != " " })
        return agent.isEmpty ? user : agent
    }

    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        guard text.contains(where: { $0 == "%" || $0 == "+" }) else { return String(text) }
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let value = UInt8(
                    String(decoding: bytes[at + 1...at + 2], as: UTF8.self), radix: 16)
            {
                out.append(value)
                at += 3
            } else {
                let isPlus = plusIsSpace && bytes[at] == UInt8(ascii: "+")
                out.append(isPlus ? 0x20 : bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// What the API server answers.
package enum APIResponse: Sendable {
    /// A complete body.
    case body(code: Int, contentType: String, bytes: [UInt8], retryAfterSeconds: Int = 0)
    /// A watch: lines of JSON until the time is over, the client leaves or the server stops.
    case watch(Watching)

    static func json(_ code: Int, _ value: JSONValue, type: String = "application/json") -> Self {
        .body(code: code, contentType: type, bytes: JSONText.bytes(value) + [0x0A])
    }

    static func text(_ code: Int, _ text: String) -> Self {
        .body(code: code, contentType: "text/plain; charset=utf-8", bytes: Array(text.utf8))
    }

    static func failure(_ failure: APIFailure) -> Self {
        .body(
            code: failure.reason.code, contentType: "application/json",
            bytes: JSONText.bytes(failure.status) + [0x0A],
            retryAfterSeconds: failure.retryAfterSeconds)
    }
}
