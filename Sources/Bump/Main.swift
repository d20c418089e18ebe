import ArgumentParser
import Display
import Foundation
import Model

/// Reads the command line, runs the command, and turns what went wrong into words and an exit
/// code.
@main
enum Main {
    /// On the main thread: a command that only computes stays there, and while there is no other
    /// thread the allocator needs no locks.
    @MainActor static func main() async {
        // A reader of our output that goes away is no reason to leave a run half-way.
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow further is an error to be told, not an end without a word.
        signal(SIGXFSZ, SIG_IGN)
        Interruption.endCommand()
        // Scripts and prompts ask it often: the parser takes longer to get ready than to answer.
        if CommandLine.arguments.dropFirst().elementsEqual(["--version"]) {
            return print(BumpCommand.version)
        }
        let command: any ParsableCommand
        do {
            command = try BumpCommand.parseAsRoot()
        } catch {
            BumpCommand.exit(withError: error)
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                var plain = command
                try plain.run()
            }
        } catch let status as ExitCode {
            exit(status.rawValue)
        } catch let problem as Problem {
            report(problem, command)
        } catch {
            // What the parser throws while a command runs: help, version, usage.
            let code = BumpCommand.exitCode(for: error)
            if code.isSuccess || code == .validationFailure { BumpCommand.exit(withError: error) }
            report(Problem(error), command)
        }
    }

    private static func report(_ problem: Problem, _ command: any ParsableCommand) -> Never {
        let shared = (command as? any SharedOptionsHolding)?.shared
        let output = Output(
            environment: ProcessInfo.processInfo.environment, noColor: shared?.noColor ?? false)
        if shared?.json == true { output.data([ProblemJSON.line(problem)]) }
        output.talk(ProblemText.lines(problem, output.style))
        exit(problem.kind.exitCode)
    }
}

/// The root command.
struct BumpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bump",
        abstract: "Upgrade Talos Linux clusters that Terraform built, node by node.",
        discussion: """
            Run it from the root of the git repository that holds the Terraform.

              bump status                  what is declared, applied and running
              bump check                   what would stop an upgrade
              bump talos v1.9.4 --plan     what an upgrade would do; touches nothing
              bump talos v1.9.4            do it: backup, workers, control planes, each proven

            A run that stopped is finished with `bump resume` or backed out of with `bump abort`.
            """,
        version: Self.version,
        subcommands: [
            StatusCommand.self, CheckCommand.self, DoctorCommand.self, OutdatedCommand.self,
            TalosCommand.self, KubernetesCommand.self, ExtensionsCommand.self, ApplyCommand.self,
            ResumeCommand.self, AbortCommand.self, RollbackCommand.self, BackupCommand.self,
            RebuildCommand.self, HistoryCommand.self, InitCommand.self, TfvarsCommand.self,
            LabCommand.self, BenchCommand.self,
        ])

    static let version = "0.1.0"
}
