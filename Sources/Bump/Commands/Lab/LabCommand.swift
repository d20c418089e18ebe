import ArgumentParser
import Foundation
import Lab
import Model

struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "A cluster on this machine's loopback, to try, test and rehearse with.",
        discussion: """
            bump lab new /tmp/demo                     1 control plane, 2 workers
            bump lab new /tmp/demo --control-planes 3 --workers 4 --speed 10
            cd /tmp/demo && bump talos v1.9.4

            Terraform makes the machines; the Talos and Kubernetes APIs are served by this program.
            """,
        subcommands: [
            LabNewCommand.self, LabStartCommand.self, LabStopCommand.self, LabStatusCommand.self,
            LabEventsCommand.self, LabFaultCommand.self, LabCredentialsCommand.self,
            LabScenariosCommand.self,
            LabSimulateCommand.self, LabServeCommand.self, LabMachineCommand.self,
        ])
}

/// What all lab commands but `scenarios` and `simulate` take.
struct LabOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The lab's repository.", valueName: "dir"))
    var directory: String

    var lab: LabRepository { LabRepository(directory: directory, executable: Self.executable) }

    /// This program, by its own path.
    static var executable: String {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        if own.path != "/proc/self/exe" { return own.path }
        return Bundle.main.executablePath ?? CommandLine.arguments.first ?? "bump"
    }

    /// Talk about what is being done.
    static func report(_ line: String) {
        Output(environment: ProcessInfo.processInfo.environment, noColor: true).talk("  " + line)
    }
}
