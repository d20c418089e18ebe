import Crypto
import Foundation
package import Model

extension ClusterClient: RecoveryReading {
    package var namespacesLeftOut: [String] {
        BackupObject.excludedNamespaces + [veleroNamespace, "flux-system"]
    }

    /// The backup's whole object, for a copy; nil when there is none.
    package func object(ofBackup name: String) async throws -> JSONValue? {
        try await getIfPresent(velero("backups", name).text)
    }

    package func backups() async throws -> [BackupFacts] {
        let request = reading(velero("backups").text, purpose: "list the Velero backups")
        let answer = try await answer(to: request)
        if answer.code == 404 { throw veleroIsMissing }
        return try await items(
            velero("backups").text, as: BackupObject.self, purpose: request.purpose
        ).map(\.facts).sorted { ($0.completedAt ?? 0) > ($1.completedAt ?? 0) }
    }

    package func restore(named name: String) async throws -> RestoreFacts? {
        guard let object = try await getIfPresent(velero("restores", name).text) else { return nil }
        return RestoreFacts(object)
    }

    package func volumes(ofBackup name: String) async throws -> [VolumeCopy] {
        try await copies("podvolumebackups", "velero.io/backup-name=\(Self.labelValue(name))")
    }

    package func volumes(ofRestore name: String) async throws -> [VolumeCopy] {
        try await copies("podvolumerestores", "velero.io/restore-name=\(Self.labelValue(name))")
    }

    package func claims() async throws -> [ClaimFacts] {
        async let claims = list(ResourcePath("persistentvolumeclaims").text)
        async let pods = list(ResourcePath("pods").text)
        let running = try await pods.filter { $0["status", "phase"]?.string == "Running" }
        return try await claims.compactMap { claim in
            guard claim["status", "phase"]?.string == "Bound",
                let namespace = claim["metadata", "namespace"]?.string,
                let name = claim["metadata", "name"]?.string,
                !BackupObject.excludedNamespaces.contains(namespace)
            else { return nil }
            let mounting = running.filter { $0["metadata", "namespace"]?.string == namespace }
            return ClaimFacts(
                namespace: namespace, name: name,
                mounts: mounting.flatMap { Self.mounts(of: name, in: $0) },
                isExcluded: Self.isExcluded(claim)
                    || mounting.contains { Self.excludes(name, $0) })
        }
    }

    /// Facts of Velero 1.18: the label leaves an object out, the annotation volumes of a pod.
    private static func isExcluded(_ object: JSONValue) -> Bool {
        object["metadata", "labels", "velero.io/exclude-from-backup"]?.string == "true"
    }

    private static func excludes(_ claim: String, _ pod: JSONValue) -> Bool {
        let volumes = mounts(of: claim, in: pod).compactMap { $0.split(separator: " ").last }
        let annotation = pod[
            "metadata", "annotations", "backup.velero.io/backup-volumes-excludes"
        ]?.string
        let left = (annotation ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return !volumes.isEmpty
            && (isExcluded(pod) || volumes.contains { left.contains(String($0)) })
    }

    /// `pod volume` for each volume of the pod that is this claim.
    private static func mounts(of claim: String, in pod: JSONValue) -> [String] {
        (pod["spec", "volumes"]?.array ?? []).compactMap { volume in
            guard volume["persistentVolumeClaim", "claimName"]?.string == claim,
                let name = volume["name"]?.string, let podName = pod["metadata", "name"]?.string
            else { return nil }
            return "\(podName) \(name)"
        }
    }

    package func hasNamespace(_ name: String) async throws -> Bool {
        try await getIfPresent(ResourcePath("namespaces", name).text) != nil
    }

    package func fluxObjects() async throws -> [FluxObject] {
        var found: [FluxObject] = []
        for kind in FluxKind.allCases {
            for version in kind.versions {
                let path = ResourcePath(group: kind.group, version: version, kind.plural).text
                let request = reading(path, purpose: "list Flux's \(kind.plural)")
                let answer = try await answer(to: request)
                if answer.code == 404 { continue }
                guard answer.isSuccess else {
                    throw answer.problem(access, purpose: request.purpose)
                }
                found += try await list(path).compactMap { kind.object($0) }
                break
            }
        }
        return found
    }

    /// Bytes are counted while they are copied; phases are those of `velero.io/v1`.
    private func copies(_ resource: String, _ selector: String) async throws -> [VolumeCopy] {
        try await list(velero(resource).text, selecting: [("labelSelector", selector)])
            .compactMap { object in
                guard let pod = object["spec", "pod", "name"]?.string,
                    let volume = object["spec", "volume"]?.string
                else { return nil }
                return VolumeCopy(
                    namespace: object["spec", "pod", "namespace"]?.string ?? "", pod: pod,
                    volume: volume, phase: object["status", "phase"]?.string ?? "",
                    bytesDone: object["status", "progress", "bytesDone"]?.integer,
                    bytesTotal: object["status", "progress", "totalBytes"]?.integer)
            }
    }
}

extension ClusterClient: RecoveryChanging {
    package func createRestore(
        named name: String, of backup: String, only namespace: String?, run: RunID
    ) async throws {
        var spec: JSONValue = [
            "backupName": .string(backup),
            "includedNamespaces": [.string(namespace ?? "*")],
        ]
        if namespace == nil {
            spec["excludedNamespaces"] = .array(namespacesLeftOut.map(JSONValue.string))
            spec["includeClusterResources"] = true
        }
        let request = try writing(
            .post, velero("restores").text,
            [
                "apiVersion": "velero.io/v1", "kind": "Restore",
                "metadata": [
                    "name": .string(name), "namespace": .string(veleroNamespace),
                    "labels": [
                        "app.kubernetes.io/managed-by": "bump",
                        "bump.dev/run": .string(run.text),
                    ],
                ],
                "spec": spec,
            ], purpose: "create the Velero restore \(name)")
        let answer = try await answer(to: request)
        if answer.isSuccess || answer.code == 409 && answer.status?.reason == "AlreadyExists" {
            return
        }
        if answer.code == 404 { throw veleroIsMissing }
        throw answer.problem(access, purpose: request.purpose)
    }

