import Foundation
package import Model

extension TerraformProject {
    package func review(
        directory: String, strict: Bool, schematic: SchematicPromise? = nil,
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
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
        return review.summary
    }

    package func apply(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let saved = SavedPlan(folder: privateFolder)
        let start = ContinuousClock.now
        func left() -> Duration { max(limit - (ContinuousClock.now - start), .seconds(1)) }
        // The plan may be gone, or be of files that have changed since.
        if !saved.isCurrent(for: root + "/" + directory) {
            _ = try await review(
                directory: directory, strict: true, within: left(), report: report)
        } else if let refusal = try await judge(directory, saved, within: left()).refusal(
            directory: directory)
        {
            throw refusal
        }
        var outcome = try await applySaved(directory, within: left(), report: report)
        if isStale(outcome) {
            report("the saved plan is stale, planning anew")
            _ = try await review(
                directory: directory, strict: true, within: left(), report: report)
            outcome = try await applySaved(directory, within: left(), report: report)
        }
        guard outcome.status == 0 else {
            throw failure("apply", .stopped).problem(outcome, messages: outcome.messages)
        }
        saved.remove()
        let summary = outcome.messages.last { $0["type"]?.string == "change_summary" }
        return summary?["@message"]?.string ?? "applied"
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
                "-input=false", "-json", lockArgument, "-out=" + saved.path,
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
        return PlanReview(document)
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

/// The plan that was reviewed, in a file that only its owner can read, with a fingerprint of the
/// files it was made from.
struct SavedPlan {
    let path: String
    private let mark: String

    init(folder: String, name: String = "terraform.tfplan") {
        path = folder + "/" + name
        mark = path + ".inputs"
    }

    func isCurrent(for directory: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
            && (try? String(contentsOfFile: mark, encoding: .utf8))
                == Self.fingerprint(of: directory)
    }

    func keep(_ fingerprint: String) {
        try? FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: path)
        try? Data(fingerprint.utf8).write(to: URL(fileURLWithPath: mark))
    }

    func remove() {
        for file in [path, mark] { try? FileManager.default.removeItem(atPath: file) }
    }

    /// Of names and bytes of all configuration and variable files (FNV-1a, 64 bits).
    static func fingerprint(of directory: String) -> String {
        let names =
            TerraformDirectory.configurationFiles(in: directory)
            + VariableSources.variableFiles(in: directory)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in names {
            let bytes = FileManager.default.contents(atPath: directory + "/" + name) ?? Data()
            for byte in Array(name.utf8) + [0] + Array(bytes) + [0] {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
        }
        return String(hash, radix: 16)
    }
}
