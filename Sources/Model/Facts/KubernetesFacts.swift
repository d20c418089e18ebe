/// What Kubernetes says of a node.
package struct KubernetesNodeFacts: Sendable, Codable, Equatable {
    package var name: NodeName
    package var role: Role
    /// The InternalIP.
    package var address: NodeAddress?
    /// Condition Ready is True.
    package var isReady: Bool
    /// Why it is not, as the condition's message says; nil when it is.
    package var notReadyReason: String?
    /// `spec.unschedulable`.
    package var isCordoned: Bool
    /// Who cordoned it, as the annotation `bump.dev/cordoned-by` says: a run's id. Nil when
    /// nobody, or somebody else, did.
    package var cordonedBy: String?
    package var kubeletVersion: Version?
    /// `status.nodeInfo.bootID`: changes with each boot even when NotReady was never shown.
    package var bootID: String?

    package init(
        name: NodeName, role: Role, address: NodeAddress?, isReady: Bool,
        notReadyReason: String? = nil, isCordoned: Bool = false, cordonedBy: String? = nil,
        kubeletVersion: Version? = nil, bootID: String? = nil
    ) {
        self.name = name
        self.role = role
        self.address = address
        self.isReady = isReady
        self.notReadyReason = notReadyReason
        self.isCordoned = isCordoned
        self.cordonedBy = cordonedBy
        self.kubeletVersion = kubeletVersion
        self.bootID = bootID
    }
}

/// A pod, as far as a drain and a health check care.
package struct PodFacts: Sendable, Codable, Equatable {
    package var namespace: String
    package var name: String
    package var uid: String
    package var node: NodeName?
    /// `status.phase`.
    package var phase: String
    package var isReady: Bool
    /// Has a deletion timestamp.
    package var isTerminating: Bool
    /// Kind of the controlling owner: `ReplicaSet`, `DaemonSet`, …; nil for a bare pod.
    package var ownerKind: String?
    /// Annotation `kubernetes.io/config.mirror` present: a static pod's mirror.
    package var isMirror: Bool

    package init(
        namespace: String, name: String, uid: String, node: NodeName?, phase: String,
        isReady: Bool, isTerminating: Bool = false, ownerKind: String? = nil,
        isMirror: Bool = false
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.node = node
        self.phase = phase
        self.isReady = isReady
        self.isTerminating = isTerminating
        self.ownerKind = ownerKind
        self.isMirror = isMirror
    }

    /// Succeeded or Failed: nothing of it runs any more.
    package var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }

    /// Whether a drain evicts it: all but mirror pods and the running pods of DaemonSets, which
    /// tolerate the cordon and would be back at once (kubectl drain with `--ignore-daemonsets
    /// --force --delete-emptydir-data`).
    package var isEvictedByDrain: Bool {
        !isMirror && (ownerKind != "DaemonSet" || isFinished)
    }

    package var reference: PodReference {
        PodReference(namespace: namespace, name: name, uid: uid)
    }
}

/// Names one incarnation of a pod.
package struct PodReference: Sendable, Codable, Hashable, CustomStringConvertible {
    package var namespace: String
    package var name: String
    package var uid: String

    package init(namespace: String, name: String, uid: String) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
    }

    package var description: String { "\(namespace)/\(name)" }
}

/// What came of asking for an eviction.
package enum EvictionAnswer: Sendable, Codable, Equatable {
    /// Accepted: the pod is being deleted. Also when it was gone already.
    case accepted
    /// A budget has no room; its message as the API server wrote it.
    case refused(String)
    /// A passing trouble (conflict, server busy): ask again.
    case tryAgain(String)
}

/// A Velero backup storage location.
package struct BackupLocationFacts: Sendable, Codable, Equatable {
    package var name: String
    /// `status.phase` is `Available`.
    package var isAvailable: Bool
    package var isReadOnly: Bool
    package var isDefault: Bool
    package var message: String?
    /// `status.lastSyncedTime`, as it is written: to be compared for equality only.
    package var lastSynced: String?
    /// The address of its store is a Service of the cluster itself (`….svc`).
    package var isInCluster: Bool

    package init(
        name: String, isAvailable: Bool, isReadOnly: Bool, isDefault: Bool, message: String? = nil,
        lastSynced: String? = nil, isInCluster: Bool = false
    ) {
        self.lastSynced = lastSynced
        self.isInCluster = isInCluster
        self.name = name
        self.isAvailable = isAvailable
        self.isReadOnly = isReadOnly
        self.isDefault = isDefault
        self.message = message
    }
}

extension BackupLocationFacts {
    /// Whether the backup is in this location.
    package func holds(_ backup: BackupFacts) -> Bool {
        backup.location.map { $0 == name } ?? isDefault
    }
}

/// A Velero backup as its object says.
package struct BackupFacts: Sendable, Codable, Equatable {
    package var name: String
    /// `status.phase`; empty before the server looked at it.
    package var phase: String
    package var itemsDone: Int?
    package var itemsTotal: Int?
    package var errors: Int
    package var warnings: Int
    /// `status.failureReason` or the validation errors.
    package var message: String?
    /// `status.completionTimestamp`, seconds since 1970.
    package var completedAt: Double?
    /// `status.expiration`, seconds since 1970: from then on Velero may delete it at any time.
    package var expiresAt: Double?
    /// The storage location that holds it.
    package var location: String?
    /// What it was narrowed to, in words: `the namespaces demo`. Empty when it holds the whole
    /// cluster, but for namespaces that were left out by name.
    package var filters: [String]
    /// All cluster-scoped objects were asked for, not those alone that others need.
    package var holdsClusterScoped: Bool
    /// Of the cluster that it was made of, as Velero noted it.
    package var kubernetes: Version?

    package init(
        name: String, phase: String, itemsDone: Int? = nil, itemsTotal: Int? = nil,
        errors: Int = 0, warnings: Int = 0, message: String? = nil, completedAt: Double? = nil,
        expiresAt: Double? = nil, location: String? = nil, filters: [String] = [],
        holdsClusterScoped: Bool = true, kubernetes: Version? = nil
    ) {
        self.expiresAt = expiresAt
        self.location = location
        self.filters = filters
        self.holdsClusterScoped = holdsClusterScoped
        self.kubernetes = kubernetes
        self.name = name
        self.phase = phase
        self.itemsDone = itemsDone
        self.itemsTotal = itemsTotal
        self.errors = errors
        self.warnings = warnings
        self.message = message
        self.completedAt = completedAt
    }

    /// Velero 1.18 `BackupPhase`: nothing more will happen. An unknown phase is not final.
    package var isFinal: Bool {
        ["FailedValidation", "Completed", "PartiallyFailed", "Failed"].contains(phase)
    }

    /// Whole, and not about to be deleted.
    ///
    /// - Parameter now: seconds since 1970.
    package func isUsable(at now: Double) -> Bool {
        phase == "Completed" && !isExpired(at: now)
    }

    package func isExpired(at now: Double) -> Bool { expiresAt.map { $0 <= now } ?? false }
}
