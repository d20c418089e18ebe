import Foundation
import HCL
package import Model

/// The Terraform configuration of a cluster: its files, and the program that applies it.
package struct TerraformProject: InfrastructureReading, InfrastructureChanging {
    /// Absolute path of the repository's root.
    package let root: String
    /// The Terraform directory relative to the root, `.` for the root itself.
    package let directory: String
    let variables: VariableNames
    let environment: [String: String]
    let privateFolder: String
    let toolFolders: [String]
    let lockTimeout: Duration

    /// Finds the Terraform directory. The program itself is looked for when it is first needed.
    ///
    /// - Parameters:
    ///   - root: Absolute path of the repository's root.
    ///   - directory: `terraform.directory` of `.bump.yaml`; nil to look for it.
    ///   - environment: The process's: `TF_*`, `PATH`, `BUMP_TERRAFORM` and what providers need.
    ///   - privateFolder: Where plans and outputs may be kept for a while, such as the run's
    ///     folder. Made with mode 0700 when it is missing; ignored by git.
    ///   - toolFolders: More folders to look for the program in, after `PATH`.
    ///   - lockTimeout: How long to wait for somebody else's lock of the state.
    /// - Throws: a `Problem` of kind `refused` when no directory or several are found.
    package init(
        root: String, directory: String? = nil, variables: VariableNames = VariableNames(),
        environment: [String: String], privateFolder: String, toolFolders: [String] = [],
        lockTimeout: Duration = .seconds(30)
    ) throws {
        self.root = root
        self.directory = try TerraformDirectory.find(
            in: root, setting: directory, variables: variables)
        self.variables = variables
        self.environment = environment
        self.privateFolder = privateFolder
        self.toolFolders = toolFolders
        self.lockTimeout = lockTimeout
    }

    // MARK: Reading

    package func declaration() async throws -> Declaration {
        var declaration = try reader().declaration()
        guard try !sources().isDeclared(VariableNames.path(variables.extensions).name) else {
            return declaration
        }
        switch try SchematicFinder(
            root: root, directory: directory, sources: try sources(), names: variables
        ).find() {
        case .id(let id, let place, let notes):
            declaration.extensions = .unknown("\(place) names the schematic \(id.short)")
            declaration.extensionsPlace = place
            declaration.extensionsForm = .schematicID
            declaration.schematic = id
            declaration.extensionsNotes = notes
        case .file(let text, let place, let notes):
            declaration.extensions = .known(text.extensions)
            declaration.extensionsPlace = place
            declaration.extensionsForm = .schematicFile
            declaration.extensionsNotes = notes
        case .nothing(let reason):
            if let reason { declaration.extensions = .unknown(reason) }
        }
        return declaration
    }

    package func applied() async throws -> Applied {
        try await outputs().applied
    }

    /// What is applied, and the credentials in the outputs, by one run of the program.
    /// - Throws: `.refused` when nothing is applied.
    package func outputs() async throws -> AppliedOutputs {
        let reader = try await outputReader()
        return AppliedOutputs(
            applied: reader.applied(), talosconfig: reader.talosconfig(),
            kubeconfig: reader.kubeconfig())
    }

    /// Where the state is kept, and which workspace is chosen.
    package func stateLocation() throws -> StateLocation {
        StateLocation(
            try sources(), path: root + "/" + directory, environment: environment)
    }

    /// What the program says its version is, such as `terraform 1.11.4`.
    package func programVersion() async throws -> String {
        let outcome = try await invocation(["version", "-json"], limit: .seconds(30)).run()
        let version = outcome.messagesAsOne?["terraform_version"]?.string
        return "\(try program().name) \(version ?? "of unknown version")"
    }

    // MARK: Editing

    package func edit(_ edit: ValueEdit) async throws {
        try checkTakesEffect(edit.place)
        try FileEditing(root: root, keepsakes: privateFolder).replace(
            edit.place, old: edit.old, with: edit.new)
    }

    package func undo(_ edit: ValueEdit) async throws {
        try FileEditing(root: root, keepsakes: privateFolder).replace(
            edit.place, old: edit.new, with: edit.old)
    }

    package func text(_ bytes: [UInt8], after edit: ValueEdit) throws -> [UInt8] {
        try FileEditing(root: root, keepsakes: privateFolder).replaced(
            in: bytes, edit.place, old: edit.old, with: edit.new) ?? bytes
    }

    /// An edit of a value that another place overrides would change nothing.
    func checkTakesEffect(_ place: Place) throws {
        let names = [variables.talos, variables.kubernetes, variables.extensions]
            .map { (try? VariableNames.path($0))?.description ?? $0 }
        guard names.contains(place.path) else { return }
        let settings = try sources().settings(of: VariableNames.path(place.path))
        guard let winner = settings.last else { return }
        if case .file(let winning) = winner.origin, winning.file == place.file { return }
        throw Problem(
            .refused, "An edit of \(place.path) would not take effect: \(winner.place) wins.",
            at: place.description, fix: fix(for: winner.origin, place))
    }

    private func fix(for origin: VariableSources.Origin, _ place: Place) -> String {
        switch origin {
        case .outside(let name) where name.hasSuffix("in TF_CLI_ARGS"):
            "unset TF_CLI_ARGS TF_CLI_ARGS_plan"
        case .outside: "unset TF_VAR_\(place.path.prefix { $0 != "." && $0 != "[" })"
        case .file(let other): "Take it out of \(other.file): it is set there too."
        }
    }

    func reader() throws -> DeclarationReader {
        let names = try? FileManager.default.contentsOfDirectory(atPath: root + "/" + directory)
        let sealed = (names ?? []).filter { $0.contains(".sops.") }.sorted()
        return DeclarationReader(
            directory: directory, sources: try sources(), names: variables,
            sealedFiles: sealed.map { directory == "." ? $0 : directory + "/" + $0 })
    }

    func sources() throws -> VariableSources {
        try VariableSources(root: root, directory: directory, environment: environment)
    }

    func stateFile() throws -> StateFile? {
        StateFile(try stateLocation(), directory: directory, root: root)
    }

    // MARK: The program

    private func outputReader() async throws -> OutputReader {
        let arguments = ["output", "-json", "-no-color"]
        let outcome = try await invocation(arguments, limit: .seconds(120)).run()
        guard outcome.status == 0, let document = outcome.messagesAsOne else {
            throw try await mistake() ?? failure("output", .refused).problem(text: outcome.errors)
        }
        let reader = OutputReader(document)
        guard !reader.isEmpty else {
            if let damage = try stateFile()?.damage { throw damage }
            let state = try stateLocation()
            let isUsual = state.workspaceSource == nil
            throw Problem(
                .refused,
                "Nothing is applied\(isUsual ? "" : " in the workspace \(state.workspace)"): "
                    + "Terraform has no outputs.", at: directory,
                details: state.workspaceSource.map { ["The workspace is chosen by \($0)."] } ?? [],
                fix: command(isUsual ? "apply" : "workspace list"))
        }
        return reader
    }

    /// A mistake in the configuration, with its place, which `output` tells without a column.
    private func mistake() async throws -> Problem? {
        let arguments = ["validate", "-json", "-no-color"]
        let outcome = try await invocation(arguments, limit: .seconds(120)).run()
        let found = outcome.messagesAsOne?["diagnostics"]?.array ?? []
        guard found.contains(where: { $0["range", "filename"] != nil }) else { return nil }
        return failure("output", .refused).problem(outcome, messages: found)
    }

    func program() throws -> TerraformProgram {
        try TerraformProgram.find(
            directory: root + "/" + directory, environment: environment, alsoIn: toolFolders)
    }

    func invocation(
        _ arguments: [String], in directory: String? = nil, limit: Duration,
        grace: Duration = .seconds(5), isPrivate: Bool = true
    ) throws -> Invocation {
        Invocation(
            program: try program(), directory: root + "/" + (directory ?? self.directory),
            arguments: arguments, environment: environment, folder: privateFolder, limit: limit,
            grace: grace, isPrivate: isPrivate)
    }

    func failure(_ doing: String, _ kind: Problem.Kind) -> TerraformFailure {
        TerraformFailure(
            program: (try? program().name) ?? "terraform", directory: directory, doing: doing,
            kind: kind, holder: try? stateFile()?.holder,
            full: [privateFolder, root + "/.bump", root + "/" + directory]
                .first(where: TerraformFailure.isFull))
    }

    func command(_ name: String, in other: String? = nil) -> String {
        let directory = other ?? directory
        let program = (try? program().name) ?? "terraform"
        return directory == "." ? "\(program) \(name)" : "\(program) -chdir=\(directory) \(name)"
    }
}

extension Invocation.Outcome {
    /// The output as one document.
    var messagesAsOne: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: output) }
}
