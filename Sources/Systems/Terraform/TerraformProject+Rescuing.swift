package import Foundation
import Model

extension TerraformProject {
    /// Destroys everything that the configuration made, by a plan of its own that is saved first;
    /// what is gone already is fine. Outputs are gone afterwards: save what is needed of them
    /// before.
    /// - Returns: a word of what was destroyed.
    package func destroy(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        // Another file than that of applies, so that none of them can ever take it.
        let saved = SavedPlan(folder: privateFolder, name: "destroy.tfplan")
        defer { saved.remove() }
        // What is made after it is everything, and was confirmed as that.
        ReviewedChanges.forget(in: privateFolder)
        let start = ContinuousClock.now
        func left() -> Duration { max(limit - (ContinuousClock.now - start), .seconds(10)) }
        var outcome: Invocation.Outcome
        var attempts = 0
        repeat {
            attempts += 1
            do {
                _ = try await plan(
                    directory, ["plan", "-destroy"], into: saved, within: left(), report: report)
            } catch let problem as Problem where problem.kind == .refused {
                // What talks to the cluster itself cannot look at it when it is dead.
                report("\(problem.summary) Planning by the state alone.")
                _ = try await plan(
                    directory, ["plan", "-destroy", "-refresh=false"], into: saved,
                    within: left(), report: report)
            }
            outcome = try await applySaved(directory, from: saved, within: left(), report: report)
        } while isStale(outcome) && attempts < 2
        guard outcome.status == 0 else {
            throw failure("apply", .stopped).problem(outcome, messages: outcome.messages)
        }
        let summary = outcome.messages.last { $0["type"]?.string == "change_summary" }
        return summary?["@message"]?.string ?? "destroyed"
    }

    /// Whether the state holds nothing: what it was for is gone, or it is another one.
    package func isStateEmpty(within limit: Duration = .seconds(60)) async throws -> Bool {
        let listed = try await text(["state", "list"], "state list", limit)
        return listed.allSatisfy { $0 == 0x0A || $0 == 0x20 }
    }

    /// The state as text, secrets included: for a private file only. Throws a `Problem` when it
    /// cannot be read.
    package func stateText(within limit: Duration = .seconds(120)) async throws -> Data {
        try await text(["state", "pull"], "state pull", limit)
    }

    /// The outputs as JSON, secrets included: for a private file only.
    package func outputsText(within limit: Duration = .seconds(120)) async throws -> Data {
        try await text(["output", "-json"], "output", limit)
    }

    private func text(_ arguments: [String], _ name: String, _ limit: Duration) async throws -> Data
    {
        let outcome = try await invocation(
            arguments, limit: limit, grace: .seconds(10), isPrivate: true
        ).run()
        guard outcome.status == 0 else {
            throw failure(name, .refused).problem(text: outcome.errors)
        }
        return outcome.output
    }
}
