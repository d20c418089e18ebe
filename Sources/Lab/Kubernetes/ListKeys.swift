import Model

/// By what the elements of the lists in built-in kinds are told apart.
enum ListKeys {
    /// Lists of plain values that merge as sets.
    static let primitiveSets: Set = ["finalizers", "loadBalancerSourceRanges"]

    /// The merge key of a list's elements, nil for a list that is replaced whole.
    static func key(field: String, items: [JSONValue]) -> String? {
        if field == "ports" {
            let hasContainers = items.contains { $0["containerPort"] != nil }
            let hasServices = items.contains { $0["port"] != nil }
            return hasContainers ? "containerPort" : (hasServices ? "port" : nil)
        }
        guard let key = byField[field], items.allSatisfy({ $0.object != nil }) else { return nil }
        return key
    }

    private static let byField: [String: String] = [
        "containers": "name", "initContainers": "name", "ephemeralContainers": "name",
        "env": "name", "volumes": "name", "volumeMounts": "mountPath",
        "volumeDevices": "devicePath", "imagePullSecrets": "name", "secrets": "name",
        "conditions": "type", "addresses": "type", "ownerReferences": "uid", "hostAliases": "ip",
        "topologySpreadConstraints": "topologyKey", "podIPs": "ip", "resourceClaims": "name",
        "schedulingGates": "name",
    ]
}
