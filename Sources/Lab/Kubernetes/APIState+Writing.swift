import Model
import Simulation

/// Create, replace and patch.
extension APIState {
    mutating func create(
        _ call: APICall, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        let body = try body(of: call)
        let object = try create(body, call, &cluster)
        return .json(201, object, view: call.view)
    }

    /// Makes a new object of `body`.
    mutating func create(
        _ body: JSONValue, _ call: APICall, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> JSONValue {
        guard call.kind.qualifiedName != "nodes" else { throw .methodNotAllowed }
        var object = try identified(body, call)
        let name = object.name
        try checkNamespace(call)
        guard store.object(call.key(name)) == nil else { throw .alreadyExists(call.kind, name) }
        if call.kind.hasStatus { object["status"] = nil }
        object.setMetadata("uid", .string(generator.uuid()))
        object.setMetadata("creationTimestamp", .string(now.text))
        if object["spec"] != nil { object.setMetadata("generation", 1) }
        for field in ["resourceVersion", "deletionTimestamp", "selfLink"] {
            object.setMetadata(field, nil)
        }
        object = Defaults.applied(to: object, kind: call.kind)
        finishNew(&object, call.kind)
        if call.isStrict { try FieldValidation.check(object, kind: call.kind) }
        try Validation.check(object, replacing: nil, kind: call.kind)
        if object["metadata", "managedFields"] == nil {
            object = ManagedFields.record(update: object, from: nil, by: call.writer())
        }
        if call.request.isDryRun {
            object.setMetadata("resourceVersion", .string(String(store.revision)))
            return object
        }
        carryOut(object, replacing: nil, call, &cluster)
        let stored = store.put(object, at: call.key(name))
        afterCreation(of: stored, call)
        return stored
    }

    /// Replaces an object by what `change` makes of it. What a client may not change stays.
    @discardableResult
    mutating func update(
        _ call: APICall, _ name: String, _ cluster: inout EmulatedCluster,
        _ change: (JSONValue) throws(APIFailure) -> JSONValue
    ) throws(APIFailure) -> JSONValue {
        let old = try existing(call, name)
        var new = try change(old)
        guard new.object != nil else {
            throw APIFailure(.badRequest, "the object is not an object")
        }
        if let wanted = new["metadata", "resourceVersion"]?.string, !wanted.isEmpty,
            wanted != old.resourceVersion
        {
            throw .conflict(call.kind, name, APIFailure.modified)
        }
        if let uid = new["metadata", "uid"]?.string, !uid.isEmpty, uid != old.uid {
            throw .conflict(
                call.kind, name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(old.uid)")
        }
        guard new.name.isEmpty || new.name == name else {
            throw APIFailure(
                .badRequest,
                "the name of the object (\(new.name)) does not match the name on the URL (\(name))")
        }
        keepImmutable(&new, of: old, call)
        if call.subresource == nil {
            new = Defaults.applied(to: new, kind: call.kind)
            if call.isStrict { try FieldValidation.check(new, kind: call.kind) }
            try Validation.check(new, replacing: old, kind: call.kind)
        }
        if new.same(as: old) { return old }
        if call.request.contentType != "application/apply-patch+yaml" {
            new = ManagedFields.record(update: new, from: old, by: call.writer())
        }
        if Self.hasNewDesire(new, old) {
            let generation = old["metadata", "generation"]?.integer ?? 0
            new.setMetadata("generation", .integer(generation + 1))
        }
        if call.request.isDryRun { return new }
        carryOut(new, replacing: old, call, &cluster)
        let stored = store.put(new, at: call.key(name))
        if stored.isBeingDeleted, stored.finalizers.isEmpty,
            !Self.liveResources.contains(call.kind.qualifiedName)
        {
            return store.remove(call.key(name)) ?? stored
        }
        return stored
    }

    mutating func patch(
        _ call: APICall, _ name: String, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        let type = call.request.contentType
        if type == "application/apply-patch+yaml" {
            return try serverSideApply(call, name, &cluster)
        }
        let patch = try Self.parse(call.request.body, isYAML: false)
        let changed = try update(call, name, &cluster) { old throws(APIFailure) in
            try Self.patched(old, patch, type: type, kind: call.kind)
        }
        return .json(200, changed, view: call.view)
    }

    static func patched(
        _ old: JSONValue, _ patch: JSONValue, type: String, kind: ResourceKind
    ) throws(APIFailure) -> JSONValue {
        switch type {
        case "application/json-patch+json": return try JSONPatching.apply(patch, to: old)
        case "application/merge-patch+json": return JSONPatching.merge(old, patch)
        case "application/strategic-merge-patch+json" where !kind.isCustom:
            return StrategicMerge.apply(patch, to: old)
        default:
            let more = kind.isCustom ? "" : "application/strategic-merge-patch+json, "
            throw APIFailure(
                .unsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, \(more)"
                    + "application/apply-patch+yaml")
        }
    }

    private mutating func serverSideApply(
        _ call: APICall, _ name: String, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        guard let manager = call.request.query["fieldManager"], !manager.isEmpty else {
            throw APIFailure(
                .badRequest,
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: "
                    + "is required for apply patch")
        }
        var wanted = try Self.parse(call.request.body, isYAML: true)
        guard wanted["apiVersion"]?.string != nil, wanted["kind"]?.string != nil else {
            throw APIFailure(.badRequest, "apiVersion and kind must be set for apply patch")
        }
        guard wanted["metadata", "managedFields"] == nil else {
            throw APIFailure(.badRequest, "metadata.managedFields must be nil")
        }
        if wanted.name.isEmpty { wanted.setMetadata("name", .string(name)) }
        let writer = call.writer()
        guard store.object(call.key(name)) != nil else {
            let owned = try writer.apply(wanted, to: ["metadata": [:]], force: false)
            var full = wanted
            full.setMetadata("managedFields", owned["metadata", "managedFields"])
            return .json(201, try create(full, call, &cluster), view: call.view)
        }
        let force = call.request.isTrue("force")
        let changed = try update(call, name, &cluster) { old throws(APIFailure) in
            try writer.apply(wanted, to: old, force: force)
        }
        return .json(200, changed, view: call.view)
    }
}
