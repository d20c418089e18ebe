/// A Velero backup to make.
package struct BackupRequest: Sendable, Codable, Equatable {
    package var name: String
    package var includedNamespaces: [String]
    package var excludedNamespaces: [String]
    /// Nil: the default location.
    package var location: String?
    /// Objects that it will hold; nil: counted from what the cluster runs.
    package var items: Int?
    /// Why it fails as soon as it is taken up: its name is in the bucket already.
    package var obstacle: String?
    /// Volumes that will be copied, and warnings that will be given.
    package var volumes = 0
    package var warnings = 0

    package init(
        name: String, includedNamespaces: [String] = ["*"], excludedNamespaces: [String] = [],
        location: String? = nil, items: Int? = nil
    ) {
        self.name = name
        self.includedNamespaces = includedNamespaces
        self.excludedNamespaces = excludedNamespaces
        self.location = location
        self.items = items
    }
}

/// A Velero backup and how far it is.
package struct EmulatedBackup: Sendable, Codable, Equatable {
    package var request: BackupRequest
    package var location: String
    package var phase: Phase
    package var createdAt: Duration
    package var startedAt: Duration?
    package var completedAt: Duration?
    package var itemsTotal: Int
    package var itemsDone: Int
    package var errors: Int
    package var warnings: Int
    /// Set with `failed`.
    package var failureReason: String?
    /// Set with `failedValidation`.
    package var validationErrors: [String]
    /// Who asked for it.
    package var by: String
    /// Found in a bucket: its object is as it was written there.
    package var isAdopted = false
    /// Ends as Completed although one of its volumes was not copied.
    package var losesVolume = false

    package var name: String { request.name }

    /// One that ended elsewhere, found in a bucket.
    package static func found(
        _ request: BackupRequest, in location: String, phase: Phase, items: Int, at time: Duration
    ) -> EmulatedBackup {
        EmulatedBackup(
            request: request, location: location, phase: phase, createdAt: time, startedAt: time,
            completedAt: time, itemsTotal: items, itemsDone: items, errors: 0, warnings: 0,
            failureReason: nil, validationErrors: [], by: "velero", isAdopted: true)
    }

    /// The raw values are Velero's words (v1 `BackupPhase`).
    package enum Phase: String, Sendable, Codable {
        case new = "New"
        case inProgress = "InProgress"
        case failedValidation = "FailedValidation"
        case completed = "Completed"
        case partiallyFailed = "PartiallyFailed"
        case failed = "Failed"

        package var isFinal: Bool { self != .new && self != .inProgress }
    }
}

/// A Velero backup storage location.
package struct EmulatedBackupLocation: Sendable, Codable, Equatable {
    package var name: String
    package var bucket: String
    package var isAvailable: Bool
    package var isReadOnly: Bool
    package var isDefault: Bool
    package var message: String
    package var lastValidatedAt: Duration
    package var lastSyncedAt: Duration?

    package init(
        name: String, bucket: String, isAvailable: Bool = true, isReadOnly: Bool = false,
        isDefault: Bool = false, message: String = "", lastValidatedAt: Duration = .zero,
        lastSyncedAt: Duration? = nil
    ) {
        self.name = name
        self.bucket = bucket
        self.isAvailable = isAvailable
        self.isReadOnly = isReadOnly
        self.isDefault = isDefault
        self.message = message
        self.lastValidatedAt = lastValidatedAt
        self.lastSyncedAt = lastSyncedAt
    }
}
