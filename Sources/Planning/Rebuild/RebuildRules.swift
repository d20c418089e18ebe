import Model

/// Judges whether a rebuild may begin: nothing is destroyed without a backup that is known to be
/// good.
struct RebuildRules {
    let snapshot: Snapshot
    let input: RebuildInput
    let now: Double

    func findings() -> [Finding] {
        let found =
            backup() + volumes() + location() + terraform() + stores() + versions() + hooks()
            + content()
        return found.map(Exceptions(input.allowed).apply)
    }

    private static let other = "choose another: bump rebuild --backup NAME"

    /// What comes back.
    private func content() -> [Finding] {
        guard let facts = input.facts.value, facts.phase == "Completed",
            let copies = input.volumes.value
        else { return [] }
        let bytes = copies.compactMap(\.bytesDone).reduce(0, +)
        let items = facts.itemsDone.map { "\($0) objects" } ?? "its objects"
        let volumes =
            copies.isEmpty
            ? "no volume"
            : "the files of \(copies.count) volume\(copies.count == 1 ? "" : "s")"
                + (bytes > 0 ? ", \(ByteText.text(UInt64(clamping: bytes)))" : "")
        return [
            Finding(
                .note, "backup.content",
                "The backup \(facts.name) holds \(items) and \(volumes): that is what comes back.")
        ]
    }

    private func backup() -> [Finding] {
        guard case .known(let facts) = input.facts else {
            let reason = input.facts.reason ?? ""
            if snapshot.kubernetesVersion.value == nil, input.isInHistory {
                return [
                    Finding(
                        .warning, "backup.unseen",
                        "The cluster does not answer, so the backup \(input.backup) cannot be "
                            + "looked at now; the history of this repository says it was complete. "
                            + "It is looked for again in the new cluster.")
                ]
            }
            return [
                Finding(
                    .error, "backup.not-found",
                    "There is no usable backup \(input.backup): \(reason)",
                    fix: reason.hasPrefix("Velero is not")
                        ? "install it over the bucket that holds the backup, then: bump rebuild"
                        : "kubectl -n velero get backups, then: bump rebuild --backup NAME")
            ]
        }
        if facts.phase == "PartiallyFailed" {
            return [
                Finding(
                    .error, "backup.partial",
                    "The backup \(facts.name) is PartiallyFailed, with \(facts.errors) errors: "
                        + "it would come back with gaps.",
                    fix: Self.other)
            ]
        }
        guard facts.phase == "Completed" else {
            return [
                Finding(
                    .error, "backup.unfinished",
                    "The backup \(facts.name) is \(facts.phase.isEmpty ? "New" : facts.phase).",
                    fix: Self.other)
            ]
        }
        return expiry(of: facts) + scope(of: facts) + age(of: facts)
    }

    /// Velero deletes what is past its expiration, with its data, in any cluster that reads the
    /// bucket.
    private func expiry(of facts: BackupFacts) -> [Finding] {
        guard let expires = facts.expiresAt, expires - now < Self.leastLife else { return [] }
        if facts.isExpired(at: now) {
            return [
                Finding(
                    .error, "backup.expired",
                    "The backup \(facts.name) has expired: Velero may delete it at any time, also "
                        + "half-way through.", fix: Self.other)
            ]
        }
        let minutes = Int((expires - now) / 60)
        return [
            Finding(
                .warning, "backup.expires",
                "The backup \(facts.name) expires in \(minutes) minutes: from then on Velero may "
                    + "delete it.",
                fix: "make a new one first, if the cluster still can: bump backup"
            )
        ]
    }

    private static let leastLife = 6 * 3600.0

    private func scope(of facts: BackupFacts) -> [Finding] {
        if !facts.filters.isEmpty {
            return [
                Finding(
                    .warning, "backup.narrow",
                    "The backup \(facts.name) holds only \(facts.filters.joined(separator: "; ")): "
                        + "everything else in the cluster is lost.", fix: Self.other)
            ]
        }
        guard !facts.holdsClusterScoped else { return [] }
        return [
            Finding(
                .warning, "backup.cluster-scoped",
                "The backup \(facts.name) was made without includeClusterResources: storage "
                    + "classes, cluster roles and webhooks are mostly not in it, and are lost.",
                fix: "make a whole one first, if the cluster still can: bump backup")
        ]
    }

    /// What was written since is lost.
    private func age(of facts: BackupFacts) -> [Finding] {
        guard let made = facts.completedAt else { return [] }
        let hours = Int((now - made) / 3600)
        guard hours >= 1 else { return [] }
        let words = hours < 48 ? "\(hours) hours" : "\(hours / 24) days"
        return [
            Finding(
                hours >= 24 ? .warning : .note, "backup.age",
                "The backup \(facts.name) is \(words) old: what was written since then is lost.",
                fix: "make a new one first, if the cluster still can: bump backup")
        ]
    }

