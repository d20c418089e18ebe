/// A Talos call that the node does not carry out, as its client sees it.
package struct CallRefusal: Error, Sendable, Codable, Equatable {
    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// gRPC status codes; the raw values are the numbers on the wire.
    package enum Code: Int, Sendable, Codable {
        case unknown = 2
        case invalidArgument = 3
        case notFound = 5
        case alreadyExists = 6
        case permissionDenied = 7
        case failedPrecondition = 9
        case aborted = 10
        case unimplemented = 12
        case `internal` = 13
        case unavailable = 14
    }
}
