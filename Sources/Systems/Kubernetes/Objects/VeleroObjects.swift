import Foundation
import Model

/// The fields of a Velero backup that are read. Source: `velero.io/v1.Backup`, Velero 1.18.
struct BackupObject: Decodable, Sendable {
    var metadata: Metadata
    var spec: Spec?
    var status: Status?

    struct Metadata: Decodable, Sendable {
        var name: String
        var labels: [String: String]?
        var annotations: [String: String]?
    }

    struct Spec: Decodable, Sendable {
        var storageLocation: String?
        var includedNamespaces: [String]?
        var includedResources: [String]?
        var includeClusterResources: Bool?
        var labelSelector: JSONValue?
        var orLabelSelectors: [JSONValue]?
        var includedClusterScopedResources: [String]?
        var includedNamespaceScopedResources: [String]?

        /// What it was narrowed to, in words.
        var filters: [String] {
            var found: [String] = []
            func only(_ names: [String]?, _ what: String) {
                guard let names, !names.isEmpty, !names.contains("*") else { return }
                found.append("the \(what) \(names.joined(separator: ", "))")
            }
            only(includedNamespaces, "namespaces")
            only(includedResources, "resources")
            only(includedNamespaceScopedResources, "resources")
            if labelSelector?.object?.isEmpty == false || orLabelSelectors?.isEmpty == false {
                found.append("what a label selects")
            }
            return found
        }

        var holdsClusterScoped: Bool {
            includeClusterResources == true
                || includedClusterScopedResources?.contains("*") == true
        }
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var progress: Progress?
        var errors: Int?
        var warnings: Int?
        var failureReason: String?
        var validationErrors: [String]?
        var completionTimestamp: String?
        var expiration: String?
    }

    struct Progress: Decodable, Sendable {
        var itemsBackedUp: Int?
        var totalItems: Int?
    }

    var facts: BackupFacts {
        let reasons = [status?.failureReason].compactMap { $0 } + (status?.validationErrors ?? [])
        let message = StatusObject.line(reasons.filter { !$0.isEmpty }.joined(separator: "; "))
        return BackupFacts(
            name: metadata.name, phase: status?.phase ?? "",
            itemsDone: status?.progress?.itemsBackedUp, itemsTotal: status?.progress?.totalItems,
            errors: status?.errors ?? 0, warnings: status?.warnings ?? 0,
            message: message.isEmpty ? nil : message,
            completedAt: Self.seconds(status?.completionTimestamp),
            expiresAt: Self.seconds(status?.expiration), location: spec?.storageLocation,
            filters: spec?.filters ?? [],
            holdsClusterScoped: spec?.holdsClusterScoped ?? true,
            kubernetes: metadata.annotations?["velero.io/source-cluster-k8s-gitversion"]
                .flatMap { Version($0) })
    }

    private static func seconds(_ time: String?) -> Double? {
        time.flatMap(KubernetesTime.parse)?.timeIntervalSince1970
    }

    /// The run that made it; nil when nobody of ours did.
    var run: String? { metadata.labels?[Self.runLabel] }

    private static let runLabel = "bump.dev/run"

    /// Left out of every backup, as what belongs to the cluster itself.
    static let excludedNamespaces = ["kube-system", "kube-public", "kube-node-lease"]

    /// What is sent to make one: everything but what belongs to the cluster itself, cluster-scoped
    /// objects and the files of pod volumes included.
    static func new(_ name: String, namespace: String, run: RunID) -> JSONValue {
        [
            "apiVersion": "velero.io/v1",
            "kind": "Backup",
            "metadata": [
                "name": .string(name),
                "namespace": .string(namespace),
                "labels": .object([
                    "app.kubernetes.io/managed-by": "bump", runLabel: .string(run.text),
                ]),
            ],
            "spec": [
                "includedNamespaces": ["*"],
                "excludedNamespaces": .array(excludedNamespaces.map(JSONValue.string)),
                "includeClusterResources": true,
                "defaultVolumesToFsBackup": true,
            ],
        ]
    }
}

/// The fields of a Velero backup storage location that are read.
struct BackupLocationObject: Decodable, Sendable {
    var metadata: BackupObject.Metadata
    var spec: Spec?
    var status: Status?

    struct Spec: Decodable, Sendable {
        var accessMode: String?
        var `default`: Bool?
        var config: [String: String]?

        /// Source: the AWS plug-in's key for a store of one's own. A Service is reached by
        /// `name.namespace.svc`, from inside the cluster alone.
        var isInCluster: Bool {
            guard let host = config?["s3Url"].flatMap(URL.init)?.host() else { return false }
            return host.split(separator: ".").dropFirst(2).first == "svc"
        }
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var message: String?
        var lastSyncedTime: String?
    }

    var facts: BackupLocationFacts {
        let message = status?.message.map(StatusObject.line)
        return BackupLocationFacts(
            name: metadata.name, isAvailable: status?.phase == "Available",
            isReadOnly: spec?.accessMode == "ReadOnly", isDefault: spec?.default ?? false,
            message: message?.isEmpty == true ? nil : message,
            lastSynced: status?.lastSyncedTime, isInCluster: spec?.isInCluster ?? false)
    }
}
