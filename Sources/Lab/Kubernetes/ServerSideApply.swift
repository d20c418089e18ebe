import Model

/// Server-side apply and the bookkeeping of who owns which field.
///
/// Source: Kubernetes documentation “Server-Side Apply”; facts §2.3.
struct ServerSideApply {
    var kind: ResourceKind
    var manager: String
    /// `status` or empty: managers of a subresource are kept apart.
    var subresource = ""
    /// RFC 3339, for the entry.
    var time: String

    /// The object with the configuration merged in.
    /// - Throws: 409 with one cause per field owned by somebody else with another value.
    func apply(
        _ configuration: JSONValue, to live: JSONValue, force: Bool
    ) throws(APIFailure) -> JSONValue {
        var entries = ManagedFields.read(live)
        let wanted = FieldSet(object: configuration, isCustom: kind.isCustom)
        var conflicts: [APIFailure.Cause] = []
        for index in entries.indices where !isMine(entries[index]) {
            let shared = entries[index].fields.intersection(wanted).paths.filter {
                FieldSet.value($0, in: live) != FieldSet.value($0, in: configuration)
            }
            if force {
                entries[index].fields = entries[index].fields.subtracting(FieldSet(paths: shared))
            } else {
                conflicts += shared.map { conflict($0, with: entries[index]) }
            }
        }
        if !conflicts.isEmpty { throw refusal(conflicts, name: live.name) }

        let mine = entries.first(where: isMine)?.fields ?? FieldSet()
        let others = entries.filter { !isMine($0) }.reduce(FieldSet()) { $0.union($1.fields) }
        var result = merge(live, configuration)
        let dropped = mine.subtracting(wanted).subtracting(others).paths
        for path in dropped.sorted(by: { $0.count > $1.count }) {
            result = FieldSet.removing(path[...], from: result) ?? result
        }
        entries.removeAll(where: isMine)
        entries.append(
            ManagedFields.Entry(
                manager: manager, operation: "Apply", apiVersion: kind.apiVersion,
                subresource: subresource, time: time, fields: wanted))
        return ManagedFields.write(entries, to: result)
    }

    private func isMine(_ entry: ManagedFields.Entry) -> Bool {
        entry.manager == manager && entry.operation == "Apply" && entry.subresource == subresource
    }

    private func conflict(
        _ path: FieldSet.Path, with entry: ManagedFields.Entry
    ) -> APIFailure.Cause {
        var message = "conflict with \"\(entry.manager)\""
        if entry.operation == "Update" { message += " using \(entry.apiVersion)" }
        return APIFailure.Cause(
            reason: "FieldManagerConflict", message: message, field: FieldSet.display(path))
    }

    private func refusal(_ causes: [APIFailure.Cause], name: String) -> APIFailure {
        let sorted = causes.sorted { ($0.message, $0.field) < ($1.message, $1.field) }
        let noun = sorted.count == 1 ? "conflict" : "conflicts"
        let message: String
        if sorted.count == 1, let only = sorted.first {
            message = "Apply failed with 1 conflict: \(only.message): \(only.field)"
        } else {
            var lines: [String] = []
            var last = ""
            for cause in sorted {
                let head = cause.message.replacing("conflict with", with: "conflicts with")
                if head != last { lines.append("\(head):") }
                last = head
                lines.append("- \(cause.field)")
            }
            message =
                "Apply failed with \(sorted.count) \(noun): \(lines.joined(separator: "\n"))"
        }
        var failure = APIFailure(.conflict, message)
        failure.causes = sorted
        return failure
    }

    private func merge(_ live: JSONValue, _ wanted: JSONValue) -> JSONValue {
        guard case .object(let changes) = wanted, case .object(var members) = live else {
            return wanted
        }
        for (key, change) in changes {
            switch (members[key], change) {
            case (let old?, .object(let inner)) where old.object != nil && !inner.isEmpty:
                members[key] = merge(old, change)
            case (.array(let old)?, .array(let items)):
                members[key] = .array(mergeList(key, old, items))
            default: members[key] = change
            }
        }
        return .object(members)
    }

    private func mergeList(
        _ field: String, _ old: [JSONValue], _ items: [JSONValue]
    ) -> [JSONValue] {
        if ListKeys.primitiveSets.contains(field) {
            return old + items.filter { !old.contains($0) }
        }
        let key = FieldSet.listKey(field, items: items + old, isCustom: kind.isCustom)
        guard let key else { return items }
        var result = old
        for item in items {
            if let index = result.firstIndex(where: { $0[key] == item[key] }) {
                result[index] = merge(result[index], item)
            } else {
                result.append(item)
            }
        }
        return result
    }
}
