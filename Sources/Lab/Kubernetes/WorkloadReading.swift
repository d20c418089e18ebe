import Model
import Simulation

/// What the emulated cluster needs to know of an object that a user wrote.
enum WorkloadReading {
    /// Nil when the object is not one of the four workload kinds.
    static func workload(_ object: JSONValue) -> WorkloadSpec? {
        guard let kind = object["kind"]?.string.flatMap(WorkloadSpec.Kind.init) else { return nil }
        let template = object["spec", "template"] ?? [:]
        let spec = template["spec"] ?? [:]
        let claims = (object["spec", "volumeClaimTemplates"]?.array ?? []).map(\.name)
        return WorkloadSpec(
            kind: kind, namespace: object.namespace, name: object.name,
            replicas: Int(clamping: object["spec", "replicas"]?.integer ?? 1),
            selector: selector(object["spec", "selector"]), templateLabels: template.labels,
            templateHash: hash(of: template), nodeSelector: strings(spec["nodeSelector"]),
            tolerations: tolerations(spec), hasEmptyDir: hasEmptyDir(spec),
            volumeClaims: claims + claimNames(spec),
            graceSeconds: grace(spec), usesHostNetwork: spec["hostNetwork"]?.bool == true,
            rules: rules(spec))
    }

    static func pod(_ object: JSONValue) -> PodSpec {
        let spec = object["spec"] ?? [:]
        return PodSpec(
            namespace: object.namespace, name: object.name, labels: object.labels,
            node: spec["nodeName"]?.string.map { NodeName($0) },
            nodeSelector: strings(spec["nodeSelector"]), tolerations: tolerations(spec),
            graceSeconds: grace(spec), hasEmptyDir: hasEmptyDir(spec),
            volumeClaims: claimNames(spec), rules: rules(spec),
            isHeld: !object.finalizers.isEmpty)
    }

    /// Nil when the budget demands nothing.
    static func budget(_ object: JSONValue) -> BudgetSpec? {
        let demand: BudgetSpec.Demand
        if let amount = amount(object["spec", "maxUnavailable"]) {
            demand = .maxUnavailable(amount)
        } else {
            demand = .minAvailable(amount(object["spec", "minAvailable"]) ?? .count(1))
        }
        return BudgetSpec(
            namespace: object.namespace, name: object.name, demand: demand,
            selector: selector(object["spec", "selector"]),
            alwaysAllowsUnhealthy: object["spec", "unhealthyPodEvictionPolicy"] == "AlwaysAllow")
    }

    /// The `pod-template-hash` of a template: FNV-1a in the alphabet of generated names.
    /// Source: kubernetes v1.32 `controller.ComputeHash`, apimachinery `rand.SafeEncodeString`.
    static func hash(of template: JSONValue) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in JSONText.bytes(template) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return String(String(hash).utf8.map { alphabet[Int($0) % alphabet.count] })
    }

    private static func amount(_ value: JSONValue?) -> BudgetSpec.Amount? {
        switch value {
        case .integer(let count): .count(Int(clamping: count))
        case .string(let text) where text.hasSuffix("%"): Int(text.dropLast()).map { .percent($0) }
        case .string(let text): Int(text).map { .count($0) }
        default: nil
        }
    }

    static func selector(_ value: JSONValue?) -> LabelSelector {
        LabelSelector(
            strings(value?["matchLabels"]),
            expressions: (value?["matchExpressions"]?.array ?? []).compactMap { row in
                guard let key = row["key"]?.string,
                    let relation = row["operator"]?.string.flatMap(LabelSelector.Relation.init)
                else { return nil }
                return LabelSelector.Expression(
                    key: key, relation: relation,
                    values: (row["values"]?.array ?? []).compactMap(\.string))
            })
    }

    private static func tolerations(_ spec: JSONValue) -> [String] {
        (spec["tolerations"]?.array ?? []).compactMap { row in
            let key = row["key"]?.string ?? ""
            if key.isEmpty { return row["operator"] == "Exists" ? "*" : nil }
            return key
        }
    }

    private static func hasEmptyDir(_ spec: JSONValue) -> Bool {
        (spec["volumes"]?.array ?? []).contains { $0["emptyDir"] != nil }
    }

    private static func claimNames(_ spec: JSONValue) -> [String] {
        (spec["volumes"]?.array ?? []).compactMap {
            $0["persistentVolumeClaim", "claimName"]?.string
        }
    }

    private static func grace(_ spec: JSONValue) -> Int {
        Int(clamping: spec["terminationGracePeriodSeconds"]?.integer ?? 30)
    }

    private static func strings(_ value: JSONValue?) -> [String: String] {
        (value?.object ?? [:]).compactMapValues(\.string)
    }
}
