import Model

/// The backup before anything is touched, and that of `bump backup`.
extension Operator {
    /// Creates the backup and waits until its phase is final. Only `Completed` is good, and only
    /// with the files of every claim that a running pod mounts.
    func backUp(
        _ name: String, limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        let mounted = try await recovery.cluster.claims()
        try await cluster.createBackup(named: name, run: run)
        var pause = Duration.milliseconds(100)
        var last: BackupFacts?
        while clock.now < deadline {
            if let facts = try await cluster.backup(named: name) {
                last = facts
                let copies = try await recovery.cluster.volumes(ofBackup: name)
                if facts.isFinal {
                    let left = try await uncovered(copies, mountedBefore: mounted)
                    return try Self.verdict(facts, copies, left)
                }
                report(Self.progress(facts, copies))
            } else if let last {
                throw Problem(
                    .refused, "The backup \(name) is gone: somebody deleted it while it was made.",
                    details: [
                        "It got as far as: \(Self.progress(last, [])).", "No node was touched.",
                    ],
                    fix: "run it again, or go without: --no-backup")
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 3 / 2, .seconds(2))
        }
        throw Problem(
            .refused,
            "The backup \(name) did not end in time; its phase is "
                + "\(last.map { $0.phase.isEmpty ? "New" : $0.phase } ?? "unknown").",
            details: [
                last.map { "It got as far as: \(Self.progress($0, []))." },
                "No node was touched.",
            ].compactMap(\.self),
            fix: "kubectl -n velero describe backup \(name); more time: timeouts.backup in "
                + ".bump.yaml; or go without: --no-backup")
    }

    /// Claims whose files should be in the backup and are not. A pod may have moved meanwhile: its
    /// mounts count as they were before and as they are now.
    private func uncovered(
        _ copies: [VolumeCopy], mountedBefore before: [ClaimFacts]
    ) async throws -> [ClaimFacts] {
        let now = try await recovery.cluster.claims()
        return before.compactMap { claim in
            let later = now.first { $0.title == claim.title }
            // Deleted, or let go of, while the backup was made.
            guard let later, !later.mounts.isEmpty, !claim.mounts.isEmpty, !claim.isExcluded,
                !recovery.leavesOut(claim.title)
            else { return nil }
            let mounts = Set(claim.mounts + later.mounts)
            let isCovered = copies.contains {
                $0.isComplete && $0.namespace == claim.namespace
                    && mounts.contains("\($0.pod) \($0.volume)")
            }
            return isCovered ? nil : claim
        }
    }

    private static func progress(_ facts: BackupFacts, _ copies: [VolumeCopy]) -> String {
        var words = facts.phase.isEmpty ? "New" : facts.phase
        if let done = facts.itemsDone, let total = facts.itemsTotal {
            words += ", \(done) of \(total) items"
        }
        guard !copies.isEmpty else { return words }
        words += ", \(copies.filter(\.isComplete).count) of \(copies.count) volumes"
        let total = copies.compactMap(\.bytesTotal).reduce(0, +)
        let done = copies.compactMap(\.bytesDone).reduce(0, +)
        return total == 0 ? words : words + ", \(done) of \(total) bytes"
    }

    private static func verdict(
        _ facts: BackupFacts, _ copies: [VolumeCopy], _ missing: [ClaimFacts]
    ) throws -> String {
        let describe = "kubectl -n velero describe backup \(facts.name)"
        let failed = copies.filter { !$0.isComplete }.map {
            "the copy of \($0.title) is \($0.phase.isEmpty ? "New" : $0.phase)"
        }
        guard facts.phase == "Completed" else {
            throw Problem(
                .refused,
                facts.phase == "PartiallyFailed"
                    ? "The backup \(facts.name) ended as PartiallyFailed: a part of it is missing."
                    : "The backup \(facts.name) ended as \(facts.phase).",
                details: ([
                    facts.message, facts.errors > 0 ? count(facts.errors, "error") : nil,
                    facts.warnings > 0 ? count(facts.warnings, "warning") : nil,
                ].compactMap(\.self) + failed.prefix(mostNamed)) + ["No node was touched."],
                fix: "\(describe), or go without: --no-backup")
        }
        guard missing.isEmpty, failed.isEmpty else {
            let names = missing.map { claim in
                "\(claim.title), mounted by pod "
                    + (claim.mounts.first?.split(separator: " ").first.map(String.init) ?? "")
            }
            throw Problem(
                .refused,
                "The backup \(facts.name) says Completed, but "
                    + (missing.isEmpty
                        ? "not every volume was copied."
                        : "the files of \(missing.count) claim"
                            + "\(missing.count == 1 ? " are" : "s are") not in it."),
                details: Array((names + failed).prefix(mostNamed)) + [
                    "Velero copies no volume on a host path, and none whose copy failed.",
                    "No node was touched.",
                ],
                fix: "\(describe); to accept it: check.allow: [\"backup.claim"
                    + "\(missing.first.map { ":" + $0.title } ?? "")\"] in .bump.yaml; or go "
                    + "without: --no-backup")
        }
        let items = facts.itemsDone.map { "\($0) items" } ?? "completed"
        return "\(facts.name), \(items), \(count(copies.count, "volume"))"
    }

    private static func count(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }

    private static let mostNamed = 10
}
