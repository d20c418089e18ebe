import ArgumentParser
import Foundation
import Lab
import Model
import Simulation

struct LabFaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault", abstract: "Make something go wrong.",
        discussion: "For example: bump lab fault /tmp/demo boots-old --node demo-w-1")

    @OptionGroup var options: LabOptions

    @Argument(help: "The fault; an unknown name lists them all.")
    var name: String

    @Option(help: ArgumentHelp("Where it strikes.", valueName: "node"))
    var node: String?

    func run() async throws {
        try await options.lab.fault(name, node: node)
    }
}

struct LabCredentialsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials",
        abstract: "Write talosconfig and kubeconfig anew, as they are when little time is left.",
        discussion: "For example: bump lab credentials /tmp/demo --valid 12h")

    @OptionGroup var options: LabOptions

    @Option(help: ArgumentHelp("How long their certificates are good.", valueName: "duration"))
    var valid: String

    func run() async throws {
        guard let duration = DurationText.parse(valid) else {
            throw Problem(
                .usage, "\(valid) is no duration.",
                fix: "bump lab credentials \(options.directory) --valid 12h")
        }
        try await options.lab.writeCredentials(validFor: duration)
    }
}

struct LabScenariosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios", abstract: "The named scenarios that bump lab new takes.")

    func run() async throws {
        let output = Output(environment: ProcessInfo.processInfo.environment, noColor: true)
        let width = LabRepository.scenarios.map(\.name.count).max() ?? 0
        output.data(
            LabRepository.scenarios.map {
                $0.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.explanation
            })
    }
}
