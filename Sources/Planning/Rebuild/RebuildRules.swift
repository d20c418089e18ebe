import Model

/// Judges whether a rebuild may begin: nothing is destroyed without a backup that is known to be
/// good.
struct RebuildRules {
    let snapshot: Snapshot
    let input: RebuildInput
    let now: Double

    func findings() -> [Finding] {
        backup() + volumes() + location() + terraform() + content()
    }

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
                    fix: "kubectl -n velero get backups, then: bump rebuild --backup NAME")
            ]
        }
        if facts.phase == "PartiallyFailed" {
            return [
                Finding(
                    .error, "backup.partial",
                    "The backup \(facts.name) is PartiallyFailed, with \(facts.errors) errors: "
                        + "it would come back with gaps.",
                    fix: "choose another: bump rebuild --backup NAME")
            ]
        }
        guard facts.phase == "Completed" else {
            return [
                Finding(
                    .error, "backup.unfinished",
                    "The backup \(facts.name) is \(facts.phase.isEmpty ? "New" : facts.phase).",
                    fix: "choose another: bump rebuild --backup NAME")
            ]
        }
        return age(of: facts)
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
                    + "not come back.", fix: "choose another: bump rebuild --backup NAME")
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

    private func location() -> [Finding] {
        guard let locations = snapshot.backupLocations.value,
            !locations.contains(where: \.isAvailable)
        else { return [] }
        return [
            Finding(
                .error, "backup.location",
                "No Velero storage location is available"
                    + (locations.first?.message.map { ": \($0)" } ?? "."),
                fix: "kubectl -n velero get backupstoragelocations -o yaml")
        ]
    }

    private func terraform() -> [Finding] {
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
