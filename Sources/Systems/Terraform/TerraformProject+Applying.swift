import Foundation
package import Model

extension TerraformProject {
    package func review(
        directory: String, strict: Bool, schematic: SchematicPromise? = nil,
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let review = try await judged(
            directory, strict: strict, schematic: schematic, within: limit, report: report)
        try ReviewedChanges(directory: directory, actions: review.actions).keep(in: privateFolder)
        return review.summary
    }

    /// Plans, and judges the plan by itself.
    private func judged(
        _ directory: String, strict: Bool, schematic: SchematicPromise? = nil,
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> PlanReview {
        let review = try await plan(directory, ["plan"], within: limit, report: report)
        if let refusal = schematic.flatMap({ review.schematics.refusal($0, at: directory) }) {
            SavedPlan(folder: privateFolder).remove()
            throw refusal
        }
        if let refusal = review.refusal(directory: directory) {
            if strict {
                SavedPlan(folder: privateFolder).remove()
                throw refusal
            }
            ([refusal.summary] + refusal.details).forEach(report)
        }
        review.warnings.forEach(report)
        return review
    }

    package func apply(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let saved = SavedPlan(folder: privateFolder)
        let start = ContinuousClock.now
        func left() -> Duration { max(limit - (ContinuousClock.now - start), .seconds(1)) }
        // The plan may be gone, or be of files that have changed since.
        if saved.isCurrent(for: root + "/" + directory) {
            let review = try await judge(directory, saved, within: left())
            if let refusal = review.refusal(directory: directory) { throw refusal }
            try checkReviewed(review, directory)
        } else {
            try await planAnew(directory, within: left(), report: report)
        }
        var outcome = try await applySaved(directory, within: left(), report: report)
        if isStale(outcome) {
            report("the saved plan is stale, planning anew")
            try await planAnew(directory, within: left(), report: report)
            outcome = try await applySaved(directory, within: left(), report: report)
        }
        guard outcome.status == 0 else {
            throw failure("apply", .stopped).problem(outcome, messages: outcome.messages)
        }
        saved.remove()
        let summary = outcome.messages.last { $0["type"]?.string == "change_summary" }
        return summary?["@message"]?.string ?? "applied"
    }

    private func planAnew(
        _ directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws {
        let review = try await judged(directory, strict: true, within: limit, report: report)
        try checkReviewed(review, directory)
    }

    /// Nobody has seen or confirmed what goes beyond the review. Without one there is nothing to
    /// compare with.
    private func checkReviewed(_ review: PlanReview, _ directory: String) throws {
        guard let reviewed = ReviewedChanges.kept(in: privateFolder, for: directory) else { return }
        let beyond = ReviewedChanges(directory: directory, actions: review.actions)
            .beyond(reviewed)
        guard !beyond.isEmpty else { return }
        SavedPlan(folder: privateFolder).remove()
        throw Problem(
            .stopped,
            beyond.count == 1
                ? "Terraform would change a resource that the reviewed plan did not."
                : "Terraform would change \(beyond.count) resources that the reviewed plan did not.",
            at: directory, details: PlanReview.list(beyond) + ["Nothing of it was applied."],
            fix: "git diff -- \(directory); put it aside with git stash, or apply it yourself: "
                + "\(command("apply", in: directory)); then: bump resume")
    }

    func plan(
        _ directory: String, _ command: [String], into file: SavedPlan? = nil,
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> PlanReview {
        try checkState(directory, report)
        try checkArguments()
        let saved = file ?? SavedPlan(folder: privateFolder)
        saved.remove()
        let start = ContinuousClock.now
        let fingerprint = SavedPlan.fingerprint(of: root + "/" + directory)
        let arguments =
            command + [
                // Where TF_CLI_ARGS_plan asks for it, a plan with changes would count as failed.
                "-detailed-exitcode=false", "-input=false", "-json", lockArgument,
                "-out=" + saved.path,
            ]
        let outcome = try await invocation(
            arguments, in: directory, limit: limit, grace: .seconds(30)
        ).run { Self.tell($0, report) }
        guard outcome.status == 0 else {
            saved.remove()
            throw failure("plan", .refused).problem(outcome, messages: outcome.messages)
        }
        saved.keep(fingerprint)
        let left = max(limit - (ContinuousClock.now - start), .seconds(10))
        return try await judge(directory, saved, within: left)
    }

    /// Reads the saved plan. Its text holds every secret in clear and is gone right after.
    private func judge(
        _ directory: String, _ saved: SavedPlan, within limit: Duration
    ) async throws -> PlanReview {
        let shown = try await invocation(
            ["show", "-json", "-no-color", saved.path], in: directory, limit: limit
        ).run()
        guard shown.status == 0, let document = shown.messagesAsOne else {
            throw failure("show", .refused).problem(text: shown.errors)
        }
        return try PlanReview(document)
    }

    func applySaved(
        _ directory: String, from file: SavedPlan? = nil, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> Invocation.Outcome {
        try await invocation(
            [
                "apply", "-input=false", "-json", lockArgument,
                (file ?? SavedPlan(folder: privateFolder)).path,
            ],
            in: directory, limit: limit, grace: .seconds(60), isPrivate: false
        ).run { Self.tell($0, report) }
    }

    func isStale(_ outcome: Invocation.Outcome) -> Bool {
        outcome.status != 0
            && outcome.messages.contains {
                let summary = $0["diagnostic", "summary"]?.string ?? ""
                return summary.contains("Saved plan is stale")
                    || summary.contains("Failed to load \"")
            }
    }

    private var lockArgument: String { "-lock-timeout=\(lockTimeout.components.seconds)s" }

    /// A state that an earlier apply could not store has to be pushed before anything else, and
    /// one that it broke has to be put back.
    private func checkState(_ directory: String, _ report: (String) -> Void) throws {
        let state = try stateFile()
        if let damage = state?.damage { throw damage }
        if let run = state?.abandonedRun { report(run) }
        let file = (directory == "." ? "" : directory + "/") + "errored.tfstate"
        guard FileManager.default.fileExists(atPath: root + "/" + file) else { return }
        throw Problem(
            .refused, "An earlier apply could not store the Terraform state.", at: file,
            fix: "\(command("state push errored.tfstate", in: directory)) && rm \(file)")
    }

    /// A saved plan takes no variables, so those of `apply` would be missing in it.
    private func checkArguments() throws {
        let applied = ArgumentVariables.words(environment, command: "apply")
        let planned = ArgumentVariables.words(environment, command: "plan")
        let own = environment["TF_CLI_ARGS_apply"].map { ["TF_CLI_ARGS_apply": $0] } ?? [:]
        guard !ArgumentVariables.words(own, command: "apply").isEmpty, applied != planned else {
            return
        }
        throw Problem(
            .refused, "TF_CLI_ARGS_apply sets other variables than TF_CLI_ARGS_plan.",
            details: ["Terraform takes them with a plan only, and bump applies a saved plan."],
            fix: "export TF_CLI_ARGS_plan=\"$TF_CLI_ARGS_apply\"; unset TF_CLI_ARGS_apply")
    }

    /// Hands on the lines that speak of resources; what provisioners print may be secret.
    private static func tell(_ line: Data, _ report: (String) -> Void) {
        guard let message = try? JSONDecoder().decode(JSONValue.self, from: line),
            let type = message["type"]?.string, told.contains(type),
            let text = message["@message"]?.string
        else { return }
        report(text)
    }

    private static let told: Set = [
        "planned_change", "change_summary", "apply_start", "apply_progress", "apply_complete",
        "apply_errored", "state_lock_acquire",
    ]
}
