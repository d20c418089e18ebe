import Execution
import Foundation
import Git
import Inspection
import Kubernetes
import Model
import Talos
import Terraform

/// The live world of one repository: its adapters, wired once.
struct Workspace: Sendable {
    let world: World
    let settings: Settings
    let repository: GitRepository
    let project: TerraformProject
    let store: RunStore

    var root: URL { store.repository }

    /// Opens the repository around the working directory and finds its Terraform directory.
    /// Throws a `Problem` that says what is missing.
    static func open(_ world: World, configuration: String?, verifiesHooks: Bool = true) throws
        -> Workspace
    {
        let repository = try GitRepository(
            around: world.directory.path, environment: world.environment,
            verifiesHooks: verifiesHooks)
        let root = URL(filePath: repository.root)
        let file = configuration.map { world.url($0) }
        if let configuration, let file, !FileManager.default.fileExists(atPath: file.path) {
            throw Problem(.usage, "There is no settings file \(configuration).")
        }
        let settings = try Settings.read(
            file ?? root.appending(path: ".bump.yaml"), name: configuration ?? ".bump.yaml")
        try RunFolder.prepareHome(in: root)
        let project = try TerraformProject(
            root: root.path, directory: settings.terraformDirectory,
            variables: VariableNames(settings: settings.variables),
            environment: world.environment,
            privateFolder: root.appending(path: ".bump/terraform").path,
            toolFolders: [root.appending(path: ".build/tools").path])
        return Workspace(
            world: world, settings: settings, repository: repository, project: project,
            store: RunStore(repository: root))
    }

    /// What one connection to the cluster consists of.
    struct Connection: Sendable {
        let declaration: Declaration
        let applied: Applied
        let machines: MachineReader
        let changer: MachineChanger
        let cluster: ClusterClient
        let endpoint: String?
        let sources: [String]
        /// The credentials as text, for a private copy. Secret.
        let talosText: String
        let kubernetesText: String
        let kubernetesFile: String?

        var surveyor: KubernetesSurveyor {
            KubernetesSurveyor(components: machines, workloads: cluster)
        }
    }

    /// Reads what is declared and applied, and makes the clients; no node is asked yet.
    func connect() async throws -> Connection {
        let declaration = try await project.declaration()
        let outputs = try await project.outputs()
        var applied = outputs.applied
        let (talos, talosSource) = try talosconfig(outputs.talosconfig?.text)
        let context = try talos.context()
        let now = world.clock
        let access = try NodeAccess(context) { Date(timeIntervalSince1970: now().wall) }
        let (kubeconfig, kubeSource) = try kubeconfig(outputs.kubeconfig?.text)
        let way = try kubeconfig.access()
        applied.sources += ["talosconfig: \(talosSource)", "kubeconfig: \(kubeSource)"]
        return Connection(
            declaration: declaration, applied: applied, machines: MachineReader(access),
            changer: MachineChanger(access),
            cluster: ClusterClient(
                way, environment: world.environment,
                now: { Date(timeIntervalSince1970: now().wall) }),
            endpoint: way.server.host, sources: applied.sources)
    }

    /// Reads everything into a snapshot. A run that cannot be read is a remark here: looking at the
    /// cluster is what is left to do then.
    func inspect(_ connection: Connection) async throws -> Snapshot {
        let open = Result { try store.open() }
        var snapshot = try await Inspector(
            machines: connection.machines, cluster: connection.cluster, repository: repository
        ).inspect(
            declaration: connection.declaration, applied: connection.applied,
            endpoint: connection.endpoint, openRun: try? open.get(), now: world.now)
        if case .failure(let error) = open {
            let problem = Problem(error)
            snapshot.remarks.append(
                problem.summary + (problem.location.map { " (\($0))" } ?? ""))
        }
        return snapshot
    }

    // MARK: Credentials

    /// Outputs, then `generated/`, then the environment, then the home folder; the setting first.
    private func talosconfig(_ output: String?) throws -> (TalosConfig, String) {
        if let output, settings.talosconfig == nil {
            return (
                try TalosConfig(yaml: output, source: "output talosconfig"), "output talosconfig"
            )
        }
        var candidates = [
            settings.talosconfig.map { root.appending(path: $0).path },
            root.appending(path: "generated/talosconfig").path, world.environment["TALOSCONFIG"],
        ].compactMap(\.self)
        if let home = world.environment["TALOS_HOME"] ?? world.home.map({ $0 + "/.talos" }) {
            candidates.append(home + "/config")
        }
        let first = settings.talosconfig == nil ? nil : candidates.first
        for path in candidates where path == first || FileManager.default.fileExists(atPath: path) {
            return (try TalosConfig(yaml: try text(of: path, "talosconfig"), source: path), path)
        }
        throw Problem(
            .refused, "There is no talosconfig.",
            details: ["Looked at the output talosconfig and at:"] + candidates.map { "  " + $0 },
            fix: "add an output talosconfig and run terraform apply, or set TALOSCONFIG")
    }

    private func kubeconfig(_ output: String?) throws -> (Kubeconfig, String) {
        if let output, settings.kubeconfig == nil {
            return (
                try Kubeconfig(text: output, origin: "output kubeconfig"), "output kubeconfig"
            )
        }
        if let path = settings.kubeconfig.map({ root.appending(path: $0).path }) {
            return (try Kubeconfig(files: [path]), path)
        }
        let generated = root.appending(path: "generated/kubeconfig").path
        if FileManager.default.fileExists(atPath: generated) {
            return (try Kubeconfig(files: [generated]), generated)
        }
        let usual = Kubeconfig.usualFiles(environment: world.environment, home: world.home)
        guard usual.contains(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw Problem(
                .refused, "There is no kubeconfig.",
                details: ["Looked at the output kubeconfig and at:"]
                    + ([generated] + usual).map { "  " + $0 },
                fix: "add an output kubeconfig and run terraform apply, or set KUBECONFIG")
        }
        return (try Kubeconfig(files: usual, mayBeMissing: true), usual.joined(separator: ":"))
    }

    private func text(of path: String, _ what: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Problem(
                .refused, "The \(what) cannot be read.", at: path, fix: "ls -l \(path)",
                causes: [error.localizedDescription])
        }
    }
}
