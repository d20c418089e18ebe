import ArgumentParser
import Foundation
import Git
import Model
import Terraform

struct InitCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Look at a repository, and write .bump.yaml where convention does not suffice.",
        discussion: """
            Says what was found, where, and how sure that is. Needs no cluster. Where git ignores
            the file with the versions, offers to move them into one that it tracks.
            """)

    @Flag(help: "Show what would be written and stop; exit 2 when there is something to do.")
    var plan = false

    @Option(
        help: ArgumentHelp(
            "Declare the Kubernetes that runs, where no variable does.", valueName: "version"))
    var kubernetes: String?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let repository = try GitRepository(
            around: world.directory.path, environment: world.environment)
        let name = shared.config ?? ".bump.yaml"
        let file =
            shared.config.map(world.url) ?? URL(filePath: repository.root).appending(path: name)
        let survey = InitSurvey(
            world: world, repository: repository, settings: try Settings.read(file, name: name),
            settingsName: name)
        let result = try await survey.look()
        let version = try pinned(result)
        let report = InitReport(result: result, settingsName: name, kubernetes: version)
        if shared.json {
            world.output.data([try report.json()])
        } else {
            world.output.data(report.lines)
        }
        try result.proposal.check(file, name: name)
        let asks = result.kubernetes != nil && world.output.canAsk && !yes && !plan && !shared.json
        guard report.isPending || asks else { return }
        if plan { throw ExitStatus.pending }
        try await act(result, file: file, name: name, kubernetes: version, survey)
    }

    /// The version to declare, when one was given.
    private func pinned(_ result: InitSurvey.Result) throws -> Version? {
        guard let kubernetes else { return nil }
        guard let version = Version(kubernetes) else {
            throw ValidationError("\(kubernetes) is not a version such as 1.32.0.")
        }
        guard result.kubernetes != nil else {
            throw Problem(
                .refused, "No variable for Kubernetes has to be added, or none can be.",
                details: [
                    "One is declared, a version is written where it is used, or no",
                    "talos_machine_configuration is in the Terraform directory itself.",
                ], fix: "bump init")
        }
        return version
    }

    private func act(
        _ result: InitSurvey.Result, file: URL, name: String, kubernetes: Version?,
        _ survey: InitSurvey
    ) async throws {
        let output = survey.world.output
        guard yes || output.canAsk else {
            throw Problem(
                .refused, "Nobody is here to confirm; nothing was changed.", fix: "bump init --yes")
        }
        var written: [String] = []
        if !result.proposal.isEmpty, confirm("Write \(name)?", output) {
            try result.proposal.write(file, name: name)
            written.append(name)
        }
        if let move = result.move, confirm("Move the versions to \(move.target)?", output) {
            try result.ignoreRule?.addException(in: survey.root)
            try move.perform()
            written += [result.ignoreRule?.file, move.target].compactMap(\.self)
            let obstacles = try await survey.repository.facts(committing: [move.target]).obstacles
            if let hidden = obstacles.first(where: { $0.summary.contains("ignored by git") }) {
                throw hidden
            }
        }
        if let offer = result.kubernetes,
            let version = kubernetes ?? askedVersion(output, offer)
        {
            written += try offer.perform(version)
        }
        guard !written.isEmpty else { return }
        let paths = written.joined(separator: " ")
        output.talk("Written. To keep it: git add \(paths) && git commit -m 'set up bump'")
    }

    /// Asks for the version that runs; nil for leaving it as it is.
    private func askedVersion(_ output: Output, _ offer: KubernetesVariable) -> Version? {
        guard !yes, output.canAsk else { return nil }
        let answer = output.ask("Kubernetes that runs now, to declare it (empty: leave it)?")
        let text = answer?.trimmingCharacters(in: .whitespaces) ?? ""
        guard !text.isEmpty else { return nil }
        guard let version = Version(text) else {
            output.talk("\(text) is not a version such as 1.32.0: left as it is.")
            return nil
        }
        return version
    }

    private func confirm(_ question: String, _ output: Output) -> Bool {
        if yes { return true }
        let answer = output.ask(question + " [y/N]")?.trimmingCharacters(in: .whitespaces)
        return ["y", "yes"].contains(answer?.lowercased() ?? "")
    }
}
