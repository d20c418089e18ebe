import Execution
import Foundation
import Git
import Model
import Terraform

/// Looks at a repository: what is there, where, and how sure that is. No node is asked.
struct InitSurvey: Sendable {
    let world: World
    let repository: GitRepository
    let settings: Settings
    /// `.bump.yaml`, or what `--config` names.
    let settingsName: String

    var root: URL { URL(filePath: repository.root) }

    struct Result: Sendable {
        var findings: [Finding] = []
        var proposal = SettingsProposal()
        var move: VersionsMove?
        var ignoreRule: IgnoreRule?
        /// What would declare the version of Kubernetes, where nothing does.
        var kubernetes: KubernetesVariable?
    }

    func look() async throws -> Result {
        var result = Result()
        let survey = try configuration(&result)
        result.proposal.variables = proposedVariables(survey)
        let variables = settings.variables.merging(result.proposal.variables) { $1 }
        let names = VariableNames(settings: variables)
        if settings.terraformDirectory == nil, !survey.talos.isEmpty,
            (try? TerraformDirectory.find(in: root.path, variables: names)) != survey.directory
        {
            result.proposal.directory = survey.directory
        }
        try RunFolder.prepareHome(in: root)
        let project = try TerraformProject(
            root: root.path, directory: survey.directory, variables: names,
            environment: world.environment,
            privateFolder: root.appending(path: ".bump/terraform").path,
            toolFolders: [root.appending(path: ".build/tools").path])
        try await describe(project, survey, variables, &result)
        return result
    }

    /// The Terraform directory, by convention or by what is in the only one that fits.
    private func configuration(_ result: inout Result) throws -> ConfigurationSurvey {
        var problems: [Problem] = []
        let found = ConfigurationSurvey.all(in: root.path, environment: world.environment) {
            problems.append($0)
        }
        let survey: ConfigurationSurvey
        var finding = Finding(name: "Terraform", sureness: .certain)
        do {
            let directory = try TerraformDirectory.find(
                in: root.path, setting: settings.terraformDirectory,
                variables: VariableNames(settings: settings.variables))
            survey = try ConfigurationSurvey(
                root: root.path, directory: directory, environment: world.environment)
            finding.source =
                settings.terraformDirectory == nil
                ? "the only folder that declares the versions" : settingsName
        } catch {
            guard found.count == 1, let only = found.first else {
                throw problems.first ?? (found.isEmpty ? Problem(error) : several(found))
            }
            survey = only
            finding.sureness = .likely
            finding.source = "the only folder with something like versions"
        }
        finding.value = survey.directory
        finding.notes += found.filter { $0.directory != survey.directory }
            .map { "\($0.directory) holds versions too" }
        finding.notes += problems.map { "\($0.location ?? "?"): \($0.summary)" }
        result.findings.append(finding)
        return survey
    }

    private func several(_ found: [ConfigurationSurvey]) -> Problem {
        let lines = found.map { survey in
            let talos = survey.talos.first.map { "\($0.path) = \($0.text), \($0.place)" }
            return "  \(survey.directory): \(talos ?? survey.literals.first ?? "")"
        }
        let first = found.first?.directory ?? "."
        return Problem(
            .refused, "Several Terraform directories hold versions of Talos.", at: root.path,
            details: lines,
            fix: "echo 'terraform: {directory: \(first)}' >> \(settingsName)")
    }

    /// Paths for what the usual names, or those of the settings, do not lead to.
    private func proposedVariables(_ survey: ConfigurationSurvey) -> [String: String] {
        let kinds = [
            ("talos", "talos_version", survey.talos),
            ("kubernetes", "kubernetes_version", survey.kubernetes),
            ("extensions", "talos_extensions", survey.extensions),
        ]
        var found: [String: String] = [:]
        for (kind, usual, candidates) in kinds {
            let name = settings.variables[kind] ?? usual
            guard !candidates.contains(where: { $0.path == name }), settings.variables[kind] == nil,
                let best = ConfigurationSurvey.best(candidates), best.path != usual
            else { continue }
            found[kind] = best.path
        }
        return found
    }
}
