/// What one node's machine config says of one component.
package struct ComponentSetting: Sendable, Codable, Equatable {
    package var component: KubernetesComponent
    /// The image in effect: the config's own field, else the image of the config resource that
    /// Talos derives from it.
    package var image: String
    /// Version of the component's config resource (COSI metadata): the static pod repeats it in
    /// its annotation `talos.dev/config-version`. Nil for kubelet and kube-proxy, and from Talos
    /// 1.14 on, where the annotation counts another resource.
    package var configVersion: String?

    package init(component: KubernetesComponent, image: String, configVersion: String? = nil) {
        self.component = component
        self.image = image
        self.configVersion = configVersion
    }

    /// The version in the image's tag, nil when it holds none.
    package var version: Version? { ComponentImage(image)?.version }
}

/// A pod in `kube-system` that runs a component: label `k8s-app` is the component's name.
package struct ComponentPod: Sendable, Codable, Equatable {
    package var component: KubernetesComponent
    package var name: String
    /// `status.hostIP`: pods are matched to nodes by it.
    package var address: NodeAddress?
    package var image: String
    /// Annotation `talos.dev/config-version`.
    package var configVersion: String?
    /// Condition Ready is True, and it is not being deleted.
    package var isReady: Bool
    /// Why it is not, in the kubelet's words: `CrashLoopBackOff: back-off 5m0s …`.
    package var trouble: String?

    package init(
        component: KubernetesComponent, name: String, address: NodeAddress?, image: String,
        configVersion: String? = nil, isReady: Bool, trouble: String? = nil
    ) {
        self.component = component
        self.name = name
        self.address = address
        self.image = image
        self.configVersion = configVersion
        self.isReady = isReady
        self.trouble = trouble
    }

    package var version: Version? { ComponentImage(image)?.version }
}

/// How a component runs on one node, as far as it can be seen.
package struct ComponentFacts: Sendable, Codable, Equatable {
    package var component: KubernetesComponent
    package var node: NodeIdentity
    package var setting: Observed<ComponentSetting>
    /// The component's pods: on this node for a static pod, of the whole cluster for kube-proxy,
    /// none for the kubelet.
    package var pods: Observed<[ComponentPod]>
    /// What Kubernetes says of the node: the kubelet's version and readiness.
    package var kubernetes: Observed<KubernetesNodeFacts>
    /// The service `kubelet` is running and healthy by the machine's own word.
    package var isKubeletHealthy: Observed<Bool>

    package init(
        component: KubernetesComponent, node: NodeIdentity, setting: Observed<ComponentSetting>,
        pods: Observed<[ComponentPod]>, kubernetes: Observed<KubernetesNodeFacts>,
        isKubeletHealthy: Observed<Bool>
    ) {
        self.component = component
        self.node = node
        self.setting = setting
        self.pods = pods
        self.kubernetes = kubernetes
        self.isKubeletHealthy = isKubeletHealthy
    }
}

/// The command line of one component on one node.
package struct ComponentArguments: Sendable, Codable, Equatable {
    package var component: KubernetesComponent
    package var node: NodeName
    /// `--name=value`, as the component is started. May hold secrets: never printed whole.
    package var arguments: [String]

    package init(component: KubernetesComponent, node: NodeName, arguments: [String]) {
        self.component = component
        self.node = node
        self.arguments = arguments
    }
}

/// An API of one group and version, by its plural: `podschedulingcontexts.v1alpha3.resource.k8s.io`.
package struct APIResource: Sendable, Codable, Hashable, CustomStringConvertible {
    package var group: String
    package var version: String
    package var plural: String

    package init(group: String, version: String, plural: String) {
        self.group = group
        self.version = version
        self.plural = plural
    }

    package var description: String { "\(plural).\(version).\(group)" }
}

/// Everything a Kubernetes upgrade looks at besides what every plan looks at.
package struct KubernetesSurvey: Sendable, Codable, Equatable {
    /// For each node what its machine config says: all components on a control plane, the kubelet
    /// on a worker.
    package var settings: [NodeName: Observed<[ComponentSetting]>]
    package var pods: Observed<[ComponentPod]>
    package var arguments: Observed<[ComponentArguments]>
    /// Objects that exist of APIs which some later minor has removed, as `namespace/name`; only
    /// those asked for.
    package var objects: [APIResource: Observed<[String]>]
    /// Whether kube-proxy is deployed at all (`cluster.proxy.disabled` is not set).
    package var runsProxy: Bool

    package init(
        settings: [NodeName: Observed<[ComponentSetting]>], pods: Observed<[ComponentPod]>,
        arguments: Observed<[ComponentArguments]>, objects: [APIResource: Observed<[String]>],
        runsProxy: Bool
    ) {
        self.settings = settings
        self.pods = pods
        self.arguments = arguments
        self.objects = objects
        self.runsProxy = runsProxy
    }
}
