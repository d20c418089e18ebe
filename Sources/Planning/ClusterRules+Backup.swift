import Model

/// Whether a backup could be made, and where it would go.
extension ClusterRules {
    func backup() -> [Finding] {
        guard options.backup else {
            return [Finding(.warning, "backup.none", "No backup is made before the upgrade.")]
        }
        guard let locations = snapshot.backupLocations.value else {
            return [
                Finding(
                    .error, "backup.unavailable",
                    "No backup can be made: "
                        + (snapshot.backupLocations.reason ?? "Velero cannot be asked"),
                    fix: "install Velero, or go without: --no-backup")
            ]
        }
        // Without a mark Velero takes the one that is called so (its flag
        // `--default-backup-storage-location`).
        let chosen =
            locations.first(where: \.isDefault) ?? locations.first { $0.name == "default" }
        guard let chosen else {
            if let other = locations.first {
                return [
                    Finding(
                        .error, "backup.no-default",
                        "None of Velero's backup storage locations is the default: "
                            + "\(Listing.names(locations.map(\.name))).",
                        fix: "kubectl -n velero patch backupstoragelocation \(other.name) --type "
                            + "merge -p '{\"spec\":{\"default\":true}}'")
                ]
            }
            return [
                Finding(
                    .error, "backup.no-location", "Velero has no backup storage location.",
                    fix: "add one, or go without: --no-backup")
            ]
        }
        if !chosen.isAvailable || chosen.isReadOnly {
            let message = chosen.message ?? ""
            let isLockedOut = Self.refusals.contains(where: message.contains)
            let why =
                chosen.isReadOnly
                ? "is read-only"
                : isLockedOut ? "refuses Velero's credentials" : "is not available"
            let look = "kubectl -n velero get backupstoragelocation \(chosen.name) -o yaml"
            return [
                Finding(
                    .error, "backup.location",
                    "Velero's backup storage location \(chosen.name) \(why)"
                        + (message.isEmpty ? "." : ": \(message)"),
                    fix: chosen.isReadOnly
                        ? "kubectl -n velero patch backupstoragelocation \(chosen.name) --type "
                            + "merge -p '{\"spec\":{\"accessMode\":\"ReadWrite\"}}'"
                        : isLockedOut
                            ? "renew the Secret that Velero reads (usually cloud-credentials in "
                                + "velero), or go without: --no-backup"
                            : "\(look), or go without: --no-backup")
            ]
        }
        return []
    }

    /// Words of object stores that do not accept who asks.
    private static let refusals = [
        "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "StatusCode: 403",
        "StatusCode: 401", "NoCredentialProviders", "AuthorizationFailed",
    ]
}
