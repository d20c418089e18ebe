import Model

/// The restore of a rebuild, and what became of it.
extension Operator {
    /// One that ended badly is not waited for again: what it left out is taken up by another.
    func restore(
        _ name: String, of backup: String, only namespace: String?, limit: Duration,
        report: @Sendable (String) -> Void
    ) async throws -> String {
        let made = try await attempts(name)
        var attempt = made.last?.name ?? name
        if let last = made.last, last.isFinal, last.phase != "Completed" {
            attempt = Self.attempt(made.count + 1, of: name)
        }
        return try Self.verdict(
            try await restoring(attempt, of: backup, only: namespace, limit: limit, report: report))
    }

    private func restoring(
        _ name: String, of backup: String, only namespace: String?, limit: Duration,
        report: @Sendable (String) -> Void
    ) async throws -> RestoreFacts {
        let deadline = ContinuousClock.now + limit
        try await recovery.cluster.createRestore(
            named: name, of: backup, only: namespace, run: run)
        var last: RestoreFacts?
        while ContinuousClock.now < deadline {
            do {
                if let facts = try await recovery.cluster.restore(named: name) {
                    last = facts
                    if facts.isFinal { return facts }
                    report(
                        Self.progress(facts, try await recovery.cluster.volumes(ofRestore: name)))
                }
            } catch let problem as Problem where problem.kind == .unreachable {
                report("waiting for Kubernetes to answer (\(problem.summary))")
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw Problem(
            .stopped,
            "The restore \(name) did not end in time; its phase is \(last?.phase ?? "unknown").",
            fix: "kubectl -n velero describe restore \(name); more time: timeouts.backup in "
                + ".bump.yaml; then: bump resume")
    }

    /// Restores of this name that were made so far, oldest first.
    private func attempts(_ name: String) async throws -> [RestoreFacts] {
        var found: [RestoreFacts] = []
        while found.count < Self.mostAttempts,
            let facts = try await recovery.cluster.restore(
                named: Self.attempt(found.count + 1, of: name))
        { found.append(facts) }
        return found
    }

    private static func attempt(_ number: Int, of name: String) -> String {
        number == 1 ? name : "\(name)-\(number)"
    }

    private static let mostAttempts = 100

    private static func progress(_ facts: RestoreFacts, _ volumes: [VolumeCopy]) -> String {
        var words = facts.phase.isEmpty ? "New" : facts.phase
        if let done = facts.itemsDone, let total = facts.itemsTotal {
            words += ", \(done) of \(total) items"
        }
        if !volumes.isEmpty {
            words += ", \(volumes.filter(\.isComplete).count) of \(volumes.count) volumes"
        }
        return words
    }

    private static func verdict(_ facts: RestoreFacts) throws -> String {
        guard facts.phase == "Completed" else {
            throw Problem(
                .stopped, "The restore \(facts.name) ended as \(facts.phase).",
                details: [
                    facts.message, facts.errors > 0 ? count(facts.errors, "error") : nil,
                    facts.warnings > 0 ? count(facts.warnings, "warning") : nil,
                    "What could be restored is there. Until the run is finished the location stays",
                    "read-only, and Flux suspended.",
                ].compactMap(\.self),
                fix: "kubectl -n velero describe restore \(facts.name); bump resume restores once "
                    + "more what is still missing")
        }
        let warnings =
            facts.warnings > 0
            ? ", \(count(facts.warnings, "warning")): what was there already differs" : ""
        return (facts.itemsDone.map { count($0, "item") } ?? "completed") + warnings
    }

    /// Every object must have been taken up, and every volume whose files the backup holds must
    /// have been filled again. Files come back only into pods that a restore makes: what is missing
    /// is restored once more, for the case that somebody took out of the way what was there.
    func compare(
        _ restore: String, _ backup: String, limit: Duration, report: @Sendable (String) -> Void
    ) async throws -> String {
        var made = try await attempts(restore)
        let held = try await recovery.cluster.volumes(ofBackup: backup)
            .filter { !recovery.cluster.namespacesLeftOut.contains($0.namespace) }
        var back = try await filled(by: made)
        if !held.allSatisfy({ isThere($0, back) }) {
            report("not every volume came back: restoring once more")
            let again = Self.attempt(made.count + 1, of: restore)
            made.append(
                try await restoring(again, of: backup, only: nil, limit: limit, report: report))
            back = try await filled(by: made)
        }
        let missing = held.filter { !isThere($0, back) }
        guard missing.isEmpty else {
            throw Problem(
                .stopped,
                "\(missing.count) of \(Self.count(held.count, "volume")) did not come back.",
                details: missing.prefix(20).map(\.title) + [
                    "Files come back only into pods that the restore itself makes."
                ],
                fix: "delete the workloads that mount them and their claims, then: bump resume, "
                    + "which restores these once more")
        }
        let bytes = back.compactMap(\.bytesDone).reduce(0, +)
        let items = made.first?.itemsDone.map { Self.count($0, "object") + ", " } ?? ""
        return items + Self.count(held.count, "volume")
            + (held.isEmpty ? "" : ", \(ByteText.text(UInt64(clamping: bytes)))")
    }

    private func filled(by restores: [RestoreFacts]) async throws -> [VolumeCopy] {
        var found: [VolumeCopy] = []
        for restore in restores {
            found += try await recovery.cluster.volumes(ofRestore: restore.name)
        }
        return found.filter(\.isComplete)
    }

    private func isThere(_ volume: VolumeCopy, _ back: [VolumeCopy]) -> Bool {
        back.contains {
            $0.namespace == volume.namespace && $0.pod == volume.pod && $0.volume == volume.volume
        }
    }

    private static func count(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }
}
