/// A part of Kubernetes that Talos runs from an image named in the machine config.
///
/// Names, config fields and default images: siderolabs/talos `pkg/cluster/kubernetes` and
/// `pkg/machinery/constants` (read at v1.14.0-rc.1).
package enum KubernetesComponent: String, Sendable, Codable, CaseIterable, Comparable {
    case apiServer = "kube-apiserver"
    case controllerManager = "kube-controller-manager"
    case scheduler = "kube-scheduler"
    case proxy = "kube-proxy"
    case kubelet

    /// Static pods of the control plane, in the order in which they are upgraded.
    package static let staticPods: [KubernetesComponent] = [
        .apiServer, .controllerManager, .scheduler,
    ]

    package var isStaticPod: Bool { Self.staticPods.contains(self) }

    /// Keys from the root of the v1alpha1 machine config to the image.
    package var configPath: [String] {
        switch self {
        case .apiServer: ["cluster", "apiServer", "image"]
        case .controllerManager: ["cluster", "controllerManager", "image"]
        case .scheduler: ["cluster", "scheduler", "image"]
        case .proxy: ["cluster", "proxy", "image"]
        case .kubelet: ["machine", "kubelet", "image"]
        }
    }

    /// Kind of the document that holds the image in its own field `image`, where a node has one
    /// (Talos 1.14 and later).
    package var documentKind: String {
        switch self {
        case .apiServer: "KubeAPIServerConfig"
        case .controllerManager: "KubeControllerManagerConfig"
        case .scheduler: "KubeSchedulerConfig"
        case .proxy: "KubeProxyConfig"
        case .kubelet: "KubeletConfig"
        }
    }

    /// What Talos uses where the config names no image.
    package var defaultRepository: String {
        self == .kubelet ? "ghcr.io/siderolabs/kubelet" : "registry.k8s.io/\(rawValue)"
    }

    /// In the order of an upgrade.
    package static func < (left: KubernetesComponent, right: KubernetesComponent) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
