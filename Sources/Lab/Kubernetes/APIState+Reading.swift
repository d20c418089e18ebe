import Model

/// Lists and watches.
extension APIState {
    func list(_ call: APICall) throws(APIFailure) -> JSONValue {
        let filter = try filter(call, name: nil)
        var objects = store.list(call.kind.qualifiedName, namespace: call.namespace)
            .filter(filter.selects)
        var metadata: JSONValue = ["resourceVersion": .string(String(store.revision))]
        let start = try offset(of: call)
        if start > 0 { objects.removeFirst(min(start, objects.count)) }
        if let text = call.request.query["limit"], let limit = Int(text), limit > 0,
            objects.count > limit
        {
            metadata["remainingItemCount"] = .whole(objects.count - limit)
            metadata["continue"] = .string("\(store.revision).\(start + limit)")
            objects = Array(objects.prefix(limit))
        }
        return call.view.list(objects, metadata: metadata)
    }

    /// Where a paged list goes on. Tokens are `revision.offset`.
    private func offset(of call: APICall) throws(APIFailure) -> Int {
        guard let token = call.request.query["continue"], !token.isEmpty else { return 0 }
        let parts = token.split(separator: ".").compactMap { Int64($0) }
        guard parts.count == 2, parts[1] >= 0, parts[1] < 1_000_000 else {
            throw APIFailure(.badRequest, "continue key is not valid: invalid token")
        }
        guard parts[0] >= store.compactedRevision else {
            throw APIFailure(
                .expired,
                "The provided continue parameter is too old to display a consistent list result.")
        }
        return Int(parts[1])
    }

    private func filter(_ call: APICall, name: String?) throws(APIFailure) -> WatchHub.Filter {
        let query = call.request.query
        var fields = FieldFilter.all
        if let text = query["fieldSelector"], !text.isEmpty {
            fields = try FieldFilter(text: text, kind: call.kind)
        }
        if let name {
            fields.terms.append(.init(path: "metadata.name", value: name, isEqual: true))
        }
        var labels = LabelFilter.all
        if let text = query["labelSelector"], !text.isEmpty {
            labels = try LabelFilter(text: text)
        }
        return WatchHub.Filter(
            view: call.view, namespace: call.namespace, labels: labels, fields: fields,
            wantsBookmarks: call.request.isTrue("allowWatchBookmarks"))
    }

    func watch(_ call: APICall, name: String?, _ hub: WatchHub) throws(APIFailure) -> APIResponse {
        let query = call.request.query
        let filter = try filter(call, name: name)
        let timeout = Duration.seconds(
            min(max(query["timeoutSeconds"].flatMap { Int64($0) } ?? 1800, 1), 3600))
        var first: [[UInt8]] = []
        let asked = query["resourceVersion"] ?? ""
        if query["sendInitialEvents"] == "true" || asked.isEmpty || asked == "0" {
            first = store.list(call.kind.qualifiedName, namespace: call.namespace)
                .filter(filter.selects)
                .map { filter.event("ADDED", $0, now: now) }
            if query["sendInitialEvents"] == "true", filter.wantsBookmarks {
                first.append(filter.bookmark(revision: store.revision, isEndOfInitial: true))
            }
        } else {
            guard let revision = Int64(asked) else {
                throw APIFailure(
                    .badRequest, "Invalid value: \"\(asked)\": strconv.ParseUint: invalid syntax")
            }
            guard revision >= store.compactedRevision else {
                let expired = APIFailure(
                    .expired,
                    "too old resource version: \(revision) (\(store.compactedRevision + 1))")
                return .watch(WatchHub.ended(WatchHub.Filter.line("ERROR", expired.status)))
            }
            first = store.history.filter { $0.revision > revision }
                .compactMap { filter.line(for: $0, now: now) }
        }
        return .watch(hub.subscribe(filter, first: first, timeout: timeout))
    }
}
