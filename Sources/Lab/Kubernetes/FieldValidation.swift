import Model

/// `fieldValidation=Strict`: fields that a kind does not have are refused, in the kinds that people
/// write by hand most.
///
/// Source: the Go types of `k8s.io/api` v0.32.4.
enum FieldValidation {
    /// - Throws: 400 with the unknown fields, as the API server's strict decoder words it.
    static func check(_ object: JSONValue, kind: ResourceKind) throws(APIFailure) {
        var unknown = Self.unknown(in: object["metadata"], at: "metadata", metadata)
        if let fields = specs[kind.qualifiedName] {
            unknown += Self.unknown(in: object["spec"], at: "spec", fields)
        }
        switch kind.qualifiedName {
        case "pods": unknown += inPod(object["spec"], at: "spec")
        case "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps":
            unknown += inPod(object["spec", "template", "spec"], at: "spec.template.spec")
        default: break
        }
        guard !unknown.isEmpty else { return }
        let list = unknown.sorted().map { "unknown field \"\($0)\"" }.joined(separator: ", ")
        throw APIFailure(
            .badRequest,
            "\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): "
                + "strict decoding error: \(list)")
    }

    private static func inPod(_ spec: JSONValue?, at path: String) -> [String] {
        var unknown = Self.unknown(in: spec, at: path, pod)
        for list in ["containers", "initContainers"] {
            for (index, item) in (spec?[list]?.array ?? []).enumerated() {
                unknown += Self.unknown(in: item, at: "\(path).\(list)[\(index)]", container)
            }
        }
        return unknown
    }

    private static func unknown(
        in object: JSONValue?, at path: String, _ known: Set<String>
    ) -> [String] {
        (object?.object ?? [:]).keys.filter { !known.contains($0) }.map { "\(path).\($0)" }
    }

    private static let metadata: Set = [
        "annotations", "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp",
        "finalizers", "generateName", "generation", "labels", "managedFields", "name", "namespace",
        "ownerReferences", "resourceVersion", "selfLink", "uid",
    ]

    private static let specs: [String: Set<String>] = [
        "deployments.apps": [
            "minReadySeconds", "paused", "progressDeadlineSeconds", "replicas",
            "revisionHistoryLimit", "selector", "strategy", "template",
        ],
        "replicasets.apps": ["minReadySeconds", "replicas", "selector", "template"],
        "statefulsets.apps": [
            "minReadySeconds", "ordinals", "persistentVolumeClaimRetentionPolicy",
            "podManagementPolicy", "replicas", "revisionHistoryLimit", "selector", "serviceName",
            "template", "updateStrategy", "volumeClaimTemplates",
        ],
        "daemonsets.apps": [
            "minReadySeconds", "revisionHistoryLimit", "selector", "template", "updateStrategy",
        ],
        "poddisruptionbudgets.policy": [
            "maxUnavailable", "minAvailable", "selector", "unhealthyPodEvictionPolicy",
        ],
    ]

    private static let pod: Set = [
        "activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "containers",
        "dnsConfig", "dnsPolicy", "enableServiceLinks", "ephemeralContainers", "hostAliases",
        "hostIPC", "hostNetwork", "hostPID", "hostUsers", "hostname", "imagePullSecrets",
        "initContainers", "nodeName", "nodeSelector", "os", "overhead", "preemptionPolicy",
        "priority", "priorityClassName", "readinessGates", "resourceClaims", "resources",
        "restartPolicy", "runtimeClassName", "schedulerName", "schedulingGates",
        "securityContext", "serviceAccount", "serviceAccountName", "setHostnameAsFQDN",
        "shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "tolerations",
        "topologySpreadConstraints", "volumes",
    ]

    private static let container: Set = [
        "args", "command", "env", "envFrom", "image", "imagePullPolicy", "lifecycle",
        "livenessProbe", "name", "ports", "readinessProbe", "resizePolicy", "resources",
        "restartPolicy", "securityContext", "startupProbe", "stdin", "stdinOnce",
        "terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices",
        "volumeMounts", "workingDir",
    ]
}
