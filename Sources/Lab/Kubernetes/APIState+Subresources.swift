import Model
import Simulation

/// status, scale, eviction, log and the reviews.
extension APIState {
    mutating func answer(
        _ call: APICall, subresource: String, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        guard let name = call.name else { throw .noResource }
        let method = call.request.method
        switch (subresource, call.kind.qualifiedName) {
        case ("status", _) where call.kind.hasStatus:
            switch method {
            case "GET": return .json(200, call.view.single(try existing(call, name)))
            case "PATCH": return try patch(call, name, &cluster)
            case "PUT":
                let body = try body(of: call)
                return .json(
                    200, try update(call, name, &cluster) { _ in body }, view: call.view)
            default: throw .methodNotAllowed
            }
        case ("scale", _) where call.kind.hasScale: return try scale(call, name, &cluster)
        case ("finalize", "namespaces") where method == "PUT":
            return .json(200, try existing(call, name))
        case ("eviction", "pods") where method == "POST": return try evict(call, name, &cluster)
        case ("log", "pods") where method == "GET":
            let pod = try existing(call, name)
            guard pod["status", "phase"] != "Pending" else {
                throw APIFailure(
                    .badRequest, "container in pod \"\(name)\" is waiting to start")
            }
            let started = pod["status", "startTime"]?.string ?? now.text
            return .text(200, "\(started) \(name): started\n")
        default: throw .noResource
        }
    }

    // MARK: Eviction

    /// Facts §2.5: 201, 404, 429 with the budget's cause, 500 for two budgets.
    private mutating func evict(
        _ call: APICall, _ name: String, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        let pod = try existing(call, name)
        let body = try body(of: call)
        guard body.name.isEmpty || body.name == name else {
            throw APIFailure(.badRequest, "name in URL does not match name in Eviction object")
        }
        if let uid = body["deleteOptions", "preconditions", "uid"]?.string, uid != pod.uid {
            throw .conflict(call.kind, name, "Precondition failed: UID in precondition: \(uid)")
        }
        let isDryRun =
            call.request.isDryRun || body["deleteOptions", "dryRun"]?.array?.isEmpty == false
        let uid = ObjectUID(pod.uid)
        let result = cluster.evict(uid: uid, dryRun: isDryRun, by: call.request.actor)
        switch result {
        case .evicted:
            return .json(
                201,
                [
                    "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
                    "code": 201,
                ])
        case .refused(let budget, let message):
            var failure = APIFailure(.tooManyRequests, message)
            let known = cluster.budgets.values.first {
                $0.spec.name == budget && $0.spec.namespace == pod.namespace
            }
            failure.causes = [
                .init(reason: "DisruptionBudget", message: known?.refusalCause ?? message)
            ]
            throw failure
        case .ambiguous:
            throw APIFailure(
                .internalError,
                "Internal error occurred: This pod has more than one PodDisruptionBudget, which "
                    + "the eviction subresource does not support.")
        case .notFound: throw .notFound(call.kind, name)
        }
    }

    // MARK: Scale

    private mutating func scale(
        _ call: APICall, _ name: String, _ cluster: inout EmulatedCluster
    ) throws(APIFailure) -> APIResponse {
        let object = try existing(call, name)
        guard call.request.method != "GET" else { return .json(200, Self.scale(of: object)) }
        var wanted: JSONValue
        switch call.request.method {
        case "PUT": wanted = try body(of: call)
        case "PATCH":
            let patch = try Self.parse(call.request.body, isYAML: false)
            wanted = try Self.patched(
                Self.scale(of: object), patch, type: call.request.contentType, kind: call.kind)
        default: throw .methodNotAllowed
        }
        let replicas = wanted["spec", "replicas"]?.integer ?? 0
        let version = wanted["metadata", "resourceVersion"]
        let changed = try update(call, name, &cluster) { old in
            var new = old
            new.set(["spec", "replicas"], .integer(replicas))
            if let version { new.setMetadata("resourceVersion", version) }
            return new
        }
        return .json(200, Self.scale(of: changed))
    }

    private static func scale(of object: JSONValue) -> JSONValue {
        var metadata: JSONValue = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object["metadata", field]
        }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
            "spec": ["replicas": object["spec", "replicas"] ?? 0],
            "status": [
                "replicas": object["status", "replicas"] ?? 0,
                "selector": .string(LabelFilter(object: object["spec", "selector"]).text),
            ],
        ]
    }

    // MARK: Reviews

    /// Whoever has a certificate of the cluster may do everything. The body may also be
    /// Kubernetes' protobuf (`kubectl auth can-i`): the answer does not depend on it.
    func review(_ call: APICall) throws(APIFailure) -> APIResponse {
        guard call.request.method == "POST" else { throw .methodNotAllowed }
        let isReadable = call.request.contentType != ProtobufBody.mediaType
        var object: JSONValue = isReadable ? try body(of: call) : [:]
        object["kind"] = .string(call.kind.kind)
        object["apiVersion"] = .string(call.kind.apiVersion)
        if object["metadata"] == nil { object["metadata"] = ["creationTimestamp": nil] }
        switch call.kind.kind {
        case "SelfSubjectReview":
            object["status"] = [
                "userInfo": [
                    "username": .string(call.request.user),
                    "groups": ["system:masters", "system:authenticated"],
                ]
            ]
        case "SelfSubjectRulesReview":
            object["status"] = [
                "incomplete": false,
                "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
                "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]],
            ]
        default: object["status"] = ["allowed": true]
        }
        return .json(201, object)
    }
}
