import Foundation
package import Model
package import Simulation

extension MachineConfigText {
    /// The same config written in another manner.
    package func text(role: Role, pki: PKI, style: ConfigStyle) -> String {
        let plain = text(role: role, pki: pki)
        switch style {
        case .plain: return plain
        case .crlf: return plain.replacingOccurrences(of: "\n", with: "\r\n")
        case .commented: return commented(plain)
        case .anchored: return anchored(plain)
        case .documents: return documents(plain)
        }
    }

    private func commented(_ plain: String) -> String {
        let tag = kubernetes.tag
        let digest = "sha256:" + String(repeating: "0123456789abcdef", count: 4)
        return Self.replaced(
            plain,
            [
                (
                    "version: v1alpha1\n",
                    "# Written by hand. Do not generate it anew.\nversion: v1alpha1 # schema\n"
                ),
                ("    kubelet:\n", "    # What runs the pods.\n    kubelet:\n"),
                (
                    "image: ghcr.io/siderolabs/kubelet:\(tag)\n",
                    "image: 'ghcr.io/siderolabs/kubelet:\(tag)-slim' # kubelet:v0.0.0 is too old\n"
                ),
                (
                    "image: registry.k8s.io/kube-apiserver:\(tag)\n",
                    "image: \"registry.k8s.io/kube-apiserver:\(tag)\"   # one for all\n"
                ),
                (
                    "image: registry.k8s.io/kube-controller-manager:\(tag)\n",
                    "# image: registry.k8s.io/kube-controller-manager:v1.20.0\n"
                        + "        image: >-\n"
                        + "            mirror.example.com:5000/kube-controller-manager:"
                        + "\(tag)@\(digest)\n"
                ),
                (
                    "    scheduler:\n        image: registry.k8s.io/kube-scheduler:\(tag)\n",
                    "    scheduler: {image: registry.k8s.io/kube-scheduler:\(tag), "
                        + "extraArgs: {v: \"2\"}} # flow\n"
                ),
            ]) + """
                ---
                # Another document: it has an image, too.
                apiVersion: v1alpha1
                kind: ExtensionServiceConfig
                name: agent
                environment:
                    - IMAGE=registry.k8s.io/kube-apiserver:\(tag)
                ---
                apiVersion: v1alpha1
                kind: WatchdogTimerConfig
                device: /dev/watchdog0
                timeout: 2m0s
                # the end

                """
    }

    private func anchored(_ plain: String) -> String {
        let tag = kubernetes.tag
        return Self.replaced(
            plain,
            [
                (
                    "image: ghcr.io/siderolabs/kubelet:\(tag)\n",
                    "image: &kubelet ghcr.io/siderolabs/kubelet:\(tag)\n"
                        + "        extraArgs: &args\n            v: \"2\"\n"
                ),
                (
                    "image: registry.k8s.io/kube-apiserver:\(tag)\n",
                    "image: &apiserver \"registry.k8s.io/kube-apiserver:\(tag)\"\n"
                        + "        extraArgs: *args\n"
                        + "        resources: &small\n            requests: {cpu: 100m}\n"
                ),
                (
                    "image: registry.k8s.io/kube-controller-manager:\(tag)\n",
                    "image: !!str registry.k8s.io/kube-controller-manager:\(tag)\n"
                        + "        resources:\n            <<: *small\n"
                ),
                (
                    "image: registry.k8s.io/kube-scheduler:\(tag)\n",
                    "\"image\" : registry.k8s.io/kube-scheduler:\(tag)\n"
                        + "        resources: *small\n"
                ),
            ])
    }

    private func documents(_ plain: String) -> String {
        var main = ""
        var others = ""
        var lines = plain.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = lines.popFirst() {
            let key = line.trimmingCharacters(in: .whitespaces)
            guard let kind = Self.kinds[key], let image = lines.first, image.contains(" image: ")
            else {
                main += line + (lines.isEmpty ? "" : "\n")
                continue
            }
            lines.removeFirst()
            others += "---\napiVersion: v1alpha1\nkind: \(kind)\n"
            others += image.trimmingCharacters(in: .whitespaces) + "\n"
            // A kubelet has more to say than its image.
            if key == "kubelet:" { main += line + "\n" }
        }
        return main + others
    }

    private static func replaced(_ text: String, _ pairs: [(String, String)]) -> String {
        pairs.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    private static let kinds = [
        "kubelet:": "KubeletConfig", "apiServer:": "KubeAPIServerConfig",
        "controllerManager:": "KubeControllerManagerConfig",
        "scheduler:": "KubeSchedulerConfig", "proxy:": "KubeProxyConfig",
    ]
}
