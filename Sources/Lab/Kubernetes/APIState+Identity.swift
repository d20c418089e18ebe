import Model
import Simulation

/// What a client may say about an object's identity, and what it may not change.
extension APIState {
    /// The body with the identity that path and body agree on.
    mutating func identified(
        _ body: JSONValue, _ call: APICall
    ) throws(APIFailure) -> JSONValue {
        guard body.object != nil else {
            throw APIFailure(.badRequest, "the body is not an object")
        }
        if let kind = body["kind"]?.string, kind != call.kind.kind {
            throw APIFailure(
                .badRequest,
                "\(kind) in version \"\(body["apiVersion"]?.string ?? "")\" cannot be handled as a "
                    + call.kind.kind)
        }
        var object = body
        object["kind"] = .string(call.kind.kind)
        object["apiVersion"] = .string(call.kind.apiVersion)
        if object["metadata"]?.object == nil { object["metadata"] = [:] }
        if object.name.isEmpty {
            guard let prefix = object["metadata", "generateName"]?.string, !prefix.isEmpty else {
                throw .invalid(
                    call.kind, "",
                    [
                        .init(
                            reason: "FieldValueRequired",
                            message: "Required value: name or generateName is required",
                            field: "metadata.name")
                    ])
            }
            object.setMetadata("name", .string(prefix + generator.suffix(length: 5)))
        }
        if call.kind.isNamespaced {
            let asked = object.namespace
            guard let namespace = call.namespace else { throw .methodNotAllowed }
            guard asked.isEmpty || asked == namespace else {
                throw APIFailure(
                    .badRequest,
                    "the namespace of the provided object does not match the namespace sent on the "
                        + "request")
            }
            object.setMetadata("namespace", .string(namespace))
        } else {
            object.setMetadata("namespace", nil)
        }
        return object
    }

    func checkNamespace(_ call: APICall) throws(APIFailure) {
        guard call.kind.isNamespaced, let namespace = call.namespace else { return }
        let key = ObjectKey(resource: "namespaces", namespace: "", name: namespace)
        guard let owner = store.object(key) else {
            var failure = APIFailure(.notFound, "namespaces \"\(namespace)\" not found")
            failure.name = namespace
            failure.kind = "namespaces"
            throw failure
        }
        if owner.isBeingDeleted {
            var failure = APIFailure(
                .forbidden,
                "unable to create new content in namespace \(namespace) because it is being "
                    + "terminated")
            failure.causes = [
                .init(
                    reason: "NamespaceTerminating",
                    message: "namespace \(namespace) is being terminated",
                    field: "metadata.namespace")
            ]
            throw failure
        }
    }

    func keepImmutable(_ new: inout JSONValue, of old: JSONValue, _ call: APICall) {
        new["kind"] = .string(call.kind.kind)
        new["apiVersion"] = .string(call.kind.apiVersion)
        if new["metadata"]?.object == nil { new["metadata"] = [:] }
        for field in [
            "name", "namespace", "uid", "creationTimestamp", "resourceVersion", "generation",
            "deletionTimestamp", "deletionGracePeriodSeconds",
        ] {
            new.setMetadata(field, old["metadata", field])
        }
        if new["metadata", "managedFields"] == nil {
            new.setMetadata("managedFields", old["metadata", "managedFields"])
        } else if new["metadata", "managedFields"]?.array?.isEmpty == true {
            new.setMetadata("managedFields", nil)
        }
        if call.subresource == "status" {
            let status = new["status"]
            let metadata = new["metadata"]
            new = old
            new["status"] = status
            new["metadata"] = metadata
        } else if call.kind.hasStatus {
            new["status"] = old["status"]
        }
    }

    /// Whether something else than metadata and status differs.
    static func hasNewDesire(_ new: JSONValue, _ old: JSONValue) -> Bool {
        guard old["metadata", "generation"] != nil else { return false }
        var left = new
        var right = old
        for key in ["metadata", "status"] {
            left[key] = nil
            right[key] = nil
        }
        return left != right
    }
}

extension JSONValue {
    /// Equal apart from revision and managed fields' times.
    func same(as other: JSONValue) -> Bool {
        func plain(_ value: JSONValue) -> JSONValue {
            var value = value
            value.setMetadata("resourceVersion", nil)
            if let entries = value["metadata", "managedFields"]?.array {
                value.setMetadata(
                    "managedFields",
                    .array(
                        entries.map {
                            var entry = $0
                            entry["time"] = nil
                            return entry
                        }))
            }
            return value
        }
        return plain(self) == plain(other)
    }
}
