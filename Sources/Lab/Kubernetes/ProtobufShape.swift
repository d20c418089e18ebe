/// What the fields of Kubernetes' protobuf messages are called in JSON.
///
/// Source: the `generated.proto` files of `k8s.io/api` and `k8s.io/apimachinery` v0.32.4; the
/// fields that `kubectl create` and `kubectl drain` use.
indirect enum ProtobufShape: Sendable {
    case text, data, whole, flag, time, wholeOrText
    case message([Int: Field])
    case map(ProtobufShape)

    struct Field: Sendable {
        var name: String
        var shape: ProtobufShape
        var isList = false

        init(_ name: String, _ shape: ProtobufShape, list: Bool = false) {
            self.name = name
            self.shape = shape
            isList = list
        }
    }

    typealias Fields = [Int: Field]

    /// The messages of kinds, by kind.
    static let kinds: [String: Fields] = [
        "Namespace": object([2: .init("spec", .message([1: texts("finalizers")]))]),
        "ConfigMap": object([
            2: .init("data", .map(.text)), 3: .init("binaryData", .map(.data)),
            4: .init("immutable", .flag),
        ]),
        "Secret": object([
            2: .init("data", .map(.data)), 3: .init("type", .text),
            4: .init("stringData", .map(.text)), 5: .init("immutable", .flag),
        ]),
        "ServiceAccount": object([4: .init("automountServiceAccountToken", .flag)]),
        "Deployment": object([2: .init("spec", .message(deployment))]),
        "Pod": object([2: .init("spec", .message(pod))]),
        "Job": object([2: .init("spec", .message(job))]),
        "CronJob": object([2: .init("spec", .message(cronJob))]),
        "Service": object([2: .init("spec", .message(service))]),
        "PodDisruptionBudget": object([
            2: .init(
                "spec",
                .message([
                    1: .init("minAvailable", .wholeOrText),
                    2: .init("selector", .message(selector)),
                    3: .init("maxUnavailable", .wholeOrText),
                ]))
        ]),
        "PriorityClass": object([
            2: .init("value", .whole), 3: .init("globalDefault", .flag),
            4: .init("description", .text), 5: .init("preemptionPolicy", .text),
        ]),
        "Role": object([2: .init("rules", .message(rule), list: true)]),
        "ClusterRole": object([2: .init("rules", .message(rule), list: true)]),
        "RoleBinding": binding, "ClusterRoleBinding": binding,
        "Eviction": object([2: .init("deleteOptions", .message(deleteOptions))]),
        "DeleteOptions": deleteOptions,
    ]

    private static func object(_ more: Fields) -> Fields {
        more.merging([1: .init("metadata", .message(metadata))]) { own, _ in own }
    }

    private static func texts(_ name: String) -> Field { .init(name, .text, list: true) }

    private static let metadata: Fields = [
        1: .init("name", .text), 2: .init("generateName", .text), 3: .init("namespace", .text),
        5: .init("uid", .text), 6: .init("resourceVersion", .text),
        11: .init("labels", .map(.text)), 12: .init("annotations", .map(.text)),
        13: .init(
            "ownerReferences",
            .message([
                1: .init("kind", .text), 3: .init("name", .text), 4: .init("uid", .text),
                5: .init("apiVersion", .text), 6: .init("controller", .flag),
                7: .init("blockOwnerDeletion", .flag),
            ]), list: true),
        14: texts("finalizers"),
    ]

    private static let selector: Fields = [
        1: .init("matchLabels", .map(.text)),
        2: .init(
            "matchExpressions",
            .message([1: .init("key", .text), 2: .init("operator", .text), 3: texts("values")]),
            list: true),
    ]

    private static let template: Fields = [
        1: .init("metadata", .message(metadata)), 2: .init("spec", .message(pod)),
    ]

    private static let deployment: Fields = [
        1: .init("replicas", .whole), 2: .init("selector", .message(selector)),
        3: .init("template", .message(template)),
        4: .init("strategy", .message([1: .init("type", .text)])),
        5: .init("minReadySeconds", .whole), 6: .init("revisionHistoryLimit", .whole),
        7: .init("paused", .flag), 9: .init("progressDeadlineSeconds", .whole),
    ]

    private static let pod: Fields = [
        2: .init("containers", .message(container), list: true), 3: .init("restartPolicy", .text),
        4: .init("terminationGracePeriodSeconds", .whole), 6: .init("dnsPolicy", .text),
        7: .init("nodeSelector", .map(.text)), 8: .init("serviceAccountName", .text),
        10: .init("nodeName", .text), 11: .init("hostNetwork", .flag),
        19: .init("schedulerName", .text),
        20: .init("initContainers", .message(container), list: true),
        22: .init(
            "tolerations",
            .message([
                1: .init("key", .text), 2: .init("operator", .text), 3: .init("value", .text),
                4: .init("effect", .text), 5: .init("tolerationSeconds", .whole),
            ]), list: true),
    ]

    private static let container: Fields = [
        1: .init("name", .text), 2: .init("image", .text), 3: texts("command"), 4: texts("args"),
        5: .init("workingDir", .text),
        6: .init(
            "ports",
            .message([
                1: .init("name", .text), 3: .init("containerPort", .whole),
                4: .init("protocol", .text),
            ]), list: true),
        7: .init(
            "env", .message([1: .init("name", .text), 2: .init("value", .text)]), list: true),
    ]

    private static let job: Fields = [
        1: .init("parallelism", .whole), 2: .init("completions", .whole),
        3: .init("activeDeadlineSeconds", .whole), 6: .init("template", .message(template)),
        7: .init("backoffLimit", .whole),
    ]

    private static let cronJob: Fields = [
        1: .init("schedule", .text), 3: .init("concurrencyPolicy", .text),
        4: .init("suspend", .flag),
        5: .init(
            "jobTemplate",
            .message([
                1: .init("metadata", .message(metadata)), 2: .init("spec", .message(job)),
            ])),
    ]

    private static let service: Fields = [
        1: .init(
            "ports",
            .message([
                1: .init("name", .text), 2: .init("protocol", .text), 3: .init("port", .whole),
                4: .init("targetPort", .wholeOrText), 5: .init("nodePort", .whole),
            ]), list: true),
        2: .init("selector", .map(.text)), 3: .init("clusterIP", .text), 4: .init("type", .text),
        10: .init("externalName", .text),
    ]

    private static let rule: Fields = [
        1: texts("verbs"), 2: texts("apiGroups"), 3: texts("resources"),
        4: texts("resourceNames"), 5: texts("nonResourceURLs"),
    ]

    private static let binding = object([
        2: .init(
            "subjects",
            .message([
                1: .init("kind", .text), 2: .init("apiGroup", .text), 3: .init("name", .text),
                4: .init("namespace", .text),
            ]), list: true),
        3: .init(
            "roleRef",
            .message([
                1: .init("apiGroup", .text), 2: .init("kind", .text), 3: .init("name", .text),
            ])),
    ])

    private static let deleteOptions: Fields = [
        1: .init("gracePeriodSeconds", .whole),
        2: .init(
            "preconditions",
            .message([1: .init("uid", .text), 2: .init("resourceVersion", .text)])),
        4: .init("propagationPolicy", .text), 5: texts("dryRun"),
    ]
}
