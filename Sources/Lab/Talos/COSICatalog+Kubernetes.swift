import Foundation
import Model
import Simulation

extension COSICatalog {
    static let kubernetes: [COSIType] = [
        COSIType("Nodenames.kubernetes.talos.dev", "k8s") { view in
            [
                COSIItem(
                    "nodename",
                    "nodename: \(view.machine.name)\nhostnameVersion: \"1\"\n"
                        + "skipNodeRegistration: false\n")
            ]
        },
        COSIType("NodeStatuses.kubernetes.talos.dev", "k8s") { view in
            guard let node = view.cluster.nodes[view.machine.name] else { return [] }
            return [
                COSIItem(
                    node.name.text,
                    "nodename: \(node.name)\nnodeReady: \(node.isReady)\n"
                        + "unschedulable: \(node.isCordoned)\n"
                        + YAMLScalar.map("labels", node.labels)
                        + YAMLScalar.map("annotations", node.annotations)
                        + YAMLScalar.list("podCIDRs", ["10.244.\(node.podSubnet).0/24"]))
            ]
        },
        COSIType("NodeIPs.kubernetes.talos.dev", "k8s") { view in
            [COSIItem("kubelet", YAMLScalar.list("addresses", [view.machine.address.text]))]
        },
        COSIType("KubeletSpecs.kubernetes.talos.dev", "k8s", isSensitive: true) { view in
            [
                COSIItem(
                    "kubelet",
                    "image: \(view.image(of: "kubelet"))\nargs:\n"
                        + "    - --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubeconfig\n"
                        + "    - --hostname-override=\(view.machine.name)\n"
                        + "    - --node-ip=\(view.machine.address)\n"
                        + arguments("kubelet", view).map { "    - \($0)\n" }.joined()
                        + "extraMounts: []\n"
                        + "expectedNodename: \(view.machine.name)\nconfig: {}\n")
            ]
        },
        COSIType("KubeletStatuses.kubernetes.talos.dev", "k8s", since: Version(1, 14, 0)) { view in
            let image = view.state(of: "kubelet")?.runningImage ?? ""
            return [COSIItem("kubelet", "image: \(image)\n")]
        },
        COSIType("StaticPods.kubernetes.talos.dev", "k8s", isControlPlaneOnly: true) { view in
            components.map { component in COSIItem(component, staticPod(component, view)) }
        },
        COSIType(
            "StaticPodStatuses.kubernetes.talos.dev", "k8s", isControlPlaneOnly: true
        ) { view in
            components.compactMap { podStatus($0, view) }
        },
        COSIType(
            "Manifests.kubernetes.talos.dev", "controlplane", isControlPlaneOnly: true
        ) { view in
            BootstrapManifests.all(config: view.machine.config, talos: view.machine.version)
                .map { manifest in
                    let rows = manifest.objects.map { object in
                        "    - " + String(decoding: JSONText.bytes(object), as: UTF8.self) + "\n"
                    }
                    return COSIItem(manifest.id, "items:\n" + rows.joined())
                }
        },
        COSIType(
            "ManifestStatuses.kubernetes.talos.dev", "controlplane", isControlPlaneOnly: true
        ) { view in
            let ids = BootstrapManifests.all(
                config: view.machine.config, talos: view.machine.version
            ).map(\.id)
            return [COSIItem("manifests", YAMLScalar.list("manifestsApplied", ids))]
        },
        config("APIServerConfigs", "kube-apiserver", isSensitive: true),
        config("ControllerManagerConfigs", "kube-controller-manager"),
        config("SchedulerConfigs", "kube-scheduler"),
        COSIType(
            "ConfigStatuses.kubernetes.talos.dev", "controlplane", isControlPlaneOnly: true
        ) { _ in
            [COSIItem("static-pods", "ready: true\nversion: \"1\"\n")]
        },
    ]

    private static let components = [
        "kube-apiserver", "kube-controller-manager", "kube-scheduler",
    ]

    private static func config(
        _ type: String, _ component: String, isSensitive: Bool = false
    ) -> COSIType {
        COSIType(
            "\(type).kubernetes.talos.dev", "controlplane", isSensitive: isSensitive,
            isControlPlaneOnly: true
        ) { view in
            var text = "image: \(view.image(of: component))\nextraArgs: {}\n"
            if component == "kube-apiserver" {
                text += "controlPlaneEndpoint: \(view.endpoint)\nlocalPort: 6443\n"
            } else {
                text += "enabled: true\n"
            }
            var own = COSIItem(component, text)
            own.version = view.state(of: component)?.revision
            guard view.machine.version >= Version(1, 14, 0) else { return [own] }
            var final = COSIItem("final-\(component)", text)
            // Made from the other one, with a count of its own.
            final.version = own.version.map { $0 + 1 }
            return [own, final]
        }
    }

    private static func podStatus(_ component: String, _ view: COSIView) -> COSIItem? {
        guard let kind = SystemComponent(rawValue: component),
            let state = view.state(of: component),
            view.machine.kubeletIsUp, view.machine.controlPlaneIsUp || state.trouble != nil
        else { return nil }
        let isReady = view.machine.isUp(kind)
        var text = "phase: Running\nconditions:\n    - type: Ready\n"
        text += "      status: \"\(isReady ? "True" : "False")\"\n"
        text += "hostIP: \(view.machine.address)\npodIP: \(view.machine.address)\n"
        text += "containerStatuses:\n    - name: \(component)\n      ready: \(isReady)\n"
        text += "      image: \(state.runningImage)\n"
        if let trouble = state.trouble {
            text += "      state:\n        waiting:\n            reason: \(trouble)\n"
        }
        return COSIItem("kube-system/\(component)-\(view.machine.name)", text)
    }

    /// `--name=value`, from the component's `extraArgs`.
    private static func arguments(_ component: String, _ view: COSIView) -> [String] {
        let extra = ConfigReading(view.machine.config)?.extraArguments(of: component) ?? [:]
        return extra.sorted { $0.key < $1.key }.map { "--\($0.key)=\($0.value)" }
    }

    private static func staticPod(_ component: String, _ view: COSIView) -> String {
        let revision = view.state(of: component)?.revision ?? 1
        let version = view.machine.version >= Version(1, 14, 0) ? revision + 1 : revision
        let command = ["/usr/local/bin/\(component)"] + arguments(component, view)
        return """
            apiVersion: v1
            kind: Pod
            metadata:
                name: \(component)
                namespace: kube-system
                labels:
                    k8s-app: \(component)
                    tier: control-plane
                annotations:
                    talos.dev/config-version: "\(version)"
            spec:
                hostNetwork: true
                containers:
                    - name: \(component)
                      image: \(view.image(of: component))
                      command:
            \(command.map { "            - \(YAMLScalar.quoted($0))" }.joined(separator: "\n"))

            """
    }
}
