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
        let file = SavedPlan(folder: privateFolder, name: "destroy.tfplan")
        return try await carryOut(file, in: directory, within: limit, report: report) { left in
            do {
                _ = try await plan(
                    directory, ["plan", "-destroy"], into: file, within: left, report: report)
            } catch let problem as Problem where problem.kind == .refused {
                // What talks to the cluster itself cannot look at it when it is dead.
                report("\(problem.summary) Planning by the state alone.")
                _ = try await plan(
                    directory, ["plan", "-destroy", "-refresh=false"], into: file, within: left,
                    report: report)
            }
        }
    }

    package func build(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let file = SavedPlan(folder: privateFolder, name: "build.tfplan")
        return try await carryOut(file, in: directory, within: limit, report: report) { left in
            _ = try await plan(directory, ["plan"], into: file, within: left, report: report)
        }
    }

    /// The addresses of all that `destroy` would take, by the state alone: nothing is asked of what
    /// may be dead. Throws a `Problem` when Terraform refuses it, as for `prevent_destroy`.
    package func destruction(within limit: Duration) async throws -> [String] {
        let file = SavedPlan(folder: privateFolder, name: "forecast.tfplan")
        defer { file.remove() }
        do {
            let review = try await plan(
                directory, ["plan", "-destroy", "-refresh=false"], into: file, within: limit
            ) { _ in }
            return review.actions.filter { $0.value.contains("delete") }.keys.sorted()
        } catch var problem as Problem {
            if problem.details.contains(where: { $0.contains("prevent_destroy") }) {
                problem.fix = "take prevent_destroy out of there, commit that, then: bump rebuild"
            }
            problem.details.append("Nothing was changed.")
            throw problem
        }
    }

    /// Plans into the file and applies that, once more when the state has moved between the two.
    private func carryOut(
        _ file: SavedPlan, in directory: String, within limit: Duration,
        report: @escaping @Sendable (String) -> Void,
        planning: (_ left: Duration) async throws -> Void
    ) async throws -> String {
        defer { file.remove() }
        // What is made after it is everything, and was confirmed as that.
        ReviewedChanges.forget(in: privateFolder)
        let start = ContinuousClock.now
        func left() -> Duration { max(limit - (ContinuousClock.now - start), .seconds(10)) }
        try await planning(left())
        var outcome = try await applySaved(directory, from: file, within: left(), report: report)
        if isStale(outcome) {
            try await planning(left())
            outcome = try await applySaved(directory, from: file, within: left(), report: report)
        }
        guard outcome.status == 0 else {
            throw failure("apply", .stopped).problem(outcome, messages: outcome.messages)
        }
        let summary = outcome.messages.last { $0["type"]?.string == "change_summary" }
        return summary?["@message"]?.string ?? "done"
    }

    /// Whether there is no state, or it holds nothing: what it was for is gone, or it is another
    /// one.
    package func isStateEmpty(within limit: Duration = .seconds(60)) async throws -> Bool {
        let text = try await stateText(within: limit)
        guard let state = try? JSONDecoder().decode(JSONValue.self, from: text) else {
            return text.allSatisfy { $0 == 0x0A || $0 == 0x20 }
        }
        return state["resources"]?.array?.isEmpty ?? true
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
