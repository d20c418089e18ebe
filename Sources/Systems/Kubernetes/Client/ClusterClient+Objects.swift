import Foundation
package import Model

/// How a patch is read: https://kubernetes.io/docs/reference/using-api/api-concepts/#patch
package enum PatchKind: String, Sendable {
    /// Lists are replaced whole, null removes. For every kind of object.
    case merge = "application/merge-patch+json"
    /// Lists are merged by key. For built-in kinds only.
    case strategicMerge = "application/strategic-merge-patch+json"
    /// A list of operations.
    case json = "application/json-patch+json"
}

/// Any object, by its path: `ResourcePath.text`, or a fixed one such as `/version`.
extension ClusterClient {
    /// Reads one object; a missing one is a `Problem` of kind `refused`.
    package func get(_ path: String) async throws -> JSONValue {
        let answer = try await success(of: reading(path, purpose: "read \(path)"))
        return try decode(JSONValue.self, from: answer)
    }

    /// Reads one object; nil when there is none, or no such kind.
    package func getIfPresent(_ path: String) async throws -> JSONValue? {
        let request = reading(path, purpose: "read \(path)")
        let answer = try await answer(to: request)
        if answer.code == 404 { return nil }
        guard answer.isSuccess else { throw answer.problem(access, purpose: request.purpose) }
        return try decode(JSONValue.self, from: answer)
    }

    /// All items of a collection, page by page.
    ///
    /// - Parameter selecting: further query items, such as `labelSelector`.
    package func list(
        _ path: String, selecting: [(String, String)] = []
    ) async throws -> [JSONValue] {
        try await items(path, selecting: selecting, as: JSONValue.self, purpose: "list \(path)")
    }

    /// Creates an object in a collection and returns it as the server keeps it.
    package func create(_ path: String, _ object: JSONValue) async throws -> JSONValue {
        let request = try writing(.post, path, object, purpose: "create in \(path)")
        return try decode(JSONValue.self, from: try await success(of: request))
    }

    /// Changes an object and returns it as the server keeps it.
    @discardableResult
    package func patch(
        _ path: String, _ change: JSONValue, kind: PatchKind = .merge
    ) async throws -> JSONValue {
        try await patch(path, change, kind: kind, purpose: "change \(path)")
    }

    /// Deletes an object. One that is gone already is fine.
    package func delete(_ path: String) async throws {
        let request = APIRequest(
            method: .delete, path: path, purpose: "delete \(path)", limit: limits.request,
            isRepeatable: true)
        let answer = try await answer(to: request)
        guard answer.isSuccess || answer.code == 404 else {
            throw answer.problem(access, purpose: request.purpose)
        }
    }

    @discardableResult
    func patch(
        _ path: String, _ change: JSONValue, kind: PatchKind, purpose: String
    ) async throws -> JSONValue {
        var request = try writing(.patch, path, change, purpose: purpose)
        request.contentType = kind.rawValue
        // The two merging kinds say how it shall be, so saying it twice changes nothing.
        request.isRepeatable = kind != .json
        return try decode(JSONValue.self, from: try await success(of: request))
    }

    /// All items of a collection as values of only the fields that matter.
    func items<Item: Decodable & Sendable>(
        _ path: String, selecting: [(String, String)] = [], as type: Item.Type, purpose: String
    ) async throws -> [Item] {
        var items: [Item] = []
        var token: String?
        var hasResumed = false
        for _ in 0..<Self.mostPages {
            var query = selecting + [("limit", "500")]
            if let token { query.append(("continue", token)) }
            let request = reading(
                ResourcePath.text(path, query: query), purpose: purpose, limit: limits.page)
            let answer = try await answer(to: request)
            // The snapshot being listed is gone: go on with what is there now.
            if answer.code == 410, !hasResumed,
                let next = answer.status?.metadata?.continue, !next.isEmpty
            {
                token = next
                hasResumed = true
                continue
            }
            guard answer.isSuccess else { throw answer.problem(access, purpose: purpose) }
            let page = try decode(ListPage<Item>.self, from: answer)
            items += page.items ?? []
            guard let next = page.metadata?.continue, !next.isEmpty else { return items }
            token = next
        }
        throw Problem(
            .refused, "The list at \(path) has more than \(Self.mostPages * 500) items.",
            at: access.origin)
    }

    private static var mostPages: Int { 200 }
}

/// One page of a list.
private struct ListPage<Item: Decodable & Sendable>: Decodable {
    var metadata: StatusObject.Metadata?
    var items: [Item]?
}
