import Model

/// In which form a client wants objects: as they are, as table rows, or their metadata alone.
struct ObjectView: Sendable {
    enum Form: Sendable { case plain, table, metadata }

    var kind: ResourceKind
    var form: Form
    var now: Timestamp

    /// Reads the Accept header; the first of its choices that the server can give counts.
    init(kind: ResourceKind, accept: String, now: Timestamp) {
        self.kind = kind
        self.now = now
        form = .plain
        for choice in accept.split(separator: ",") {
            let parts = choice.split(separator: ";").map { String($0).trimmed }
            guard parts.first == "application/json" || parts.first == "*/*" else { continue }
            if parts.contains("as=Table") { form = .table }
            if parts.contains(where: { $0.hasPrefix("as=PartialObjectMetadata") }) {
                form = .metadata
            }
            break
        }
    }

    /// One object as the answer to a GET or as a watch's event.
    func single(_ object: JSONValue) -> JSONValue {
        switch form {
        case .plain: typed(object)
        case .table:
            table(
                [object],
                metadata: ["resourceVersion": object["metadata", "resourceVersion"] ?? ""])
        case .metadata: partial(object)
        }
    }

    /// A list; items of built-in kinds carry neither kind nor apiVersion.
    func list(_ objects: [JSONValue], metadata: JSONValue) -> JSONValue {
        switch form {
        case .plain:
            let items = objects.map { object -> JSONValue in
                guard !kind.isCustom else { return typed(object) }
                var item = object
                item["kind"] = nil
                item["apiVersion"] = nil
                return item
            }
            return [
                "kind": .string(kind.listKind), "apiVersion": .string(kind.apiVersion),
                "metadata": metadata, "items": .array(items),
            ]
        case .table: return table(objects, metadata: metadata)
        case .metadata:
            return [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
                "metadata": metadata, "items": .array(objects.map(partial)),
            ]
        }
    }

    private func typed(_ object: JSONValue) -> JSONValue {
        var result = object
        result["kind"] = .string(kind.kind)
        result["apiVersion"] = .string(kind.apiVersion)
        return result
    }

    private func partial(_ object: JSONValue) -> JSONValue {
        [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": object["metadata"] ?? [:],
        ]
    }

    private func table(_ objects: [JSONValue], metadata: JSONValue) -> JSONValue {
        let columns = TableColumn.columns(for: kind)
        let rows = objects.map { object -> JSONValue in
            [
                "cells": .array(columns.map { $0.cell(object, now) }),
                "object": partial(object),
            ]
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": .array(columns.map(\.definition)), "rows": .array(rows),
        ]
    }
}
