import ArgumentParser
import Foundation
import HCL
import Model

struct TfvarsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tfvars",
        abstract: "Read or change one value of a tfvars file, leaving every other byte alone.",
        subcommands: [TfvarsGetCommand.self, TfvarsSetCommand.self])
}
