import ArgumentParser
import Foundation
import HCL
import Model

struct TfvarsGetCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print one value, or all of them.",
        discussion: """
            bump tfvars get terraform.tfvars talos_version
            bump tfvars get terraform.tfvars 'nodes["cp-1"].ip'
            """)

    @Argument(help: ArgumentHelp("A .tfvars or .tfvars.json file; - for stdin.", valueName: "file"))
    var file: String

    @Argument(
        help: ArgumentHelp("talos_version, talos_image.version, list[0], …", valueName: "path"))
    var path: String?

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let document = try TfvarsFile(file, in: world).parse()
        guard let path else {
            let members = document.attributes.map { HCLMember(key: $0.name, value: $0.value.value) }
            if shared.json {
                world.output.data([try TfvarsJSON.text(.object(members))])
            } else {
                world.output.data(members.map { "\($0.key) = \(TfvarsJSON.plain($0.value))" })
            }
            return
        }
        let found = try TfvarsFile.translating(file) { () throws(HCLError) in
            try document.requiredValue(at: HCLPath(path))
        }
        world.output.data([
            shared.json ? try TfvarsJSON.text(found.value) : TfvarsJSON.plain(found.value)
        ])
    }
}
