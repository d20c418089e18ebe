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

    @Option(help: ArgumentHelp("Control planes.", valueName: "n"))
    var controlPlanes = 1

    @Option(help: ArgumentHelp("Workers.", valueName: "n"))
    var workers = 2

    @Option(help: ArgumentHelp("The Talos that the machines boot first.", valueName: "version"))
    var talos = "v1.9.2"

    @Option(help: ArgumentHelp("The Kubernetes they run.", valueName: "version"))
    var kubernetes = "1.32.0"

    @Option(help: ArgumentHelp("System extensions, with commas between.", valueName: "names"))
    var extensions = "qemu-guest-agent"

    @Option(help: ArgumentHelp("A named scenario; see bump lab scenarios.", valueName: "name"))
    var scenario: String?

    @Option(help: ArgumentHelp("Everything random comes from it.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How many times faster than real machines.", valueName: "x"))
    var speed = 1.0

    func run() async throws {
        let named = try scenario.map(Self.scenario)
        let request = LabRequest(
            controlPlanes: named?.controlPlanes ?? controlPlanes,
            workers: named?.workers ?? workers, talos: try named?.talos ?? version(talos),
            kubernetes: try named?.kubernetes ?? version(kubernetes),
            extensions: named?.extensions
                ?? extensions.split(separator: ",").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }, scenario: scenario, seed: seed, speed: speed)
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
