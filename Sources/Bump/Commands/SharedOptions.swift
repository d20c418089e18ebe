import ArgumentParser
import Display
import Foundation
import Model

/// What every command that looks at a repository understands.
struct SharedOptions: ParsableArguments {
    @Option(
        name: .customShort("C"),
        help: ArgumentHelp("Work in this directory instead of the present one.", valueName: "dir"))
    var directory: String?

    @Option(help: ArgumentHelp("Settings to use instead of .bump.yaml.", valueName: "file"))
    var config: String?

    @Flag(help: "Write JSON to stdout, and nothing else.")
    var json = false

    @Flag(help: "Say more: where each finding came from.")
    var verbose = false

    @Flag(help: "No colours, also not on a terminal.")
    var noColor = false

    var world: World { .live(directory: directory, noColor: noColor) }
}

/// A command with shared options; `Main` asks it how to report a problem.
protocol SharedOptionsHolding {
    var shared: SharedOptions { get }
}
