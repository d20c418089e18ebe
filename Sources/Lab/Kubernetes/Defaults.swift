import Model

/// What the API server fills in where a user says nothing.
///
/// Source: kubernetes v1.32 `pkg/apis/*/v1/defaults.go`; only what clients look at.
enum Defaults {
    static func applied(to object: JSONValue, kind: ResourceKind) -> JSONValue {
        var result = object
        switch kind.qualifiedName {
        case "deployments.apps":
            fill(&result, ["spec", "replicas"], 1)
            fill(&result, ["spec", "revisionHistoryLimit"], 10)
            fill(&result, ["spec", "progressDeadlineSeconds"], 600)
            fill(&result, ["spec", "strategy", "type"], "RollingUpdate")
            if result["spec", "strategy", "type"] == "RollingUpdate" {
                fill(&result, ["spec", "strategy", "rollingUpdate", "maxSurge"], "25%")
                fill(&result, ["spec", "strategy", "rollingUpdate", "maxUnavailable"], "25%")
            }
        case "replicasets.apps":
            fill(&result, ["spec", "replicas"], 1)
        case "statefulsets.apps":
            fill(&result, ["spec", "replicas"], 1)
            fill(&result, ["spec", "revisionHistoryLimit"], 10)
            fill(&result, ["spec", "podManagementPolicy"], "OrderedReady")
            fill(&result, ["spec", "updateStrategy", "type"], "RollingUpdate")
            if result["spec", "updateStrategy", "type"] == "RollingUpdate" {
                fill(&result, ["spec", "updateStrategy", "rollingUpdate", "partition"], 0)
            }
        case "daemonsets.apps":
            fill(&result, ["spec", "revisionHistoryLimit"], 10)
            fill(&result, ["spec", "updateStrategy", "type"], "RollingUpdate")
            if result["spec", "updateStrategy", "type"] == "RollingUpdate" {
                fill(&result, ["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"], 1)
                fill(&result, ["spec", "updateStrategy", "rollingUpdate", "maxSurge"], 0)
            }
        case "pods":
            result["spec"] = pod(result["spec"] ?? [:])
            fill(&result, ["spec", "enableServiceLinks"], true)
            fill(&result, ["spec", "serviceAccountName"], "default")
        case "services":
            fill(&result, ["spec", "type"], "ClusterIP")
            fill(&result, ["spec", "sessionAffinity"], "None")
            fill(&result, ["spec", "internalTrafficPolicy"], "Cluster")
            let ports = (result["spec", "ports"]?.array ?? []).map { port in
                var port = port
                fill(&port, ["protocol"], "TCP")
                fill(&port, ["targetPort"], port["port"] ?? 0)
                if port["nodePort"] == 0 { port["nodePort"] = nil }
                return port
            }
            if !ports.isEmpty { result.set(["spec", "ports"], .array(ports)) }
        case "persistentvolumeclaims":
            fill(&result, ["spec", "volumeMode"], "Filesystem")
        case "secrets":
            fill(&result, ["type"], "Opaque")
            if let texts = result["stringData"]?.object {
                for (key, text) in texts {
                    result.set(
                        ["data", key], .string(Base64.encode(Array((text.string ?? "").utf8))))
                }
                result["stringData"] = nil
            }
        case "namespaces":
            fill(&result, ["spec", "finalizers"], ["kubernetes"])
            fill(
                &result, ["metadata", "labels", "kubernetes.io/metadata.name"],
                .string(result.name))
        default: break
        }
        if let template = result["spec", "template", "spec"], kind.group == "apps" {
            // The server writes it out, as every template of Go's types.
            result.set(["spec", "template", "metadata", "creationTimestamp"], .null)
            result.set(["spec", "template", "spec"], pod(template))
        }
        return result
    }

    /// Fills in a pod's spec.
    static func pod(_ spec: JSONValue) -> JSONValue {
        var spec = spec
        fill(&spec, ["restartPolicy"], "Always")
        fill(&spec, ["terminationGracePeriodSeconds"], 30)
        fill(&spec, ["dnsPolicy"], "ClusterFirst")
        fill(&spec, ["schedulerName"], "default-scheduler")
        fill(&spec, ["securityContext"], [:])
        for field in ["containers", "initContainers"] {
            guard let containers = spec[field]?.array else { continue }
            spec[field] = .array(containers.map(container))
        }
        return spec
    }

    private static func container(_ container: JSONValue) -> JSONValue {
        var container = container
        let image = container["image"]?.string ?? ""
        let isLatest = image.hasSuffix(":latest") || !image.contains(":")
        fill(&container, ["imagePullPolicy"], isLatest ? "Always" : "IfNotPresent")
        fill(&container, ["resources"], [:])
        fill(&container, ["terminationMessagePath"], "/dev/termination-log")
        fill(&container, ["terminationMessagePolicy"], "File")
        if let ports = container["ports"]?.array {
            container["ports"] = .array(
                ports.map { port in
                    var port = port
                    fill(&port, ["protocol"], "TCP")
                    return port
                })
        }
        return container
    }

    private static func fill(_ object: inout JSONValue, _ path: [String], _ value: JSONValue) {
        let found = path.reduce(Optional(object)) { $0?[$1] }
        if found == nil || found == .null { object.set(path, value) }
    }
}
