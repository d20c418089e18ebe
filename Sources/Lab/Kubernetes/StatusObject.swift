import Model

/// A refusal of the API server: becomes a `Status` object with the reason's HTTP code.
///
/// Source: apimachinery v0.32.4, `pkg/api/errors`; facts §2.7.
struct APIFailure: Error {
    /// Why, one of the machine-readable words of the API.
    enum Reason: String {
        case badRequest = "BadRequest"
        case unauthorized = "Unauthorized"
        case forbidden = "Forbidden"
        case notFound = "NotFound"
        case methodNotAllowed = "MethodNotAllowed"
        case notAcceptable = "NotAcceptable"
        case alreadyExists = "AlreadyExists"
        case conflict = "Conflict"
        case expired = "Expired"
        case tooLarge = "RequestEntityTooLarge"
        case unsupportedMediaType = "UnsupportedMediaType"
        case invalid = "Invalid"
        case tooManyRequests = "TooManyRequests"
        case internalError = "InternalError"
        /// The server has no word for it, as with a failing etcd.
        case unnamed = ""

        var code: Int {
            switch self {
            case .badRequest: 400
            case .unauthorized: 401
            case .forbidden: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .notAcceptable: 406
            case .alreadyExists, .conflict: 409
            case .expired: 410
            case .tooLarge: 413
            case .unsupportedMediaType: 415
            case .invalid: 422
            case .tooManyRequests: 429
            case .internalError, .unnamed: 500
            }
        }
    }

    /// One thing that is wrong, with the field it is wrong in.
    struct Cause {
        var reason: String
        var message: String
        var field: String = ""
    }

    var reason: Reason
    var message: String
    var name = ""
    var group = ""
    /// The plural of the resource; the kind for an invalid object.
    var kind = ""
    var causes: [Cause] = []
    var retryAfterSeconds = 0

    init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// The object sent as the body.
    var status: JSONValue {
        var body: JSONValue = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message), "code": .integer(Int64(reason.code)),
        ]
        if reason != .unnamed { body["reason"] = .string(reason.rawValue) }
        var details: [String: JSONValue] = [:]
        if !name.isEmpty { details["name"] = .string(name) }
        if !group.isEmpty { details["group"] = .string(group) }
        if !kind.isEmpty { details["kind"] = .string(kind) }
        if retryAfterSeconds > 0 {
            details["retryAfterSeconds"] = .integer(Int64(retryAfterSeconds))
        }
        if !causes.isEmpty {
            details["causes"] = .array(
                causes.map { cause in
                    var item: JSONValue = [
                        "reason": .string(cause.reason), "message": .string(cause.message),
                    ]
                    if !cause.field.isEmpty { item["field"] = .string(cause.field) }
                    return item
                })
        }
        if !details.isEmpty { body["details"] = .object(details) }
        return body
    }
}

extension APIFailure {
    static func notFound(_ kind: ResourceKind, _ name: String) -> APIFailure {
        about(.notFound, kind, name, "\(kind.qualifiedName) \"\(name)\" not found")
    }

    static func alreadyExists(_ kind: ResourceKind, _ name: String) -> APIFailure {
        about(.alreadyExists, kind, name, "\(kind.qualifiedName) \"\(name)\" already exists")
    }

    static func conflict(_ kind: ResourceKind, _ name: String, _ why: String) -> APIFailure {
        about(
            .conflict, kind, name,
            "Operation cannot be fulfilled on \(kind.qualifiedName) \"\(name)\": \(why)")
    }

    static let modified =
        "the object has been modified; please apply your changes to the latest version and "
        + "try again"

    /// An object that the rules of its kind refuse. `causes` must not be empty.
    static func invalid(_ kind: ResourceKind, _ name: String, _ causes: [Cause]) -> APIFailure {
        let texts = causes.map { "\($0.field): \($0.message)" }
        let all = texts.count == 1 ? texts.joined() : "[\(texts.joined(separator: ", "))]"
        let owner = kind.group.isEmpty ? kind.kind : "\(kind.kind).\(kind.group)"
        var failure = APIFailure(.invalid, "\(owner) \"\(name)\" is invalid: \(all)")
        failure.name = name
        failure.group = kind.group
        failure.kind = kind.kind
        failure.causes = causes
        return failure
    }

    /// No such path.
    static let noResource = APIFailure(
        .notFound, "the server could not find the requested resource")

    static let methodNotAllowed = APIFailure(
        .methodNotAllowed, "the server does not allow this method on the requested resource")

    /// What API servers say while etcd has no quorum.
    static let noQuorum = APIFailure(.unnamed, "etcdserver: request timed out")

    private static func about(
        _ reason: Reason, _ kind: ResourceKind, _ name: String, _ message: String
    ) -> APIFailure {
        var failure = APIFailure(reason, message)
        failure.name = name
        failure.group = kind.group
        failure.kind = kind.plural
        return failure
    }
}
