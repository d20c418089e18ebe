import ArgumentParser
import Foundation
import HCL
import Model

struct TfvarsSetCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change one value, and no other byte.",
        discussion: """
            bump tfvars set terraform.tfvars talos_version v1.9.4
            bump tfvars set terraform.tfvars extensions '["a", "b"]' --expression

            A string stays a string, a number a number, a bool a bool. With - for the file it reads
            stdin and writes the result to stdout.
            """)

    @Argument(help: ArgumentHelp("A .tfvars or .tfvars.json file; - for stdin.", valueName: "file"))
    var file: String

    @Argument(
        help: ArgumentHelp("talos_version, talos_image.version, list[0], …", valueName: "path"))
    var path: String

    @Argument(help: ArgumentHelp("The new value.", valueName: "value"))
    var value: String

    @Flag(help: "The value is an expression, written as in the file.")
    var expression = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let place = TfvarsFile(file, in: world)
        let document = try place.parse()
        let changed = try TfvarsFile.translating(file) { () throws(HCLError) in
            let path = try HCLPath(path)
            return expression
                ? try document.setting(path, toExpression: value)
                : try document.setting(path, to: value)
        }
        try place.write(changed.bytes, instead: document.bytes)
        if shared.json {
            let state: HCLValue = .bool(changed.bytes != document.bytes)
            world.output.data([
                try TfvarsJSON.text(.object([HCLMember(key: "changed", value: state)]))
            ])
        }
    }
}
