import ArgumentParser
import HCL
import Model

struct TfvarsGetCommand: ParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print one value, or all of them.",
        discussion: """
            bump tfvars get terraform.tfvars talos_version
            bump tfvars get terraform.tfvars 'nodes["cp-1"].ip'
            bump tfvars get variables.tf talos_version

            A string is printed without its quotes, a list or an object as JSON. What has to be
            evaluated, such as "${1}", is printed as it is written.
            """)

    @Argument(
        help: ArgumentHelp(
            "A .tfvars or .tfvars.json file, or a .tf file with defaults; - for stdin.",
            valueName: "file"))
    var file: String

    @Argument(
        help: ArgumentHelp("talos_version, talos_image.version, list[0], …", valueName: "path"))
    var path: String?

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let world = shared.world
        let file = try TfvarsFile(file, in: world)
        guard let path else {
            let values = file.attributes.map { HCLMember(key: $0.name, value: $0.value.value) }
            world.output.data(
                shared.json
                    ? [HCLValue.object(values).json]
                    : values.map { "\($0.key) = \(Self.plain($0.value))" })
            return
        }
        let value = try file.value(at: path)
        world.output.data([shared.json ? value.json : Self.plain(value)])
    }

    /// A string without its quotes, an expression as its source; anything else as JSON.
    private static func plain(_ value: HCLValue) -> String {
        switch value {
        case .string(let text), .expression(let text): text
        case .number, .bool, .null, .list, .object: value.json
        }
    }
}
