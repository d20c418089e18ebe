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
        let report = InitReport(result: result, settingsName: name)
        if shared.json {
            world.output.data([try report.json()])
        } else {
            world.output.data(report.lines)
        }
        try result.proposal.check(file, name: name)
        guard report.isPending else { return }
        if plan { throw ExitStatus.pending }
        try await act(result, file: file, name: name, survey)
    }

    private func act(
        _ result: InitSurvey.Result, file: URL, name: String, _ survey: InitSurvey
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
        guard !written.isEmpty else { return }
        let paths = written.joined(separator: " ")
        output.talk("Written. To keep it: git add \(paths) && git commit -m 'set up bump'")
    }

    private func confirm(_ question: String, _ output: Output) -> Bool {
        if yes { return true }
        let answer = output.ask(question + " [y/N]")?.trimmingCharacters(in: .whitespaces)
        return ["y", "yes"].contains(answer?.lowercased() ?? "")
    }
}
