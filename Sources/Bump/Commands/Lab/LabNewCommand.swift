import ArgumentParser
import Foundation
import Git
import Lab
import Model
import Simulation

struct LabNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make an infrastructure repository, apply it, and return when it is healthy.")

    @OptionGroup var options: LabOptions

    @Option(help: ArgumentHelp("Control planes (default: 1).", valueName: "n"))
    var controlPlanes: Int?

    @Option(help: ArgumentHelp("Workers (default: 2).", valueName: "n"))
    var workers: Int?

    @Option(
        help: ArgumentHelp(
            "The Talos that the machines boot first (default: v1.9.2).", valueName: "version"))
    var talos: String?

    @Option(help: ArgumentHelp("The Kubernetes they run (default: 1.32.0).", valueName: "version"))
    var kubernetes: String?

    @Option(
        help: ArgumentHelp(
            "System extensions, with commas between (default: qemu-guest-agent).",
            valueName: "names"))
    var extensions: String?

    @Option(
        help: ArgumentHelp(
            "A named scenario, see bump lab scenarios; the options above go before what it says.",
            valueName: "name"))
    var scenario: String?

    @Option(help: ArgumentHelp("Everything random comes from it.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How many times faster than real machines.", valueName: "x"))
    var speed = 1.0

    func run() async throws {
        let named = try scenario.map(Self.scenario)
        let request = LabRequest(
            controlPlanes: controlPlanes ?? named?.controlPlanes ?? 1,
            workers: workers ?? named?.workers ?? 2,
            talos: try talos.map(version) ?? named?.talos ?? Version(1, 9, 2),
            kubernetes: try kubernetes.map(version) ?? named?.kubernetes ?? Version(1, 32, 0),
            extensions: extensions.map(names) ?? named?.extensions ?? ["qemu-guest-agent"],
            scenario: scenario, seed: seed, speed: speed)
        let environment = ProcessInfo.processInfo.environment
        try await options.lab.create(
            request,
            commit: { directory, message in
                let repository = try GitRepository.initialise(
                    at: directory, environment: environment)
                _ = try await repository.commitAll(message: message)
            }, report: LabOptions.report)
        let output = Output(environment: environment, noColor: true)
        output.talk("Next: cd \(options.directory) && bump status")
    }

    private func names(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func version(_ text: String) throws -> Version {
        guard let version = Version(text) else {
            throw Problem(
                .usage, "\(text) is not a version.", fix: "write it like v1.9.2 or 1.32.0")
        }
        return version
    }

    private static func scenario(_ name: String) throws -> Scenario {
        guard let scenario = Scenario.named(name) else {
            throw Problem(
                .usage, "There is no scenario \(name).", fix: "bump lab scenarios")
        }
        return scenario
    }
}
