import Model

/// The CustomResourceDefinitions of Velero and Flux. Facts §4.1 and §5.1.
enum CustomKinds {
    static let velero: [JSONValue] = [
        make("velero.io", "v1", "Backup", "backups"),
        make("velero.io", "v1", "Restore", "restores"),
        make(
            "velero.io", "v1", "Schedule", "schedules",
            columns: [
                ("Status", "string", ".status.phase"), ("Schedule", "string", ".spec.schedule"),
                ("LastBackup", "date", ".status.lastBackup"), age,
                ("Paused", "boolean", ".spec.paused"),
            ]),
        make(
            "velero.io", "v1", "BackupStorageLocation", "backupstoragelocations", short: "bsl",
            columns: [
                ("Phase", "string", ".status.phase"),
                ("Last Validated", "date", ".status.lastValidationTime"), age,
                ("Default", "boolean", ".spec.default"),
            ]),
        make("velero.io", "v1", "VolumeSnapshotLocation", "volumesnapshotlocations", short: "vsl"),
        make(
            "velero.io", "v1", "PodVolumeBackup", "podvolumebackups",
            columns: [
                ("Status", "string", ".status.phase"),
                ("Namespace", "string", ".spec.pod.namespace"),
                ("Pod", "string", ".spec.pod.name"), ("Volume", "string", ".spec.volume"), age,
            ]),
        make("velero.io", "v1", "PodVolumeRestore", "podvolumerestores"),
        make("velero.io", "v1", "BackupRepository", "backuprepositories"),
        make("velero.io", "v1", "DeleteBackupRequest", "deletebackuprequests"),
        make("velero.io", "v1", "DownloadRequest", "downloadrequests"),
        make("velero.io", "v1", "ServerStatusRequest", "serverstatusrequests", short: "ssr"),
        make("velero.io", "v2alpha1", "DataUpload", "datauploads"),
        make("velero.io", "v2alpha1", "DataDownload", "datadownloads"),
    ]

    static let flux: [JSONValue] = [
        make(
            "kustomize.toolkit.fluxcd.io", "v1", "Kustomization", "kustomizations", short: "ks",
            status: true, columns: ready),
        make(
            "helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases", short: "hr",
            status: true, columns: ready),
        source("GitRepository", "gitrepositories", "gitrepo"),
        source("OCIRepository", "ocirepositories", "ocirepo"),
        source("HelmRepository", "helmrepositories", "helmrepo"),
        source("HelmChart", "helmcharts", "hc"),
        source("Bucket", "buckets", nil),
    ]

    private typealias Column = (name: String, type: String, path: String)
    private static let age: Column = ("Age", "date", ".metadata.creationTimestamp")
    private static let ready: [Column] = [
        age, ("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"),
        ("Status", "string", ".status.conditions[?(@.type==\"Ready\")].message"),
    ]

    private static func source(_ kind: String, _ plural: String, _ short: String?) -> JSONValue {
        make(
            "source.toolkit.fluxcd.io", "v1", kind, plural, short: short, status: true,
            columns: ready)
    }

    private static func make(
        _ group: String, _ version: String, _ kind: String, _ plural: String,
        short: String? = nil, status: Bool = false, columns: [Column] = []
    ) -> JSONValue {
        var names: JSONValue = [
            "kind": .string(kind), "plural": .string(plural),
            "singular": .string(kind.lowercased()), "listKind": .string("\(kind)List"),
        ]
        if let short { names["shortNames"] = [.string(short)] }
        var served: JSONValue = [
            "name": .string(version), "served": true, "storage": true,
            "schema": [
                "openAPIV3Schema": [
                    "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                ]
            ],
        ]
        if status { served["subresources"] = ["status": [:]] }
        if !columns.isEmpty {
            served["additionalPrinterColumns"] = .array(
                columns.map { column in
                    [
                        "name": .string(column.name), "type": .string(column.type),
                        "jsonPath": .string(column.path),
                    ]
                })
        }
        return [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": .string("\(plural).\(group)")],
            "spec": [
                "group": .string(group), "names": names, "scope": "Namespaced",
                "versions": [served],
            ],
        ]
    }
}