    private func volumes() -> [Finding] {
        guard case .known(let copies) = input.volumes else { return [] }
        var found = copies.filter { !$0.isComplete }.map { copy in
            Finding(
                .error, "backup.volume",
                "The backup's copy of the volume \(copy.title) is \(copy.phase): its files would "
                    + "not come back.", fix: Self.other)
        }
        for claim in input.claims.value ?? [] {
            let isCovered = copies.contains { copy in
                copy.namespace == claim.namespace
                    && claim.mounts.contains("\(copy.pod) \(copy.volume)")
            }
            if isCovered { continue }
            found.append(
                Finding(
                    .warning, "backup.claim",
                    "The backup does not hold the files of the claim "
                        + "\(claim.namespace)/\(claim.name)"
                        + (claim.mounts.isEmpty ? ": no running pod mounts it." : "."),
                    fix: "save its files in another way, or they are gone"))
        }
        return found
    }

    /// The one that holds the backup; any, where that is not known.
    private func location() -> [Finding] {
        guard let locations = snapshot.backupLocations.value else { return [] }
        let look = "kubectl -n velero get backupstoragelocations -o yaml"
        let holding = input.facts.value.map { facts in locations.filter { $0.holds(facts) } }
        let chosen = holding ?? locations
        guard let location = chosen.first(where: \.isAvailable) else {
            let name =
                chosen.first.map { " \($0.name)" } ?? input.facts.value?.location.map { " \($0)" }
            return [
                Finding(
                    .error, "backup.location",
                    "Velero's storage location\(name ?? "") is not available"
                        + (chosen.first?.message.map { ": \($0)" } ?? "."), fix: look)
            ]
        }
        guard location.isInCluster else { return [] }
        return [
            Finding(
                .error, "backup.in-cluster",
                "The storage location \(location.name) is a Service of this very cluster: the backup "
                    + "would be destroyed with it.",
                fix: "copy the bucket elsewhere; or, where its disks outlive the cluster: "
                    + "check: {allow: [backup.in-cluster]} in .bump.yaml")
        ]
    }

    /// What Terraform made beside the machines, and would destroy with them.
    private func stores() -> [Finding] {
        let buckets = input.destroyed.filter { address in
            address.split(separator: ".").contains {
                $0.hasSuffix("_bucket") || $0 == "azurerm_storage_container"
            }
        }
        let count = input.destroyed.count
        let all = Finding(
            .note, "terraform.destroys",
            "Terraform destroys \(count) resource\(count == 1 ? "" : "s"): "
                + "\(Listing.names(input.destroyed)).")
        guard let first = buckets.first else { return count == 0 ? [] : [all] }
        return [
            all,
            Finding(
                .error, "backup.store-destroyed",
                "Terraform would destroy \(Listing.names(buckets)), too: the backup may be in it.",
                fix: "terraform state rm '\(first)', and its block out of the configuration; or, "
                    + "where it holds no backup: check: {allow: [backup.store-destroyed]} in .bump.yaml"
            ),
        ]
    }

    private func hooks() -> [Finding] {
        guard input.hooks.isEmpty else { return [] }
        return [
            Finding(
                .note, "rebuild.no-hooks",
                "No hook installs Velero in the new cluster: it must come with Terraform or with the "
                    + "machine config. Else: rebuild.hooks in .bump.yaml.")
        ]
    }

    private func terraform() -> [Finding] {
        if input.stateBackend == "kubernetes" {
            return [
                Finding(
                    .error, "terraform.state-in-cluster",
                    "Terraform keeps its state in Kubernetes: in this cluster it would be destroyed "
                        + "half-way through.",
                    fix:
                        "choose another backend and terraform init -migrate-state; or, where it is "
                        + "another cluster: check: {allow: [terraform.state-in-cluster]} in .bump.yaml"
                )
            ] + state()
        }
        guard snapshot.nodes.isEmpty else { return state() }
        return [
            Finding(
                .error, "nodes.none",
                "Terraform's outputs name no node: there is nothing to "
                    + "destroy, and the state may be another cluster's.",
                fix: "terraform output, terraform state list")
        ]
    }

    /// With an empty state everything is made anew: right when the cluster is gone, and a second
    /// cluster beside the first when it is not.
    private func state() -> [Finding] {
        guard !input.hasState else { return [] }
        let alive = snapshot.nodes.filter { $0.machine.value != nil }.map(\.name.text)
        guard alive.isEmpty else {
            return [
                Finding(
                    .error, "terraform.other-state",
                    "Terraform's state is empty, yet \(Listing.names(alive)) answer: it is not the "
                        + "state of this cluster.",
                    fix: "terraform workspace list, terraform state list")
            ]
        }
        return [
            Finding(
                .warning, "terraform.empty-state",
                "Terraform's state is empty and no machine answers: nothing is destroyed, and "
                    + "everything is made anew.")
        ]
    }
}
