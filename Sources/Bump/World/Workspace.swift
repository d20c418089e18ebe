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
            variables: VariableNames(
                settings: settings.variables, schematicFile: settings.schematic),
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
        /// Our certificate for the Talos API.
        let certificate: CertificateFacts
        let endpoint: String?
        let sources: [String]
        /// The credentials as text, for a private copy. Secret.
        let talosText: String
        let kubernetesText: String

        var surveyor: KubernetesSurveyor {
            KubernetesSurveyor(components: machines, workloads: cluster)
        }
    }

    /// Reads what is declared and applied, and makes the clients; no node is asked yet.
    func connect() async throws -> Connection {
        do {
            let declaration = try await project.declaration()
            let outputs = try await project.outputs()
            let talos = try talosconfig(outputs.talosconfig?.text)
            let kubernetes = try kubeconfig(outputs.kubeconfig?.text)
            return try connection(declaration, outputs.applied, talos, kubernetes)
        } catch var problem as Problem {
            // Between destroying and building anew there is nothing to connect to.
            if let open = try? store.open(), !open.isAlive, store.isRebuild(open.id) {
                problem.details.append("A rebuild is under way: \(open.title), run \(open.id).")
                problem.fix = "bump resume"
            }
            throw problem
        }
    }

    /// The same from what a rebuild has saved: between destroying and building anew there are no
    /// outputs.
    func connect(rescued run: RunFolder) async throws -> Connection {
        let folder = run.path(of: "rescue") + "/"
        let applied = try JSONDecoder().decode(
            Applied.self, from: Data(contentsOf: URL(filePath: folder + Rescue.appliedFile)))
        let talos = folder + Rescue.talosFile
        let kubernetes = folder + Rescue.kubernetesFile
        return try connection(
            try await project.declaration(), applied,
            Credential(
                config: try TalosConfig(yaml: try text(of: talos, "talosconfig"), source: talos),
                text: try text(of: talos, "talosconfig"), source: talos),
            Credential(
                config: try Kubeconfig(files: [kubernetes]),
                text: try text(of: kubernetes, "kubeconfig"), source: kubernetes))
    }

    private func connection(
        _ declaration: Declaration, _ applied: Applied, _ talos: Credential<TalosConfig>,
        _ kubernetes: Credential<Kubeconfig>
    ) throws -> Connection {
        var applied = applied
        let now = world.clock
        let access = try NodeAccess(talos.config.context()) {
            Date(timeIntervalSince1970: now().wall)
        }
        let way = try kubernetes.config.access()
        applied.sources += [
            "talosconfig: \(talos.source)", "kubeconfig: \(kubernetes.source)",
        ]
        return Connection(
            declaration: declaration, applied: applied, machines: MachineReader(access),
            changer: MachineChanger(access),
            cluster: ClusterClient(
                way, environment: world.environment,
                now: { Date(timeIntervalSince1970: now().wall) }),
            certificate: CertificateFacts(
                .talosconfig, source: talos.source,
                expires: access.validUntil.timeIntervalSince1970),
            endpoint: way.server.host, sources: applied.sources, talosText: talos.text,
            kubernetesText: kubernetes.text)
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
}
