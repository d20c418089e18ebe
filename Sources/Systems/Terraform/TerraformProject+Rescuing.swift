package import Foundation
import Model

extension TerraformProject {
    /// Destroys everything that the configuration made; what is gone already is fine.
    package func destroy(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        try await destroy(within: limit, report: report)
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
