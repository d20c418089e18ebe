import ArgumentParser
import Foundation
import Model
import Planning

/// Figures for scripts/bench that only this program can take.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Figures for scripts/bench.", shouldDisplay: false,
        subcommands: [BenchPlanningCommand.self, BenchHCLCommand.self])
}

struct BenchPlanningCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planning", abstract: "How long planning takes for many nodes.")

    @Option(help: "Nodes, five of them control planes.")
    var nodes = 5000

    func run() async throws {
        let snapshot = Self.snapshot(nodes: max(nodes, 6))
        let clock = ContinuousClock()
        let began = clock.now
        let plan = Planner(
            snapshot: snapshot, options: PlanOptions(), id: RunID("bench"), now: 0
        ).talosPlan(to: Version(1, 9, 4))
        let findings = Checker(plan).findings()
        let seconds = (clock.now - began) / .seconds(1)
        guard plan.nodes.count == snapshot.nodes.count, findings.isEmpty, !plan.hasErrors else {
            throw Problem(.bug, "The plan of the benchmark is not a good one.")
        }
        Output(environment: [:], noColor: true).data([
            "{\"nodes\":\(plan.nodes.count),\"seconds\":\(String(format: "%.4f", seconds))}"
        ])
    }

    /// A healthy cluster of any size.
    private static func snapshot(nodes count: Int) -> Snapshot {
        let talos = Version(1, 9, 2)
        let kubernetes = Version(1, 32, 0)
        let nodes = (0..<count).map { index in
            node(index, role: index < 5 ? .controlPlane : .worker, talos, kubernetes)
        }
        let place = Place(file: "terraform.tfvars", path: "talos_version", line: 1, column: 17)
        return Snapshot(
            takenAt: 0, clusterName: "bench",
            declaration: Declaration(
                directory: ".",
                talos: .known(DeclaredValue(text: talos.tag, version: talos, place: place)),
                kubernetes: .unknown("not asked"), extensions: .known([])),
            applied: Applied(
                clusterName: "bench", schematic: .known(.empty), nodes: nodes.map(\.identity)),
            repository: RepositoryFacts(head: "0", branch: "main"), nodes: nodes,
            etcd: .known(
                EtcdFacts(
                    members: nodes.prefix(5).enumerated().map {
                        EtcdFacts.Member(
                            id: UInt64($0.offset + 1), name: $0.element.name.text,
                            isLeader: $0.offset == 0)
                    })), kubernetesVersion: .known(kubernetes),
            backupLocations: .known([
                BackupLocationFacts(
                    name: "default", isAvailable: true, isReadOnly: false, isDefault: true)
            ]))
    }

    private static func node(
        _ index: Int, role: Role, _ talos: Version, _ kubernetes: Version
    ) -> NodeFacts {
        let name = NodeName("node-\(index)")
        let address = NodeAddress("10.\(index / 65536).\(index / 256 % 256).\(index % 256)")
        return NodeFacts(
            name: name, address: address, role: role,
            machine: .known(
                MachineFacts(
                    name: name, role: role, version: talos, stage: .running, isReady: true,
                    bootID: .known("b"), schematic: .empty, extensions: [], platform: "metal")),
            kubernetes: .known(
                KubernetesNodeFacts(
                    name: name, role: role, address: address, isReady: true,
                    kubeletVersion: kubernetes)))
    }
}
