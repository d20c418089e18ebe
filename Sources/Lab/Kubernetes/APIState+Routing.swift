import Model
import Simulation

/// Which function answers which path.
extension APIState {
    /// Health, answered also while etcd has no quorum. Nil for everything else.
    func answerWithoutCluster(
        _ request: APIRequest, cluster: EmulatedCluster
    ) -> APIResponse? {
        let first = request.path.split(separator: "/").first.map(String.init) ?? ""
        switch first {
        case "livez", "healthz", "readyz":
            let isFine = cluster.quorate || first == "livez"
            if !isFine {
                return .text(
                    500, "[+]ping ok\n[-]etcd failed: reason withheld\n\(first) check failed\n")
            }
            guard request.query["verbose"] != nil else { return .text(200, "ok") }
            return .text(200, "[+]ping ok\n[+]log ok\n[+]etcd ok\n\(first) check passed\n")
        case "version":
            return .json(200, Discovery.version(Self.serverVersion(cluster)))
        default: return nil
        }
    }

    /// The oldest API server decides what `/version` says.
    static func serverVersion(_ cluster: EmulatedCluster) -> Version {
        cluster.machines.values.filter(\.controlPlaneIsUp)
            .compactMap { $0.controlPlaneVersions[.apiServer] }.min()
            ?? cluster.blueprint.kubernetes
    }

    mutating func route(
        _ request: APIRequest, _ cluster: inout EmulatedCluster, _ hub: WatchHub
    ) throws -> APIResponse {
        let catalog = catalog
        if request.method == "GET",
            let found = Discovery(catalog: catalog).answer(
                path: request.path, accept: request.accept)
        {
            return found
        }
        guard let path = ResourcePath(request.path),
            let kind = catalog.kind(group: path.group, version: path.version, plural: path.plural)
        else { throw APIFailure.noResource }
        guard kind.isNamespaced || path.namespace == nil else { throw APIFailure.noResource }
        let call = APICall(
            request: request, kind: kind, namespace: path.namespace, name: path.name,
            subresource: path.subresource, now: now)
        if kind.isReview { return try review(call) }
        if let subresource = path.subresource {
            return try answer(call, subresource: subresource, &cluster)
        }
        switch (request.method, path.name) {
        case ("GET", let name?):
            if request.isTrue("watch") { return try watch(call, name: name, hub) }
            return .json(200, call.view.single(try existing(call, name)))
        case ("GET", nil):
            return request.isTrue("watch")
                ? try watch(call, name: nil, hub) : .json(200, try list(call))
        case ("POST", nil): return try create(call, &cluster)
        case ("PUT", let name?):
            let body = try body(of: call)
            return .json(200, try update(call, name, &cluster) { _ in body }, view: call.view)
        case ("PATCH", let name?): return try patch(call, name, &cluster)
        case ("DELETE", let name?): return try delete(call, name, &cluster)
        case ("DELETE", nil): return try deleteCollection(call, &cluster)
        default: throw APIFailure.methodNotAllowed
        }
    }

    func existing(_ call: APICall, _ name: String) throws(APIFailure) -> JSONValue {
        guard let object = store.object(call.key(name)) else {
            throw .notFound(call.kind, name)
        }
        return object
    }

    /// The body as a JSON value.
    /// - Throws: 415 for media types that no API server knows, 400 for what cannot be read.
    func body(of call: APICall) throws(APIFailure) -> JSONValue {
        let type = call.request.contentType
        if type == ProtobufBody.mediaType { return try ProtobufBody.parse(call.request.body) }
        guard ["", "application/json", "application/yaml"].contains(type) else {
            throw APIFailure(
                .unsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json, application/yaml")
        }
        return try Self.parse(call.request.body, isYAML: type == "application/yaml")
    }

    static func parse(_ bytes: [UInt8], isYAML: Bool) throws(APIFailure) -> JSONValue {
        let first = bytes.first { $0 > 0x20 }
        if isYAML, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") {
            return try YAMLText.parse(bytes)
        }
        do {
            return try JSONText.parse(bytes)
        } catch {
            throw APIFailure(
                .badRequest,
                "couldn't get version/kind; json parse error: \(error.what) at \(error.offset)")
        }
    }
}

extension APIResponse {
    static func json(_ code: Int, _ object: JSONValue, view: ObjectView) -> APIResponse {
        .json(code, view.single(object))
    }
}
