import Model

/// Strategic merge patch: as a merge patch, but the lists that have a key are merged by it.
///
/// Source: apimachinery `strategicpatch` and the `patchMergeKey` tags of `k8s.io/api` v0.32.4.
enum StrategicMerge {
    static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
        merge(target, patch)
    }

    private static func merge(_ target: JSONValue, _ patch: JSONValue) -> JSONValue {
        guard case .object(var changes) = patch else { return patch }
        if let directive = changes.removeValue(forKey: "$patch")?.string {
            if directive == "replace" { return .object(withoutDirectives(changes)) }
            if directive == "delete" { return .object([:]) }
        }
        var members = target.object ?? [:]
        if let kept = changes["$retainKeys"]?.array?.compactMap(\.string) {
            members = members.filter { kept.contains($0.key) }
        }
        for (key, change) in changes where !key.hasPrefix("$") {
            switch change {
            case .null: members[key] = nil
            case .object: members[key] = merge(members[key] ?? [:], change)
            case .array(let items):
                members[key] = .array(
                    mergeList(key, members[key]?.array ?? [], items))
            default: members[key] = change
            }
        }
        for (key, gone) in changes where key.hasPrefix("$deleteFromPrimitiveList/") {
            let field = String(key.dropFirst("$deleteFromPrimitiveList/".count))
            let names = gone.array ?? []
            members[field] = members[field]?.array.map { list in
                .array(list.filter { !names.contains($0) })
            }
        }
        for (key, order) in changes where key.hasPrefix("$setElementOrder/") {
            let field = String(key.dropFirst("$setElementOrder/".count))
            if let list = members[field]?.array {
                members[field] = .array(sorted(list, field: field, by: order.array ?? []))
            }
        }
        return .object(members)
    }

    private static func mergeList(
        _ field: String, _ old: [JSONValue], _ changes: [JSONValue]
    ) -> [JSONValue] {
        if ListKeys.primitiveSets.contains(field) {
            return old + changes.filter { !old.contains($0) }
        }
        guard let key = ListKeys.key(field: field, items: changes + old) else {
            return changes.map(clean)
        }
        if changes.contains(where: { $0["$patch"]?.string == "replace" }) {
            return changes.filter { $0["$patch"] == nil }.map(clean)
        }
        var result = old
        for change in changes {
            let index = result.firstIndex { $0[key] != nil && $0[key] == change[key] }
            if change["$patch"]?.string == "delete" {
                if let index { result.remove(at: index) }
            } else if let index {
                result[index] = merge(result[index], change)
            } else {
                result.append(clean(merge([:], change)))
            }
        }
        return result
    }

    /// Elements named in `order` take that order; others stay behind what they stood behind.
    private static func sorted(
        _ list: [JSONValue], field: String, by order: [JSONValue]
    ) -> [JSONValue] {
        let key = ListKeys.key(field: field, items: list)
        func rank(_ item: JSONValue) -> Int? {
            order.firstIndex { other in
                guard let key else { return other == item }
                return other[key] == item[key]
            }
        }
        let named = list.filter { rank($0) != nil }.sorted { (rank($0) ?? 0) < (rank($1) ?? 0) }
        return named + list.filter { rank($0) == nil }
    }

    private static func clean(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(withoutDirectives(members))
    }

    private static func withoutDirectives(_ members: [String: JSONValue]) -> [String: JSONValue] {
        members.filter { !$0.key.hasPrefix("$") && $0.value != .null }.mapValues { value in
            if let items = value.array { return .array(items.map(clean)) }
            return clean(value)
        }
    }
}
