import Foundation
import Model

/// A request to the lab's Image Factory or release feeds, free of any HTTP library.
struct WebRequest: Sendable {
    var method: String
    /// Without the query.
    var path: String
    var query: [String: String] = [:]
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// `/a/b` as `["a", "b"]`.
    var parts: [String] { path.split(separator: "/").map(String.init) }
}

/// What they answer.
struct WebAnswer: Sendable {
    var status: Int
    var type: String
    var body: [UInt8]
    var headers: [String: String] = [:]

    init(_ status: Int, _ type: String, _ body: String, headers: [String: String] = [:]) {
        self.status = status
        self.type = type
        self.body = Array(body.utf8)
        self.headers = headers
    }

    /// A plain sentence, as both kinds of server give their errors.
    static func text(_ status: Int, _ text: String) -> WebAnswer {
        WebAnswer(status, "text/plain; charset=utf-8", text + "\n")
    }

    static func json(
        _ status: Int, _ value: JSONValue, type: String = "application/json; charset=utf-8",
        headers: [String: String] = [:]
    ) -> WebAnswer {
        WebAnswer(
            status, type, String(decoding: JSONText.bytes(value), as: UTF8.self), headers: headers)
    }
}
