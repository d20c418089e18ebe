import Model

/// `metadata.managedFields` as values.
enum ManagedFields {
    struct Entry {
        var manager: String
        var operation: String
        var apiVersion: String
        var subresource: String
        var time: String
        var fields: FieldSet
    }

    static func read(_ object: JSONValue) -> [Entry] {
        (object["metadata", "managedFields"]?.array ?? []).map { entry in
            Entry(
                manager: entry["manager"]?.string ?? "",
                operation: entry["operation"]?.string ?? "Update",
                apiVersion: entry["apiVersion"]?.string ?? "",
                subresource: entry["subresource"]?.string ?? "",
                time: entry["time"]?.string ?? "", fields: FieldSet(fieldsV1: entry["fieldsV1"]))
        }
    }

    static func write(_ entries: [Entry], to object: JSONValue) -> JSONValue {
        var metadata = object["metadata"] ?? [:]
        let kept = entries.filter { !$0.fields.isEmpty }
        metadata["managedFields"] =
            kept.isEmpty
            ? nil
            : .array(
                kept.map { entry in
                    var item: JSONValue = [
                        "manager": .string(entry.manager), "operation": .string(entry.operation),
                        "apiVersion": .string(entry.apiVersion), "time": .string(entry.time),
                        "fieldsType": "FieldsV1", "fieldsV1": entry.fields.fieldsV1,
                    ]
                    if !entry.subresource.isEmpty {
                        item["subresource"] = .string(entry.subresource)
                    }
                    return item
                })
        var result = object
        result["metadata"] = metadata
        return result
    }

    /// Gives what an update changed to the manager that made it.
    static func record(
        update new: JSONValue, from old: JSONValue?, by writer: ServerSideApply
    ) -> JSONValue {
        let before = old.map { FieldSet(object: $0, isCustom: writer.kind.isCustom) } ?? FieldSet()
        let after = FieldSet(object: new, isCustom: writer.kind.isCustom)
        let changed = FieldSet(
            paths: after.paths.filter { path in
                guard let old else { return true }
                return FieldSet.value(path, in: old) != FieldSet.value(path, in: new)
            })
        let gone = before.subtracting(after)
        guard !(changed.isEmpty && gone.isEmpty) else { return new }
        var entries = read(new)
        for index in entries.indices {
            let isMine =
                entries[index].manager == writer.manager && entries[index].operation == "Update"
                && entries[index].subresource == writer.subresource
            let taken = isMine ? gone : gone.union(changed)
            entries[index].fields = entries[index].fields.subtracting(taken)
            if isMine {
                entries[index].fields = entries[index].fields.union(changed)
                entries[index].time = writer.time
            }
        }
        let hasMine = entries.contains {
            $0.manager == writer.manager && $0.operation == "Update"
                && $0.subresource == writer.subresource
        }
        if !hasMine, !changed.isEmpty {
            entries.append(
                Entry(
                    manager: writer.manager, operation: "Update",
                    apiVersion: writer.kind.apiVersion, subresource: writer.subresource,
                    time: writer.time, fields: changed))
        }
        return write(entries, to: new)
    }
}
