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
                    "image: \(view.kubeletImage)\nargs:\n"
                        + "    - --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubeconfig\n"
                        + "    - --hostname-override=\(view.machine.name)\n"
                        + "    - --node-ip=\(view.machine.address)\nextraMounts: []\n"
                        + "expectedNodename: \(view.machine.name)\nconfig: {}\n")
            ]
        },
        COSIType("KubeletStatuses.kubernetes.talos.dev", "k8s", since: Version(1, 14, 0)) { view in
            [COSIItem("kubelet", "image: \(view.kubeletImage)\n")]
        },
        COSIType("StaticPods.kubernetes.talos.dev", "k8s", isControlPlaneOnly: true) { view in
            components.map { component in COSIItem(component, staticPod(component, view)) }
        },
        COSIType(
            "StaticPodStatuses.kubernetes.talos.dev", "k8s", isControlPlaneOnly: true
        ) { view in
            guard view.machine.controlPlaneIsUp else { return [] }
            return components.map { component in
                let name = "\(component)-\(view.machine.name)"
                return COSIItem(
                    "kube-system/\(name)",
                    "phase: Running\nconditions:\n    - type: Ready\n      status: \"True\"\n"
                        + "hostIP: \(view.machine.address)\npodIP: \(view.machine.address)\n"
                        + "containerStatuses:\n    - name: \(component)\n      ready: true\n"
                        + "      image: \(view.image(of: component))\n")
            }
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
            let own = COSIItem(component, text)
            guard view.machine.version >= Version(1, 14, 0) else { return [own] }
            return [own, COSIItem("final-\(component)", text)]
        }
    }

    private static func staticPod(_ component: String, _ view: COSIView) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
            name: \(component)
            namespace: kube-system
            labels:
                k8s-app: \(component)
                tier: control-plane
        spec:
            hostNetwork: true
            containers:
                - name: \(component)
                  image: \(view.image(of: component))
                  command:
                    - /usr/local/bin/\(component)

        """
    }
}
