import Model
import Simulation

/// Pod templates of what a Talos cluster and the lab run by themselves.
enum SystemImages {
    /// The template of a workload that no user wrote.
    static func template(_ spec: WorkloadSpec, kubernetes: Version) -> JSONValue {
        template(spec, image: image(spec.name, kubernetes: kubernetes))
    }

    static func template(_ spec: WorkloadSpec, image: String) -> JSONValue {
        var body: JSONValue = [
            "containers": [
                [
                    "name": .string(spec.name), "image": .string(image),
                ]
            ],
            "terminationGracePeriodSeconds": .whole(spec.graceSeconds),
        ]
        if spec.usesHostNetwork { body["hostNetwork"] = true }
        if !spec.nodeSelector.isEmpty { body["nodeSelector"] = .strings(spec.nodeSelector) }
        if !spec.tolerations.isEmpty {
            body["tolerations"] = .array(
                spec.tolerations.map { key in
                    key == "*"
                        ? ["operator": "Exists"] : ["key": .string(key), "operator": "Exists"]
                })
        }
        if spec.hasEmptyDir { body["volumes"] = [["name": "scratch", "emptyDir": [:]]] }
        return [
            "metadata": ["labels": .strings(spec.templateLabels)], "spec": Defaults.pod(body),
        ]
    }

    /// A static pod of a control plane, as its mirror shows it.
    static func staticPod(_ pod: Pod, kubernetes: Version) -> JSONValue {
        let name = component(of: pod.name) ?? pod.name
        return [
            "metadata": [:],
            "spec": Defaults.pod([
                "containers": [
                    [
                        "name": .string(name),
                        "image": .string(image(name, kubernetes: kubernetes)),
                    ]
                ],
                "hostNetwork": .bool(pod.usesHostNetwork), "priority": 2_000_001_000,
                "priorityClassName": "system-node-critical",
                "tolerations": [["effect": "NoExecute", "operator": "Exists"]],
            ]),
        ]
    }

    /// The component of Kubernetes that a pod runs: `kube-apiserver-cp-1` → `kube-apiserver`.
    static func component(of podName: String) -> String? {
        ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"]
            .first { podName.hasPrefix("\($0)-") }
    }

    static func image(_ name: String, kubernetes: Version) -> String {
        switch name {
        case "kube-flannel": "ghcr.io/siderolabs/flannel:v0.26.4"
        case "coredns": "registry.k8s.io/coredns/coredns:v1.12.0"
        case "velero", "node-agent": "docker.io/velero/velero:v1.15.2"
        case let name where name.hasPrefix("kube-"):
            "registry.k8s.io/\(name):\(kubernetes.tag)"
        default: "registry.k8s.io/pause:3.10"
        }
    }
}
