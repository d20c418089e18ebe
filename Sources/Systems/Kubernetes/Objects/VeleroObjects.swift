import Foundation
import Model

/// The fields of a Velero backup that are read. Source: `velero.io/v1.Backup`, Velero 1.18.
struct BackupObject: Decodable, Sendable {
    var metadata: Metadata
    var status: Status?

    struct Metadata: Decodable, Sendable {
        var name: String
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var progress: Progress?
        var errors: Int?
        var warnings: Int?
        var failureReason: String?
        var validationErrors: [String]?
        var completionTimestamp: String?
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
            completedAt: status?.completionTimestamp.flatMap(KubernetesTime.parse)?
                .timeIntervalSince1970)
    }

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
                "labels": [
                    "app.kubernetes.io/managed-by": "bump",
                    "bump.dev/run": .string(run.text),
                ],
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
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var message: String?
    }

    var facts: BackupLocationFacts {
        let message = status?.message.map(StatusObject.line)
        return BackupLocationFacts(
            name: metadata.name, isAvailable: status?.phase == "Available",
            isReadOnly: spec?.accessMode == "ReadOnly", isDefault: spec?.default ?? false,
            message: message?.isEmpty == true ? nil : message)
    }
}
