import Crypto
import Model
import Simulation

/// Backup and BackupStorageLocation objects, as Velero's server keeps them. Facts §4.2 to §4.8.
enum VeleroRendering {
    static let namespace = "velero"

    static func key(_ plural: String, _ name: String) -> ObjectKey {
        ObjectKey(resource: "\(plural).velero.io", namespace: namespace, name: name)
    }

    /// A name as the value of a label: one that is too long ends in a piece of its hash.
    static func labelValue(_ name: String) -> String {
        guard name.utf8.count > 63 else { return name }
        let digest = SHA256.hash(data: Array(name.utf8))
            .map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
        return String(name.prefix(57)) + digest.prefix(6)
    }

    /// What a user's Backup asks for.
    static func request(_ object: JSONValue) -> BackupRequest {
        func names(_ field: String) -> [String] {
            (object["spec", field]?.array ?? []).compactMap(\.string)
        }
        let included = names("includedNamespaces")
        let location = object["spec", "storageLocation"]?.string ?? ""
        return BackupRequest(
            name: object.name, includedNamespaces: included.isEmpty ? ["*"] : included,
            excludedNamespaces: names("excludedNamespaces"),
            location: location.isEmpty ? nil : location)
    }

    static func location(
        _ object: JSONValue, known: EmulatedBackupLocation?
    ) -> EmulatedBackupLocation {
        let bucket = object["spec", "objectStorage", "bucket"]?.string ?? ""
        var location = known ?? EmulatedBackupLocation(name: object.name, bucket: bucket)
        location.bucket = bucket
        location.isReadOnly = object["spec", "accessMode"] == "ReadOnly"
        location.isDefault = object["spec", "default"]?.bool == true
        return location
    }

    static func backup(
        _ backup: EmulatedBackup, old: JSONValue?, uid: String, server: Version,
        date: (Duration) -> Timestamp
    ) -> JSONValue {
        var object =
            old
            ?? [
                "apiVersion": "velero.io/v1", "kind": "Backup",
                "metadata": [
                    "name": .string(backup.name), "namespace": .string(namespace),
                    "uid": .string(uid), "generation": 1,
                    "creationTimestamp": .string(date(backup.createdAt).text),
                ],
                "spec": [
                    "includedNamespaces": .array(
                        backup.request.includedNamespaces.map { .string($0) }),
                    "excludedNamespaces": .array(
                        backup.request.excludedNamespaces.map { .string($0) }),
                ],
            ]
        guard backup.phase != .new else {
            if object["status"] == nil { object["status"] = [:] }
            return object
        }
        for (field, value, zero) in [
            ("ttl", "720h0m0s", "0s"), ("csiSnapshotTimeout", "10m0s", "0s"),
            ("itemOperationTimeout", "4h0m0s", "0s"), ("storageLocation", backup.location, ""),
        ] {
            let given = object["spec", field]?.string ?? zero
            if given == zero { object.set(["spec", field], .string(value)) }
        }
        if object["spec", "snapshotMoveData"] == nil {
            object.set(["spec", "snapshotMoveData"], false)
        }
        object.set(
            ["metadata", "labels", "velero.io/storage-location"], .string(backup.location))
        for (field, value) in [
            ("gitversion", server.tag), ("major-version", String(server.major)),
            ("minor-version", String(server.minor)),
        ] {
            object.set(
                ["metadata", "annotations", "velero.io/source-cluster-k8s-\(field)"],
                .string(value))
        }
        let ttl = APIState.duration(object["spec", "ttl"]?.string) ?? .seconds(720 * 3600)
        object["status"] = status(backup, ttl: ttl, date: date)
        return object
    }

    private static func status(
        _ backup: EmulatedBackup, ttl: Duration, date: (Duration) -> Timestamp
    ) -> JSONValue {
        var status: JSONValue = [
            "phase": .string(backup.phase.rawValue), "version": 1, "formatVersion": "1.1.0",
        ]
        if let time = backup.startedAt {
            let start = date(time)
            status["startTimestamp"] = .string(start.text)
            let end = Timestamp(seconds: start.seconds + ttl.components.seconds)
            status["expiration"] = .string(end.text)
            status["progress"] = [
                "totalItems": .whole(backup.itemsTotal), "itemsBackedUp": .whole(backup.itemsDone),
            ]
        }
        if let time = backup.completedAt, backup.phase != .failedValidation {
            status["completionTimestamp"] = .string(date(time).text)
        }
        if backup.errors > 0 { status["errors"] = .whole(backup.errors) }
        if backup.warnings > 0 { status["warnings"] = .whole(backup.warnings) }
        if let reason = backup.failureReason { status["failureReason"] = .string(reason) }
        if !backup.validationErrors.isEmpty {
            status["validationErrors"] = .array(backup.validationErrors.map { .string($0) })
        }
        return status
    }

    static func location(
        _ location: EmulatedBackupLocation, old: JSONValue?, uid: String,
        date: (Duration) -> Timestamp
    ) -> JSONValue {
        let checked: JSONValue = .string(date(location.lastValidatedAt).text)
        var object =
            old
            ?? [
                "apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
                "metadata": [
                    "name": .string(location.name), "namespace": .string(namespace),
                    "uid": .string(uid), "generation": 1, "creationTimestamp": checked,
                ],
                "spec": [
                    "provider": "aws", "objectStorage": ["bucket": .string(location.bucket)],
                    "default": .bool(location.isDefault),
                ],
            ]
        object.set(["spec", "accessMode"], location.isReadOnly ? "ReadOnly" : "ReadWrite")
        var status: JSONValue = [
            "phase": location.isAvailable ? "Available" : "Unavailable",
            "lastValidationTime": checked,
        ]
        if let time = location.lastSyncedAt {
            status["lastSyncedTime"] = .string(date(time).text)
        }
        if !location.message.isEmpty { status["message"] = .string(location.message) }
        object["status"] = status
        return object
    }
}
