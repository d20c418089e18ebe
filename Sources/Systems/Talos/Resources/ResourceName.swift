import Model

/// Names a COSI resource: type and namespace, and the id of the one item if there is one.
/// Source: `pkg/machinery/resources` of Talos.
struct ResourceName: Sendable, Hashable {
    var type: String
    var namespace: String
    var id: String = ""

    static let machineStatus = ResourceName(
        type: "MachineStatuses.runtime.talos.dev", namespace: "runtime", id: "machine")
    static let machineType = ResourceName(
        type: "MachineTypes.config.talos.dev", namespace: "config", id: "machine-type")
    static let machineConfig = ResourceName(
        type: "MachineConfigs.config.talos.dev", namespace: "config", id: "v1alpha1")
    static let nodename = ResourceName(
        type: "Nodenames.kubernetes.talos.dev", namespace: "k8s", id: "nodename")
    static let hostname = ResourceName(
        type: "HostnameStatuses.net.talos.dev", namespace: "network", id: "hostname")
    static let clusterInfo = ResourceName(
        type: "Infos.cluster.talos.dev", namespace: "cluster", id: "current")
    static let securityState = ResourceName(
        type: "SecurityStates.talos.dev", namespace: "runtime", id: "securitystate")
    /// Talos 1.14 and later.
    static let bootID = ResourceName(
        type: "BootIDs.runtime.talos.dev", namespace: "runtime", id: "boot-id")
    static let kernelCommandLine = ResourceName(
        type: "KernelCmdlines.runtime.talos.dev", namespace: "runtime", id: "cmdline")
    static let extensions = ResourceName(
        type: "ExtensionStatuses.runtime.talos.dev", namespace: "runtime")
    static let members = ResourceName(type: "Members.cluster.talos.dev", namespace: "cluster")
    static let kubeletSpec = ResourceName(
        type: "KubeletSpecs.kubernetes.talos.dev", namespace: "k8s", id: "kubelet")
    static let staticPods = ResourceName(
        type: "StaticPods.kubernetes.talos.dev", namespace: "k8s")
    static let manifests = ResourceName(
        type: "Manifests.kubernetes.talos.dev", namespace: "controlplane")
    /// What the bootstrap manifests are rendered from.
    static let manifestsConfig = ResourceName(
        type: "BootstrapManifestsConfigs.kubernetes.talos.dev", namespace: "controlplane",
        id: "manifests")

    /// What a static pod is rendered from; nil for what is no static pod.
    static func config(of component: KubernetesComponent) -> ResourceName? {
        let kind: String
        switch component {
        case .apiServer: kind = "APIServerConfigs"
        case .controllerManager: kind = "ControllerManagerConfigs"
        case .scheduler: kind = "SchedulerConfigs"
        case .proxy, .kubelet: return nil
        }
        return ResourceName(
            type: "\(kind).kubernetes.talos.dev", namespace: "controlplane",
            id: component.rawValue)
    }

    /// The effective form of Talos 1.14 and later, whose version the pod's annotation repeats.
    var final: ResourceName { ResourceName(type: type, namespace: namespace, id: "final-\(id)") }
}
