package import Model

/// Writes the machine config of a new machine: the parts of v1alpha1 that tools look at. It holds
/// the cluster's secrets, as the real one does.
package struct MachineConfigText: Sendable {
    package var clusterName: String
    package var endpoint: String
    package var installImage: String
    package var talos: Version
    package var kubernetes: Version

    package init(
        clusterName: String, endpoint: String, installImage: String, talos: Version,
        kubernetes: Version
    ) {
        self.clusterName = clusterName
        self.endpoint = endpoint
        self.installImage = installImage
        self.talos = talos
        self.kubernetes = kubernetes
    }

    /// YAML of one document.
    package func text(role: Role, pki: PKI) -> String {
        let isControlPlane = role == .controlPlane
        var text = """
            version: v1alpha1
            debug: false
            persist: true
            machine:
                type: \(isControlPlane ? "controlplane" : "worker")
                token: \(pki.machineToken)
                kubelet:
                    image: ghcr.io/siderolabs/kubelet:\(kubernetes.tag)
                    defaultRuntimeSeccompProfileEnabled: true
                    disableManifestsDirectory: true
                network: {}
                install:
                    disk: /dev/sda
                    image: \(installImage)
                    wipe: false
                features:
                    rbac: true
                    stableHostname: true
                    apidCheckExtKeyUsage: true
                    diskQuotaSupport: true
            cluster:
                id: \(pki.clusterID)
                secret: \(pki.clusterSecret)
                controlPlane:
                    endpoint: \(endpoint)
                clusterName: \(clusterName)
                network:
                    dnsDomain: cluster.local
                    podSubnets:
                        - 10.244.0.0/16
                    serviceSubnets:
                        - 10.96.0.0/12
                discovery:
                    enabled: true

            """
        guard isControlPlane else { return text }
        text += """
                apiServer:
                    image: registry.k8s.io/kube-apiserver:\(kubernetes.tag)
                controllerManager:
                    image: registry.k8s.io/kube-controller-manager:\(kubernetes.tag)
                proxy:
                    image: registry.k8s.io/kube-proxy:\(kubernetes.tag)
                scheduler:
                    image: registry.k8s.io/kube-scheduler:\(kubernetes.tag)
                etcd: {}

            """
        return text
    }
}
