package import Model

extension ClusterClient {
    package func objects(of gate: GateRule) async throws -> [GateFacts.Object] {
        let (plural, isNamespaced) = try await resource(of: gate)
        let parts = gate.apiVersion.split(separator: "/", maxSplits: 1).map(String.init)
        let path = ResourcePath(
            group: parts.count == 2 ? parts[0] : "", version: parts.last ?? "v1",
            namespace: isNamespaced ? gate.namespace : nil, plural)
        var query: [(String, String)] = []
        if let selector = gate.selector { query.append(("labelSelector", selector)) }
        if let name = gate.name { query.append(("fieldSelector", "metadata.name=\(name)")) }
        return try await list(path.text, selecting: query).map { object in
            let name = object["metadata", "name"]?.string ?? ""
            let namespace = object["metadata", "namespace"]?.string
            let (holds, found) = Self.judge(object, gate.condition)
            return GateFacts.Object(
                title: namespace.map { "\($0)/\(name)" } ?? name, holds: holds, found: found)
        }
    }

    static func judge(
        _ object: JSONValue, _ condition: GateRule.Condition
    ) -> (holds: Bool, found: String) {
        switch condition {
        case .status(let type, let value):
            guard let row = ReconciliationFacts.condition(type, of: object) else {
                return (false, "no condition \(type)")
            }
            let status = row["status"]?.string ?? "no status"
            let message = StatusObject.line(row["message"]?.string ?? "")
            return (status == value, message.isEmpty ? status : "\(status) (\(message))")
        case .field(let path, let isEqual, let value):
            let found = path.reduce(Optional(object)) { $0?[$1] }
            let text = found.flatMap(Self.text) ?? "nothing"
            return ((text == value) == isEqual, text)
        }
    }

    /// A scalar as it would be written; nil for what has parts.
    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): StatusObject.line(text)
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .null, .array, .object: nil
        }
    }

    /// The plural of a gate's kind, as the API server names it.
    private func resource(of gate: GateRule) async throws -> (String, Bool) {
        let isCore = !gate.apiVersion.contains("/")
        let parts = gate.apiVersion.split(separator: "/").map { ResourcePath.escape(String($0)) }
        let path = (isCore ? "/api/" : "/apis/") + parts.joined(separator: "/")
        let known = try await getIfPresent(path)?["resources"]?.array ?? []
        let match = known.first {
            $0["kind"]?.string == gate.kind && $0["name"]?.string?.contains("/") == false
        }
        guard let match, let plural = match["name"]?.string else {
            throw Problem(
                .refused, "Kubernetes serves no \(gate.kind) in \(gate.apiVersion).",
                at: gate.place, fix: "kubectl api-resources | grep -i \(gate.kind)")
        }
        return (plural, match["namespaced"]?.bool ?? true)
    }
}
