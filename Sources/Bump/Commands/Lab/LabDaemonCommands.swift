import ArgumentParser
import Foundation
import Lab

struct LabStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Wake a lab where it stopped.")

    @OptionGroup var options: LabOptions

    func run() async throws {
        try await options.lab.start(report: LabOptions.report)
    }
}

struct LabStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Put a lab to sleep; bump lab start wakes it.")

    @OptionGroup var options: LabOptions

    func run() async throws {
        try await options.lab.stop()
    }
}

/// The daemon itself: started by `new` and `start`.
struct LabServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve a lab in the foreground.", shouldDisplay: false)

    @OptionGroup var options: LabOptions

    func run() async throws {
        try await options.lab.serve()
    }
}

/// What Terraform's provisioners call.
struct LabMachineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machine", abstract: "Make or end a machine, for Terraform.",
        shouldDisplay: false)

    @OptionGroup var options: LabOptions

    @Argument(help: "create, destroy, create-cluster or destroy-cluster.")
    var verb: String

    func run() async throws {
        try await options.lab.machine(
            verb: verb, environment: ProcessInfo.processInfo.environment)
    }
}
