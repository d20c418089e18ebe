/// Reads what Talos knows of the Kubernetes components. Every call is bounded in time and throws
/// a `Problem`.
package protocol ComponentReading: Sendable {
    /// The images and config versions of a node: every component on a control plane (kube-proxy
    /// left out where it is disabled), the kubelet alone on a worker.
    func settings(of node: NodeIdentity) async throws -> [ComponentSetting]
    /// The command lines of the static pods and the kubelet of a node (COSI `StaticPods` and
    /// `KubeletSpecs`).
    func arguments(of node: NodeIdentity) async throws -> [ComponentArguments]
    /// Whether the service `kubelet` is running and healthy.
    func isKubeletHealthy(on node: NodeIdentity) async throws -> Bool
    /// The bootstrap manifests as one control plane renders them (COSI `Manifests`), in their
    /// order.
    func manifests(of node: NodeIdentity) async throws -> [JSONValue]
}

/// Changes what Talos runs of Kubernetes. Every call is bounded in time and throws a `Problem`.
package protocol ComponentChanging: Sendable {
    /// Pulls a component's image where the node will look for it: the CRI's store for pods, the
    /// system's for the kubelet. A node too old for the call is no error.
    func prefetch(
        _ component: KubernetesComponent, image: String, on node: NodeIdentity,
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws
    /// Writes the image into the node's machine config, every other byte of every document kept,
    /// and applies it without a reboot (mode NO_REBOOT). Sends nothing when it is there already.
    func setImage(
        of component: KubernetesComponent, to image: String, on node: NodeIdentity
    ) async throws
}

/// Reads and writes the Kubernetes side of a Kubernetes upgrade. Every call is bounded in time
/// and throws a `Problem`.
package protocol WorkloadReading: Sendable {
    /// Pods in `kube-system` labelled `k8s-app` with a component's name.
    func componentPods() async throws -> [ComponentPod]
    /// Objects of an API, as `namespace/name`; empty when the server does not serve it.
    func objects(of resource: APIResource) async throws -> [String]
}

package protocol WorkloadChanging: Sendable {
    /// Server-side apply of the bootstrap manifests with the field manager `talos`. With
    /// `inventory` objects that are no longer among them are pruned by the ConfigMap
    /// `kube-system/talos-bootstrap-manifests-inventory` (Talos 1.13 and later). Fields that
    /// somebody else manages are left alone and reported. Gives a word of what changed.
    func applyManifests(
        _ manifests: [JSONValue], inventory: Bool, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> String
}
