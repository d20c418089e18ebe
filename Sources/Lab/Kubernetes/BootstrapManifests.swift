import Model
import Simulation

/// The manifests that Talos makes of a machine config: COSI `Manifests`, and in a fresh cluster
/// what stands in it. Ids as Talos names them (facts: `pkg/controllers/k8s`).
enum BootstrapManifests {
    struct Manifest {
        var id: String
        var objects: [JSONValue]
    }

    static func all(config: String, talos: Version) -> [Manifest] {
        let reading = ConfigReading(config)
        var found = [
            Manifest(
                id: "01-csr-node-bootstrap",
                objects: [binding("system-bootstrap-node-bootstrapper", "system:node-bootstrapper")]
            ),
            Manifest(
                id: "01-csr-approver-role-binding",
                objects: [
                    binding(
                        "system-bootstrap-approve-node-client-csr",
                        "system:certificates.k8s.io:certificatesigningrequests:nodeclient")
                ]),
            Manifest(
                id: "01-csr-renewal-role-binding",
                objects: [
                    binding(
                        "system-bootstrap-node-renewal",
                        "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
                        group: "system:nodes")
                ]),
            Manifest(
                id: "05-flannel",
                objects: [
                    workload(
                        .daemonSet, "kube-flannel", ["k8s-app": "flannel"],
                        image: SystemImages.image("kube-flannel", kubernetes: Version(1, 0, 0)))
                ]),
        ]
        if reading?.hasProxy != false {
            let image =
                reading?.image(of: "kube-proxy") ?? "registry.k8s.io/kube-proxy:latest"
            found.append(
                Manifest(
                    id: "10-kube-proxy",
                    objects: [
                        workload(.daemonSet, "kube-proxy", ["k8s-app": "kube-proxy"], image: image)
                    ]))
        }
        found.append(
            Manifest(
                id: "11-core-dns",
                objects: [
                    workload(
                        .deployment, "coredns", ["k8s-app": "kube-dns"],
                        image: SystemImages.image("coredns", kubernetes: Version(1, 0, 0)))
                ]))
        found.append(Manifest(id: "11-core-dns-svc", objects: [dnsService]))
        found.append(Manifest(id: "11-kube-config-in-cluster", objects: [kubeconfig]))
        return found
    }

    /// Whether an object is one of them, so that its change is told as `manifest-applied`.
    static func contain(_ object: JSONValue) -> Bool {
        names.contains(
            "\(object["kind"]?.string ?? "") \(object.namespace)/\(object.name)")
    }

    /// Objects that no part of the emulated cluster stands for: what a fresh one begins with.
    static var seeds: [JSONValue] {
        all(config: "", talos: Version(1, 0, 0)).flatMap(\.objects)
            .filter { !["DaemonSet", "Deployment"].contains($0["kind"]?.string) }
    }

    private static let names: Set<String> = Set(
        all(config: "", talos: Version(1, 0, 0)).flatMap(\.objects).map {
            "\($0["kind"]?.string ?? "") \($0.namespace)/\($0.name)"
        })

    /// The same as a workload of the emulated cluster looks when nobody changed it.
    private static func workload(
        _ kind: WorkloadSpec.Kind, _ name: String, _ labels: [String: String], image: String
    ) -> JSONValue {
        let isDaemon = kind == .daemonSet
        let spec = WorkloadSpec(
            kind: kind, namespace: "kube-system", name: name, replicas: 2,
            selector: LabelSelector(labels), templateLabels: labels,
            tolerations: isDaemon ? ["*"] : ["node-role.kubernetes.io/control-plane"],
            usesHostNetwork: isDaemon)
        var body: JSONValue = [
            "selector": ["matchLabels": .strings(labels)],
            "template": SystemImages.template(spec, image: image),
        ]
        if !isDaemon { body["replicas"] = .whole(spec.replicas) }
        let object: JSONValue = [
            "apiVersion": "apps/v1", "kind": .string(kind.rawValue),
            "metadata": [
                "name": .string(name), "namespace": "kube-system", "labels": .strings(labels),
            ],
            "spec": body,
        ]
        let plural = "\(kind.rawValue.lowercased())s"
        return Defaults.applied(
            to: object, kind: ResourceKind("apps", "v1", kind.rawValue, plural))
    }

    private static func binding(
        _ name: String, _ role: String, group: String = "system:bootstrappers:nodes"
    ) -> JSONValue {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
            "metadata": ["name": .string(name)],
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                "name": .string(role),
            ],
            "subjects": [
                [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "Group",
                    "name": .string(group),
                ]
            ],
        ]
    }

    private static let dnsService: JSONValue = [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
            "name": "kube-dns", "namespace": "kube-system",
            "labels": ["k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true"],
        ],
        "spec": [
            "type": "ClusterIP", "clusterIP": "10.96.0.10", "clusterIPs": ["10.96.0.10"],
            "sessionAffinity": "None", "internalTrafficPolicy": "Cluster",
            "selector": ["k8s-app": "kube-dns"],
            "ports": [
                ["name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53]
            ],
        ],
    ]

    private static let kubeconfig: JSONValue = [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "kubeconfig-in-cluster", "namespace": "kube-system"],
        "data": [
            "kubeconfig":
                "apiVersion: v1\nkind: Config\nclusters:\n- name: local\n"
        ],
    ]
}
