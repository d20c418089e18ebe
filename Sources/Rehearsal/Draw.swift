import Execution
import Model
import Planning
import Simulation

/// What a seed stands for: topology, versions, options, faults and crashes.
struct Draw: Sendable, CustomStringConvertible {
    let seed: UInt64
    let controlPlanes: Int
    let workers: Int
    let talos: Version
    let target: Version
    let kubernetes: Version
    let options: PlanOptions
    let faults: [(fault: Fault, node: NodeName?)]
    let cordoned: NodeName?
    let crashes: Int

    init(seed: UInt64) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed)
        func below(_ bound: UInt64) -> Int { Int(generator.next() % bound) }
        controlPlanes = [1, 1, 3, 3, 3, 5][below(6)]
        workers = [0, 1, 2, 2, 3, 4][below(6)]
        let route = Self.routes[below(UInt64(Self.routes.count))]
        (talos, target, kubernetes) = (route.0, route.1, route.2)
        var options = PlanOptions()
        options.maxUnavailable = below(4) == 0 ? 2 : 1
        options.soak = below(5) == 0 ? .seconds(5) : .zero
        options.onFailure = below(6) == 0 ? .stop : .rollback
        options.limits.boot = .seconds(90)
        options.limits.drain = .seconds(60)
        options.limits.install = .seconds(60)
        options.limits.gate = .seconds(30)
        self.options = options
        let names =
            (0..<controlPlanes).map { NodeName("cp-\($0 + 1)") }
            + (0..<workers).map { NodeName("w-\($0 + 1)") }
        var faults: [(fault: Fault, node: NodeName?)] = []
        for _ in 0..<[0, 0, 1, 1, 2][below(5)] {
            let fault = Self.faults[below(UInt64(Self.faults.count))]
            faults.append((fault, names[below(UInt64(names.count))]))
        }
        self.faults = faults
        cordoned = below(8) == 0 ? names[below(UInt64(names.count))] : nil
        crashes = [0, 0, 1, 2][below(4)]
    }

    var description: String {
        let what = faults.map { "\($0.fault.rawValue) on \($0.node?.text ?? "-")" }
        return "\(controlPlanes)+\(workers) \(talos) to \(target), "
            + "\(options.maxUnavailable) at once, \(crashes) crashes, faults: "
            + (what.isEmpty ? "none" : what.joined(separator: ", "))
    }

    /// Draws that share it start from the same healthy cluster.
    var topology: String { "\(controlPlanes)+\(workers) \(talos) \(kubernetes)" }

    /// A healthy cluster, as a fresh one comes to rest.
    func cluster() -> EmulatedCluster {
        var cluster = EmulatedCluster(
            Blueprint(
                clusterName: "rehearsal", talos: talos, kubernetes: kubernetes, seed: 1,
                workers: workers))
        cluster.keepsFeeds = false
        for index in 0..<(controlPlanes + workers) {
            let isPlane = index < controlPlanes
            let name = isPlane ? "cp-\(index + 1)" : "w-\(index - controlPlanes + 1)"
            cluster.createMachine(
                MachineSpec(
                    name: NodeName(name), address: NodeAddress("127.0.0.\(index + 10)"),
                    role: isPlane ? .controlPlane : .worker,
                    installImage: "factory.talos.dev/metal-installer/\(SchematicID.empty):\(talos)"),
                by: "terraform")
        }
        for second in 1...120 {
            cluster.advance(to: .seconds(second))
            if cluster.isHealthy { break }
        }
        return cluster
    }

    func strike(_ cluster: inout EmulatedCluster) {
        for (fault, node) in faults { cluster.inject(fault, on: node) }
    }

    func snapshot(of cluster: EmulatedCluster) -> Snapshot {
        let identities = cluster.machineNames.compactMap { cluster.machines[$0] }.map {
            NodeIdentity(name: $0.name, address: $0.address, role: $0.role)
        }
        let place = Place(file: "terraform.tfvars", path: "talos_version", line: 1, column: 17)
        return Snapshot(
            takenAt: 0, clusterName: "rehearsal",
            declaration: Declaration(
                directory: ".",
                talos: .known(DeclaredValue(text: talos.tag, version: talos, place: place)),
                kubernetes: .unknown("not asked"), extensions: .known([])),
            applied: Applied(
                clusterName: "rehearsal", schematic: .known(.empty), nodes: identities),
            repository: RepositoryFacts(head: "0", branch: "main"),
            nodes: identities.map { cluster.facts(of: $0) }, etcd: cluster.etcdFacts,
            kubernetesVersion: .known(kubernetes),
            backupLocations: .known([
                BackupLocationFacts(
                    name: "default", isAvailable: true, isReadOnly: false, isDefault: true)
            ]))
    }

    private static let routes: [(Version, Version, Version)] = [
        (Version(1, 9, 2), Version(1, 9, 4), Version(1, 32, 0)),
        (Version(1, 9, 6), Version(1, 10, 9), Version(1, 32, 0)),
        (Version(1, 12, 11), Version(1, 13, 9), Version(1, 34, 0)),
        (Version(1, 13, 0), Version(1, 13, 9), Version(1, 35, 4)),
        (Version(1, 13, 11), Version(1, 14, 2), Version(1, 35, 4)),
    ]

    private static let faults: [Fault] = [
        .neverBoots, .bootsOld, .unhealthyAfterBoot, .slowBoot, .apiFlap, .pdbBlocks,
        .extensionMissing, .imagePullFails, .backupFails, .backupPartial, .diskFull, .lostStream,
        .kubeletDown, .nodeNotReady, .etcdMemberLost, .staleEtcdMember,
    ]
}
