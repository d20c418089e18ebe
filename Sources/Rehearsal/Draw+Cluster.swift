import Model
import Simulation

extension Draw {
    /// A healthy cluster, as a fresh one comes to rest.
    func cluster() -> EmulatedCluster {
        var cluster = EmulatedCluster(
            Blueprint(
                clusterName: "rehearsal", talos: talos, kubernetes: kubernetes, seed: 1,
                workers: workers))
        cluster.keepsFeeds = false
        for spec in machines(at: talos) { cluster.createMachine(spec, by: "terraform") }
        for second in 1...120 {
            cluster.advance(to: .seconds(second))
            if cluster.isHealthy { break }
        }
        return cluster
    }

    func strike(_ cluster: inout EmulatedCluster) {
        for (fault, node) in faults { cluster.inject(fault, on: node) }
        guard case .rebuild(let phase) = task else { return }
        cluster.adoptBackup(
            .found(
                BackupRequest(name: Self.backup), in: "default", phase: phase, items: 20,
                at: cluster.now))
    }

    /// What an inspection of the cluster and of the repository would find.
    func snapshot(
        of cluster: EmulatedCluster, _ repository: SimulatedRepository
    ) -> Snapshot {
        let identities = cluster.machineNames.compactMap { name in
            cluster.machines.position(of: name).map { at in
                NodeIdentity(
                    name: name, address: cluster.machines.values[at].address,
                    role: cluster.machines.values[at].role)
            }
        }
        let place = Place(file: "terraform.tfvars", path: "talos_version", line: 1, column: 17)
        let declared = repository.declared
        return Snapshot(
            takenAt: 0, clusterName: "rehearsal",
            declaration: Declaration(
                directory: ".",
                talos: .known(
                    DeclaredValue(
                        text: declared, version: Version(declared) ?? talos, place: place)),
                kubernetes: .unknown("not asked"), extensions: .known([])),
            applied: Applied(
                clusterName: "rehearsal", schematic: .known(schematic), nodes: identities),
            repository: RepositoryFacts(head: "0", branch: "main"),
            nodes: identities.map { cluster.facts(of: $0) }, etcd: cluster.etcdFacts,
            kubernetesVersion: .known(kubernetes),
            backupLocations: .known([
                BackupLocationFacts(
                    name: "default", isAvailable: true, isReadOnly: false, isDefault: true)
            ]), remarks: leaks ? [SimulatedSecret.telling("a remark", 0)] : [])
    }

    var schematic: SchematicID { extensions.isEmpty ? .empty : Self.extended }

    /// That of a draw with extensions.
    private static let extended = SchematicID(String(repeating: "5c", count: 32)) ?? .empty
}