    package func setLocations(readOnly: Bool, run: RunID) async throws -> [String] {
        let mode = readOnly ? "ReadOnly" : "ReadWrite"
        var closed: [String] = []
        for object in try await list(velero("backupstoragelocations").text) {
            guard let name = object["metadata", "name"]?.string else { continue }
            let isOurs = object["metadata", "annotations", Self.readOnlyBy]?.string == run.text
            let isClosed = object["spec", "accessMode"]?.string == "ReadOnly"
            if readOnly || (isClosed && !isOurs) { closed.append(name) }
            guard readOnly ? !isClosed : isOurs else { continue }
            try await patch(
                velero("backupstoragelocations", name).text,
                [
                    "metadata": [
                        "annotations": [Self.readOnlyBy: readOnly ? .string(run.text) : .null]
                    ], "spec": ["accessMode": .string(mode)],
                ], kind: .merge, purpose: "set the storage location \(name) to \(mode)")
        }
        return closed
    }

    package func setSuspended(_ object: FluxObject, by run: RunID?) async throws {
        guard let kind = FluxKind(rawValue: object.kind) else { return }
        let change: JSONValue = [
            "metadata": [
                "annotations": [FluxKind.suspendedBy: run.map { .string($0.text) } ?? .null]
            ], "spec": ["suspend": .bool(run != nil)],
        ]
        var trouble: Problem?
        for version in kind.versions {
            let path = ResourcePath(
                group: kind.group, version: version, namespace: object.namespace, kind.plural,
                object.name
            ).text
            do {
                try await patch(
                    ResourcePath.text(path, query: [("fieldManager", "bump")]), change,
                    kind: .merge, purpose: "suspend \(object.title)")
                return
            } catch let problem as Problem {
                trouble = trouble ?? problem
            }
        }
        if let trouble { throw trouble }
    }

    private static let readOnlyBy = "bump.dev/read-only-by"

    /// Source: velero `pkg/label`, GetValidName: a name that is too long ends in the first six
    /// digits of its SHA-256.
    static func labelValue(_ name: String) -> String {
        guard name.utf8.count > 63 else { return name }
        let digest = SHA256.hash(data: Data(name.utf8)).prefix(3)
        return name.prefix(57)
            + digest.map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
    }
}

extension RestoreFacts {
    init(_ object: JSONValue) {
        let reasons =
            [object["status", "failureReason"]?.string].compactMap(\.self)
            + (object["status", "validationErrors"]?.array?.compactMap(\.string) ?? [])
        let message = StatusObject.line(reasons.filter { !$0.isEmpty }.joined(separator: "; "))
        self.init(
            name: object["metadata", "name"]?.string ?? "",
            phase: object["status", "phase"]?.string ?? "",
            itemsDone: object["status", "progress", "itemsRestored"]?.integer
                .flatMap { Int(exactly: $0) },
            itemsTotal: object["status", "progress", "totalItems"]?.integer
                .flatMap { Int(exactly: $0) },
            errors: object["status", "errors"]?.integer.flatMap { Int(exactly: $0) } ?? 0,
            warnings: object["status", "warnings"]?.integer.flatMap { Int(exactly: $0) } ?? 0,
            message: message.isEmpty ? nil : message)
    }
}
