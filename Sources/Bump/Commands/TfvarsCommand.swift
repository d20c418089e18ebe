import ArgumentParser

struct TfvarsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tfvars",
        abstract: "Read or change one value of a tfvars file, leaving every other byte alone.",
        subcommands: [TfvarsGetCommand.self, TfvarsSetCommand.self])
}
