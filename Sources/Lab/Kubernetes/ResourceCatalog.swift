import Model

/// Every kind served at a moment: the built-in table plus what CustomResourceDefinitions add.
struct ResourceCatalog {
    private(set) var kinds: [ResourceKind]

    /// - Parameter definitions: the CustomResourceDefinition objects of the store.
    init(definitions: [JSONValue]) {
        kinds = Self.builtIn + definitions.flatMap(ResourceKind.custom(definition:))
    }

    func kind(group: String, version: String, plural: String) -> ResourceKind? {
        kinds.first { $0.plural == plural && $0.group == group && $0.version == version }
    }

    /// The kind kept on a shelf of the store, whichever version comes first.
    func kind(qualifiedName: String) -> ResourceKind? {
        kinds.first { $0.qualifiedName == qualifiedName }
    }

    /// Groups other than the core group with their versions, in the order of the table.
    var groups: [(name: String, versions: [String])] {
        var found: [(name: String, versions: [String])] = []
        for kind in kinds where !kind.group.isEmpty {
            if let index = found.firstIndex(where: { $0.name == kind.group }) {
                if !found[index].versions.contains(kind.version) {
                    found[index].versions.append(kind.version)
                }
            } else {
                found.append((kind.group, [kind.version]))
            }
        }
        return found
    }

    func kinds(group: String, version: String) -> [ResourceKind] {
        kinds.filter { $0.group == group && $0.version == version }
    }

    /// Names, short names and scopes as Kubernetes 1.32 has them (`kubectl api-resources`).
    private static let builtIn: [ResourceKind] = core + workloads + policies + access + extensions

    private static let core: [ResourceKind] = [
        .init("", "v1", "ConfigMap", "configmaps", short: ["cm"]),
        .init("", "v1", "Endpoints", "endpoints", short: ["ep"]),
        .init("", "v1", "Event", "events", short: ["ev"]),
        .init("", "v1", "LimitRange", "limitranges", short: ["limits"]),
        .init("", "v1", "Namespace", "namespaces", short: ["ns"], namespaced: false, status: true),
        .init("", "v1", "Node", "nodes", short: ["no"], namespaced: false, status: true),
        .init(
            "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", short: ["pvc"],
            status: true),
        .init(
            "", "v1", "PersistentVolume", "persistentvolumes", short: ["pv"], namespaced: false,
            status: true),
        .init("", "v1", "Pod", "pods", short: ["po"], categories: ["all"], status: true),
        .init(
            "", "v1", "ReplicationController", "replicationcontrollers", short: ["rc"],
            categories: ["all"], status: true, scale: true),
        .init("", "v1", "ResourceQuota", "resourcequotas", short: ["quota"], status: true),
        .init("", "v1", "Secret", "secrets"),
        .init("", "v1", "ServiceAccount", "serviceaccounts", short: ["sa"]),
        .init("", "v1", "Service", "services", short: ["svc"], categories: ["all"], status: true),
    ]

    private static let workloads: [ResourceKind] = [
        .init("apps", "v1", "ControllerRevision", "controllerrevisions"),
        .init(
            "apps", "v1", "DaemonSet", "daemonsets", short: ["ds"], categories: ["all"],
            status: true),
        .init(
            "apps", "v1", "Deployment", "deployments", short: ["deploy"], categories: ["all"],
            status: true, scale: true),
        .init(
            "apps", "v1", "ReplicaSet", "replicasets", short: ["rs"], categories: ["all"],
            status: true, scale: true),
        .init(
            "apps", "v1", "StatefulSet", "statefulsets", short: ["sts"], categories: ["all"],
            status: true, scale: true),
        .init(
            "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers",
            short: ["hpa"], categories: ["all"], status: true),
        .init(
            "batch", "v1", "CronJob", "cronjobs", short: ["cj"], categories: ["all"], status: true),
        .init("batch", "v1", "Job", "jobs", categories: ["all"], status: true),
    ]

    private static let policies: [ResourceKind] = [
        .init(
            "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", short: ["pdb"],
            status: true),
        .init("coordination.k8s.io", "v1", "Lease", "leases"),
        .init("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
        .init("networking.k8s.io", "v1", "Ingress", "ingresses", short: ["ing"], status: true),
        .init(
            "networking.k8s.io", "v1", "IngressClass", "ingressclasses", namespaced: false),
        .init("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", short: ["netpol"]),
        .init(
            "scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", short: ["pc"],
            namespaced: false),
        .init("storage.k8s.io", "v1", "CSIDriver", "csidrivers", namespaced: false),
        .init("storage.k8s.io", "v1", "CSINode", "csinodes", namespaced: false),
        .init(
            "storage.k8s.io", "v1", "StorageClass", "storageclasses", short: ["sc"],
            namespaced: false),
        .init(
            "storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", namespaced: false,
            status: true),
    ]

    private static let access: [ResourceKind] = [
        review("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews"),
        review("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
        review("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews"),
        review("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews"),
        .init("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", namespaced: false),
        .init(
            "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings",
            namespaced: false),
        .init("rbac.authorization.k8s.io", "v1", "Role", "roles"),
        .init("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
    ]

    private static let extensions: [ResourceKind] = [
        .init(
            "admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration",
            "mutatingwebhookconfigurations", namespaced: false),
        .init(
            "admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration",
            "validatingwebhookconfigurations", namespaced: false),
        .init(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions",
            short: ["crd", "crds"], namespaced: false, status: true),
        .init(
            "apiregistration.k8s.io", "v1", "APIService", "apiservices", namespaced: false,
            status: true),
    ]

    private static func review(_ group: String, _ kind: String, _ plural: String) -> ResourceKind {
        var made = ResourceKind(group, "v1", kind, plural, namespaced: false)
        made.isReview = true
        return made
    }
}
