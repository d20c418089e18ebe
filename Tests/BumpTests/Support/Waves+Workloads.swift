/// Breakages of workloads, storage, Flux, Velero and the user's own gates.
extension Wave {
    static let workloads = [
        Wave(
            title: "pods that do not run",
            breakages: [
                pod(
                    "crashing", "pod.crash-loop", "CrashLoopBackOff: back-off 5m0s",
                    containers(waiting: "CrashLoopBackOff", "back-off 5m0s")),
                pod(
                    "pulling", "pod.unwell", "ImagePullBackOff: Back-off pulling image",
                    containers(waiting: "ImagePullBackOff", "Back-off pulling image")),
                pod(
                    "misconfigured", "pod.unwell", "CreateContainerConfigError: secret",
                    containers(waiting: "CreateContainerConfigError", "secret \\\"a\\\" not found")),
                pod(
                    "beginning", "pod.crash-loop", "Init:CrashLoopBackOff",
                    #""initContainerStatuses":[{"name":"first","ready":false,"restartCount":4,"#
                        + #""state":{"waiting":{"reason":"CrashLoopBackOff","message":"b"}}}]"#),
                Breakage(
                    "pod.unschedulable", "error", "No node takes pod demo/nowhere-",
                    by: [.apply(deployment("nowhere", pod: "nodeSelector: {disk: none},"))]),
            ], also: ["drain.bare-pod"]),
        Wave(
            title: "drains that would hang or lose something",
            breakages: [
                Breakage(
                    "drain.blocked", "error", "pod demo/held-", "never lets one go",
                    by: [
                        .apply(deployment("held", replicas: 2)),
                        .apply(budget("no-room", "held", "maxUnavailable: 0")),
                    ]),
                Breakage(
                    "drain.blocked", "error", "pod demo/lone-", "wants 1 of 1 healthy",
                    by: [
                        .apply(deployment("lone")),
                        .apply(budget("lone", "lone", "minAvailable: 1")),
                    ]),
                Breakage(
                    "drain.blocked", "error", "pod demo/twice-", "both select it",
                    by: [
                        .apply(deployment("twice", replicas: 2)),
                        .apply(budget("twice-a", "twice", "minAvailable: 1")),
                        .apply(budget("twice-b", "twice", "minAvailable: 1")),
                    ]),
                Breakage(
                    "drain.bare-pod", "warning", "no controller makes again: demo/bare",
                    by: [.apply(barePod("bare"))]),
                Breakage(
                    "drain.no-room", "note", "demo/picky-",
                    by: [
                        .apply(
                            deployment(
                                "picky",
                                pod: "nodeSelector: {kubernetes.io/hostname: demo-worker-2},"))
                    ]),
                Breakage(
                    "drain.no-room", "note", "not enough memory",
                    by: [
                        .apply(
                            deployment(
                                "big", replicas: 3,
                                container: ", resources: {requests: {memory: 6Gi}}"))
                    ]),
                Breakage(
                    "drain.local-volume", "note", "exist on demo-worker-1 only", "demo/tied-",
                    by: [
                        .apply(
                            """
                            apiVersion: v1
                            kind: PersistentVolumeClaim
                            metadata: {name: tied, namespace: demo}
                            spec:
                              accessModes: [ReadWriteOnce]
                              volumeName: tied
                              resources: {requests: {storage: 1Gi}}
                            """),
                        .kubectl("patch pv tied --type merge --patch \(affinity)"),
                        .apply(
                            deployment(
                                "tied",
                                pod: "volumes: [{name: data, persistentVolumeClaim: "
                                    + "{claimName: tied}}], nodeSelector: "
                                    + "{kubernetes.io/hostname: demo-worker-1},")),
                    ]),
                Breakage(
                    "drain.single-replica", "note", "demo/single",
                    by: [.apply(deployment("single"))]),
            ]),
    ]

    static let storage = [
        Wave(
            title: "storage that is not whole",
            breakages: [
                Breakage(
                    "storage.degraded", "error", "Longhorn: volume demo/pvc-1: it is degraded",
                    by: [
                        .apply(definition("longhorn.io", "v1beta2", "volumes", "Volume")),
                        .apply(definition("longhorn.io", "v1beta2", "nodes", "Node")),
                        .apply(definition("ceph.rook.io", "v1", "cephclusters", "CephCluster")),
                        .apply(definition("postgresql.cnpg.io", "v1", "clusters", "Cluster")),
                        custom("longhorn.io/v1beta2", "Volume", "pvc-1", "robustness: degraded"),
                        custom("longhorn.io/v1beta2", "Volume", "pvc-2", "robustness: healthy"),
                    ]),
                Breakage(
                    "storage.degraded", "error", "Longhorn: node demo/demo-worker-1: it is not rea",
                    by: [
                        custom(
                            "longhorn.io/v1beta2", "Node", "demo-worker-1",
                            "conditions: [{type: Ready, status: \"False\", message: m}]")
                    ]),
                Breakage(
                    "storage.degraded", "error", "Rook-Ceph: cluster demo/grave: HEALTH_ERR",
                    by: [
                        custom(
                            "ceph.rook.io/v1", "CephCluster", "grave", "ceph: {health: HEALTH_ERR}")
                    ]),
                Breakage(
                    "storage.complains", "warning", "Rook-Ceph: cluster demo/mild: HEALTH_WARN",
                    by: [
                        custom(
                            "ceph.rook.io/v1", "CephCluster", "mild", "ceph: {health: HEALTH_WARN}")
                    ]),
                Breakage(
                    "storage.degraded", "error", "CloudNativePG: cluster demo/short: 0 of 1",
                    by: [
                        custom(
                            "postgresql.cnpg.io/v1", "Cluster", "short",
                            "{readyInstances: 0, phase: Setting up primary}")
                    ]),
                Breakage(
                    "storage.degraded", "error", "demo/moving: its primary moves from a to b",
                    by: [
                        custom(
                            "postgresql.cnpg.io/v1", "Cluster", "moving",
                            "{readyInstances: 1, currentPrimary: a, targetPrimary: b}")
                    ]),
            ])
    ]

    static let flux = [
        Wave(
            title: "Flux that fails, stands still or is busy",
            breakages: [
                Breakage(
                    "flux.failed", "error", "Kustomization flux-system/lost fails: Source artifact",
                    by: [.apply(kustomization("lost", source: "nowhere"))]),
                Breakage(
                    "flux.failed", "error", "HelmRelease flux-system/chart fails: Source artifact",
                    by: [.apply(release("chart"))]),
                Breakage(
                    "flux.suspended", "warning", "Kustomization flux-system/asleep is suspended",
                    by: [.apply(kustomization("asleep", more: ", suspend: true"))]),
                settled(
                    "busy", "flux.progressing", "warning", "is being applied right now: m",
                    "{\"type\":\"Reconciling\",\"status\":\"True\",\"reason\":\"Progressing\"}"),
                settled(
                    "stuck", "flux.stalled", "error", "Kustomization flux-system/stuck fails: m",
                    "{\"type\":\"Stalled\",\"status\":\"True\",\"reason\":\"NotFound\"}"),
            ])
    ]

    static let backups = [
        Wave(
            title: "a backup location that cannot be reached",
            breakages: [
                .fault("location-unavailable", nil, "backup.location", "i/o timeout"),
                .fault("node-agent-missing", nil, "backup.no-agent", "Velero has no node-agent"),
            ]),
        Wave(
            title: "wrong credentials of the backup location",
            breakages: [
                .fault("backup-credentials-wrong", nil, "backup.location", "InvalidAccessKeyId"),
                Breakage(
                    "backup.agent-not-ready", "error", "ready on 1 of 3 nodes",
                    by: [agents(1)], mends: [agents(3)]),
            ]),
        Wave(
            title: "a backup location that is read-only",
            breakages: [
                Breakage(
                    "backup.location", "error", "location default is read-only",
                    by: [location("ReadOnly")], mends: [location("ReadWrite")])
            ]),
        Wave(
            title: "no backup location",
            breakages: [
                Breakage(
                    "backup.no-location", "error", "no backup storage location",
                    by: [.kubectl("--namespace velero delete backupstoragelocation default")],
                    mends: [
                        .put(
                            """
                            apiVersion: velero.io/v1
                            kind: BackupStorageLocation
                            metadata: {name: default, namespace: velero}
                            spec:
                              provider: aws
                              default: true
                              objectStorage: {bucket: backups}
                            """)
                    ])
            ]),
    ]

    static let gates = [
        Wave(
            title: "gates of the user's own",
            breakages: [
                Breakage(
                    "gate.closed", "error", "Deployment demo/web should have .spec.replicas=99",
                    by: [
                        .write(
                            ".bump.yaml",
                            """
                            gates:
                              - {kind: Node, condition: Ready}
                              - {apiVersion: apps/v1, kind: Deployment, namespace: demo, \
                            condition: .spec.replicas=99}
                              - {kind: ConfigMap, namespace: demo, name: never, condition: .data.a=b}
                              - {apiVersion: example.com/v1, kind: Sandwich, condition: Ready}

                            """)
                    ], mends: [.remove(".bump.yaml")]),
                Breakage("gate.nothing", "error", "ConfigMap never finds no such object", by: []),
                Breakage("gate.unseen", "error", "Sandwich cannot be asked", by: []),
            ])
    ]

    // MARK: Objects

    private static func barePod(_ name: String) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), namespace: demo}
        spec: {containers: [{name: main, image: registry.example.com/a:1}]}
        """
    }

    private static func pod(
        _ name: String, _ code: String, _ word: String, _ status: String
    ) -> Breakage {
        Breakage(
            code, "error", "Pod demo/\(name) is \(word)",
            by: [
                .apply(barePod(name)),
                .kubectl("--namespace demo wait --for condition=Ready pod/\(name)"),
                .status(
                    of: "demo pod/\(name)",
                    #"{"status":{"conditions":[{"type":"Ready","status":"False"}],\#(status)}}"#),
            ])
    }

    private static func containers(waiting reason: String, _ message: String) -> String {
        #""containerStatuses":[{"name":"main","ready":false,"restartCount":9,"#
            + #""state":{"waiting":{"reason":"\#(reason)","message":"\#(message)"}}}]"#
    }

    private static func deployment(
        _ name: String, replicas: Int = 1, pod: String = "", container: String = ""
    ) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: demo}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: \(name)}}
          template:
            metadata: {labels: {app: \(name)}}
            spec: {\(pod) containers: [{name: main, image: "registry.example.com/a:1"\(container)}]}
        """
    }

    private static func budget(_ name: String, _ app: String, _ demand: String) -> String {
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: \(name), namespace: demo}
        spec: {\(demand), selector: {matchLabels: {app: \(app)}}}
        """
    }

    private static let affinity =
        #"{"spec":{"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"#
        + #""kubernetes.io/hostname","operator":"In","values":["demo-worker-1"]}]}]}}}}"#

    private static func definition(
        _ group: String, _ version: String, _ plural: String, _ kind: String
    ) -> String {
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: \(plural).\(group)}
        spec:
          group: \(group)
          scope: Namespaced
          names: {plural: \(plural), singular: \(kind.lowercased()), kind: \(kind)}
          versions:
            - name: \(version)
              served: true
              storage: true
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """
    }

    private static func custom(
        _ version: String, _ kind: String, _ name: String, _ status: String
    ) -> Breakage.Act {
        .apply(
            """
            apiVersion: \(version)
            kind: \(kind)
            metadata: {name: \(name), namespace: demo}
            spec: {}
            status: \(status.hasPrefix("{") ? status : "{\(status)}")
            """)
    }

    private static func kustomization(
        _ name: String, source: String = "infra", more: String = ""
    ) -> String {
        """
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {name: \(name), namespace: flux-system}
        spec: {interval: 10h, path: ./nothing, prune: false, sourceRef: {kind: GitRepository, \
        name: \(source)}\(more)}
        """
    }

    private static func release(_ name: String) -> String {
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: \(name), namespace: flux-system}
        spec: {interval: 10h, chart: {spec: {chart: a, sourceRef: {kind: HelmRepository, \
        name: nowhere}}}}
        """
    }

    /// Was applied well, and then says something else.
    private static func settled(
        _ name: String, _ code: String, _ severity: String, _ word: String, _ condition: String
    ) -> Breakage {
        Breakage(
            code, severity, word,
            by: [
                .apply(kustomization(name)),
                .kubectl(
                    "--namespace flux-system wait --for condition=Ready kustomization/\(name)"),
                .status(
                    of: "flux-system kustomization/\(name)",
                    #"{"status":{"conditions":[\#(condition),"#
                        + #"{"type":"Ready","status":"Unknown","message":"m"}]}}"#),
            ])
    }

    private static func agents(_ ready: Int) -> Breakage.Act {
        .status(of: "velero daemonset/node-agent", #"{"status":{"numberReady":\#(ready)}}"#)
    }

    private static func location(_ mode: String) -> Breakage.Act {
        .kubectl(
            "--namespace velero patch backupstoragelocation default --type merge --patch "
                + #"{"spec":{"accessMode":"\#(mode)"}}"#)
    }
}
