package import Model

/// What a minor release of Kubernetes no longer knows: a component that is started with it does
/// not come up.
///
/// Source: siderolabs/go-kubernetes v0.2.41, `kubernetes/upgrade` (its rows for 1.36 and 1.37 are
/// marked provisional there).
package struct KubernetesRemovals: Sendable {
    /// The minor that removed it.
    package var series: Version.Series
    package var featureGates: [String] = []
    /// Flags without dashes.
    package var flags: [KubernetesComponent: [String]] = [:]
    package var admissionPlugins: [String] = []
    package var resources: [APIResource] = []

    /// What the step to this minor removes; nil when nothing is known of it.
    package static func of(_ series: Version.Series) -> KubernetesRemovals? {
        table.first { $0.series == series }
    }

    /// Every API of the table: what a survey asks for.
    package static let resources = table.flatMap(\.resources)

    package static let table: [KubernetesRemovals] = [
        KubernetesRemovals(
            series: minor(27),
            featureGates: [
                "ExpandCSIVolumes", "ExpandInUsePersistentVolumes", "ExpandPersistentVolumes",
                "ControllerManagerLeaderMigration", "CSIMigration", "CSIInlineVolume",
                "EphemeralContainers", "LocalStorageCapacityIsolation", "NetworkPolicyEndPort",
                "StatefulSetMinReadySeconds", "IdentifyPodOS", "DaemonSetUpdateSurge",
            ],
            flags: [
                .controllerManager: ["enable-taint-manager", "pod-eviction-timeout"],
                .kubelet: ["container-runtime", "master-service-namespace"],
            ]),
        KubernetesRemovals(
            series: minor(28),
            featureGates: [
                "AdvancedAuditing", "DelegateFSGroupToCSIDriver", "DevicePlugins",
                "DisableAcceleratorUsageMetrics", "EndpointSliceTerminatingCondition",
                "CSIStorageCapacity", "CSIMigrationGCE", "KubeletCredentialProviders",
                "MixedProtocolLBService", "ServiceInternalTrafficPolicy",
                "ServiceIPStaticSubrange", "WindowsHostProcessContainers",
            ]),
        KubernetesRemovals(
            series: minor(29),
            resources: [resource("networking.k8s.io", "v1alpha1", "clustercidrs")]
        ),
        KubernetesRemovals(
            series: minor(30),
            featureGates: [
                "ExpandedDNSConfig", "ExperimentalHostUserNamespaceDefaultingGate",
                "IPTablesOwnershipCleanup", "KubeletPodResources",
                "KubeletPodResourcesGetAllocatable", "MinimizeIPTablesRestore",
                "ProxyTerminatingEndpoints", "RemoveSelfLink",
            ], admissionPlugins: ["SecurityContextDeny"]),
        KubernetesRemovals(
            series: minor(31),
            featureGates: [
                "APIPriorityAndFairness", "CSINodeExpandSecret", "ConsistentHTTPGetHandlers",
                "DefaultHostNetworkHostPortsInPodTemplates", "ServiceNodePortStaticSubrange",
                "SkipReadOnlyValidationGCE",
            ],
            flags: [
                .kubelet: [
                    "keep-terminated-pod-volumes", "iptables-masquerade-bit", "iptables-drop-bit",
                ],
                .controllerManager: [
                    "volume-host-cidr-denylist", "volume-host-allow-local-loopback",
                    "horizontal-pod-autoscaler-upscale-delay",
                    "horizontal-pod-autoscaler-downscale-delay",
                ],
            ]),
        KubernetesRemovals(
            series: minor(32),
            featureGates: [
                "AllowServiceLBStatusOnNonLB", "CloudDualStackNodeIPs", "DRAControlPlaneController",
                "HPAContainerMetrics", "KMSv2", "KMSv2KDF", "LegacyServiceAccountTokenCleanUp",
                "MinDomainsInPodTopologySpread", "NewVolumeManagerReconstruction",
                "NodeOutOfServiceVolumeDetach", "ServerSideApply", "ServerSideFieldValidation",
                "StableLoadBalancerNodeSet", "ValidatingAdmissionPolicy",
                "ZeroLimitedNominalConcurrencyShares",
            ],
            resources: [resource("resource.k8s.io", "v1alpha3", "podschedulingcontexts")]),
        KubernetesRemovals(
            series: minor(33),
            featureGates: [
                "AppArmor", "AppArmorFields", "CPUManager", "DisableCloudProviders",
                "DisableKubeletCloudCredentialProviders", "JobPodFailurePolicy",
                "KubeProxyDrainingTerminatingNodes", "PDBUnhealthyPodEvictionPolicy",
                "PersistentVolumeLastPhaseTransitionTime", "VolumeCapacityPriority",
            ], flags: [.apiServer: ["cloud-config"]]),
        KubernetesRemovals(
            series: minor(34),
            featureGates: [
                "DevicePluginCDIDevices", "LegacySidecarContainers", "PodDisruptionConditions",
            ], flags: [.kubelet: ["cloud-config"]]),
        KubernetesRemovals(
            series: minor(35),
            featureGates: ["SizeMemoryBackedVolumes", "UserNamespacesHostNetworkSupport"],
            flags: [.kubelet: ["pod-infra-container-image"]]),
        KubernetesRemovals(
            series: minor(36),
            featureGates: [
                "CSIMigrationPortworx", "HonorPVReclaimPolicy", "InTreePluginPortworxUnregister",
                "WatchFromStorageWithoutResourceVersion",
            ]),
        KubernetesRemovals(
            series: minor(37),
            featureGates: [
                "AnyVolumeDataSource", "DeclarativeValidationTakeover", "GangScheduling",
                "PreventStaticPodAPIReferences", "WorkloadAwarePreemption",
            ],
            flags: [
                .kubelet: [
                    "application-metrics-count-limit", "boot-id-file", "container-hints",
                    "containerd", "containerd-namespace", "enable-load-reader",
                    "event-storage-age-limit", "event-storage-event-limit",
                    "global-housekeeping-interval", "log-cadvisor-usage", "machine-id-file",
                    "storage-driver-user", "storage-driver-password", "storage-driver-host",
                    "storage-driver-db", "storage-driver-table", "storage-driver-secure",
                    "storage-driver-buffer-duration",
                ]
            ],
            resources: [
                resource("scheduling.k8s.io", "v1alpha2", "workloads"),
                resource("scheduling.k8s.io", "v1alpha2", "podgroups"),
            ]),
    ]

    private static func minor(_ number: Int) -> Version.Series { Version.Series(1, number) }

    private static func resource(
        _ group: String, _ version: String, _ plural: String
    ) -> APIResource {
        APIResource(group: group, version: version, plural: plural)
    }
}
