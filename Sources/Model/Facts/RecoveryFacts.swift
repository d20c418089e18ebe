/// A Velero restore as its object says.
package struct RestoreFacts: Sendable, Codable, Equatable {
    package var name: String
    /// `status.phase`; empty before the server looked at it.
    package var phase: String
    package var itemsDone: Int?
    package var itemsTotal: Int?
    package var errors: Int
    package var warnings: Int
    /// `status.failureReason` or the validation errors.
    package var message: String?

    package init(
        name: String, phase: String, itemsDone: Int? = nil, itemsTotal: Int? = nil,
        errors: Int = 0, warnings: Int = 0, message: String? = nil
    ) {
        self.name = name
        self.phase = phase
        self.itemsDone = itemsDone
        self.itemsTotal = itemsTotal
        self.errors = errors
        self.warnings = warnings
        self.message = message
    }

    /// Velero 1.18 `RestorePhase`: nothing more will happen. An unknown phase is not final.
    package var isFinal: Bool {
        ["FailedValidation", "Completed", "PartiallyFailed", "Failed"].contains(phase)
    }
}

/// The copy of one volume's files: a PodVolumeBackup, or the PodVolumeRestore that brings it back.
package struct VolumeCopy: Sendable, Codable, Hashable {
    /// Namespace of the pod that mounts it.
    package var namespace: String
    package var pod: String
    package var volume: String
    package var phase: String
    package var bytesDone: Int64?
    package var bytesTotal: Int64?

    package init(
        namespace: String, pod: String, volume: String, phase: String, bytesDone: Int64? = nil,
        bytesTotal: Int64? = nil
    ) {
        self.namespace = namespace
        self.pod = pod
        self.volume = volume
        self.phase = phase
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
    }

    /// `namespace/pod volume`.
    package var title: String { "\(namespace)/\(pod) \(volume)" }
    package var isComplete: Bool { phase == "Completed" }
    package var isFinal: Bool { ["Completed", "Failed", "Canceled"].contains(phase) }
}

/// A claim of storage and whether a running pod mounts it: what a file-system backup can hold.
package struct ClaimFacts: Sendable, Codable, Hashable {
    package var namespace: String
    package var name: String
    /// Running pods that mount it, by the name of the volume in the pod: `pod volume`.
    package var mounts: [String]
    /// The user keeps it out of backups, by an annotation of a pod or a label.
    package var isExcluded: Bool

    package init(namespace: String, name: String, mounts: [String], isExcluded: Bool = false) {
        self.namespace = namespace
        self.name = name
        self.mounts = mounts
        self.isExcluded = isExcluded
    }

    package var title: String { "\(namespace)/\(name)" }
}

/// A Flux object that reconciles: a Kustomization or a HelmRelease.
package struct FluxObject: Sendable, Codable, Hashable {
    package var kind: String
    package var namespace: String
    package var name: String
    package var isSuspended: Bool
    /// Annotation `bump.dev/suspended-by`: the run that suspended it.
    package var suspendedBy: String?
    /// A reconciliation is under way at this moment.
    package var isReconciling: Bool

    package init(
        kind: String, namespace: String, name: String, isSuspended: Bool,
        suspendedBy: String? = nil, isReconciling: Bool = false
    ) {
        self.isReconciling = isReconciling
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.isSuspended = isSuspended
        self.suspendedBy = suspendedBy
    }

    package var title: String { "\(kind) \(namespace)/\(name)" }
}

/// What the user has installed between the new cluster and the restore: a command line of
/// `.bump.yaml`, run by `sh -c` at the repository root.
package struct RebuildHook: Sendable, Codable, Hashable {
    package var name: String
    package var command: String

    package init(name: String, command: String) {
        self.name = name
        self.command = command
    }
}
