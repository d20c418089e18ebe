import ArgumentParser
import HCL
import Model

struct TfvarsSetCommand: ParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change one value, and no other byte.",
        discussion: """
            bump tfvars set terraform.tfvars talos_version v1.9.4
            bump tfvars set terraform.tfvars extensions '["a", "b"]' --expression

            bump tfvars set terraform.tfvars 'extensions[1]' iscsi-tools --insert
            bump tfvars set terraform.tfvars 'extensions[0]' --remove

            A string stays a string, a number a number, a bool a bool. With - for the file it reads
            stdin and writes the result to stdout. A value that begins with a dash is typed behind
            the other arguments, after --.
            """)

    @Argument(
        help: ArgumentHelp(
            "A .tfvars or .tfvars.json file, or a .tf file with defaults; - for stdin.",
            valueName: "file"))
    var file: String

    @Argument(
        help: ArgumentHelp("talos_version, talos_image.version, list[0], …", valueName: "path"))
    var path: String

    @Argument(help: ArgumentHelp("The new value.", valueName: "value"))
    var value: String?

    @Flag(help: "The value is an expression, written as in the file.")
    var expression = false

    @Flag(help: "Add it: an element in front of that one, a new key, a new argument.")
    var insert = false

    @Flag(help: "Take that element out of its list, with the comments that belong to it.")
    var remove = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if remove, value != nil || insert || expression {
            throw ValidationError("--remove takes no value, and neither --insert nor --expression.")
        }
        if !remove, value == nil { throw ValidationError("Missing expected argument '<value>'.") }
        if file == "-", shared.json {
            throw ValidationError("With - stdout is the file itself, so there is no --json.")
        }
    }

    func run() throws {
        let world = shared.world
        let file = try TfvarsFile(file, in: world)
        let changed = try file.edited(path, edit)
        try file.write(changed)
        if shared.json {
            let answer = HCLMember(key: "changed", value: .bool(file.isChanged(changed)))
            world.output.data([HCLValue.object([answer]).json])
        }
    }

    private var edit: TfvarsEdit {
        guard let value else { return .remove }
        return switch (insert, expression) {
        case (false, false): .set(value)
        case (false, true): .setExpression(value)
        case (true, false): .insert(value)
        case (true, true): .insertExpression(value)
        }
    }
}
