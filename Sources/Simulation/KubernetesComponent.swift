/// A component of Kubernetes that runs on a machine.
package enum KubernetesComponent: String, Sendable, Codable, CaseIterable {
    case apiServer = "kube-apiserver"
    case controllerManager = "kube-controller-manager"
    case scheduler = "kube-scheduler"
    case kubelet
}
