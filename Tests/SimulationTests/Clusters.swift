import Model
import Simulation
import Testing

/// The schematic of the installer images in these tests.
let schematic =
    SchematicID("ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515") ?? .empty

func installer(_ tag: String) -> String { "factory.talos.dev/installer/\(schematic):\(tag)" }

/// A cluster, brought up until it is healthy. Nodes are `cp-1`, … and `w-1`, ….
func makeCluster(
    controlPlanes: Int = 1, workers: Int = 2, talos: Version = Version(1, 9, 2), seed: UInt64 = 7
) -> EmulatedCluster {
    var cluster = EmulatedCluster(
        Blueprint(
            clusterName: "demo", talos: talos, kubernetes: Version(1, 32, 0), seed: seed,
            workers: workers))
    for number in 0..<(controlPlanes + workers) {
        let isControlPlane = number < controlPlanes
        let name =
            isControlPlane ? "cp-\(number + 1)" : "w-\(number - controlPlanes + 1)"
        cluster.createMachine(
            MachineSpec(
                name: NodeName(name), address: NodeAddress("127.1.2.\(number + 1)"),
                role: isControlPlane ? .controlPlane : .worker, schematic: schematic,
                extensions: ["iscsi-tools", "qemu-guest-agent"]),
            by: "test")
    }
    #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy }, "never became healthy")
    _ = cluster.takeEvents()
    _ = cluster.takeChanges()
    return cluster
}

extension EmulatedCluster {
    /// Moves on happening by happening until a condition holds; false when it does not in time.
    mutating func advance(
        within limit: Duration, until condition: (EmulatedCluster) -> Bool
    ) -> Bool {
        let end = now + limit
        while !condition(self) {
            guard let next = nextHappening, next <= end else {
                advance(to: end)
                return condition(self)
            }
            advance(to: next)
        }
        return true
    }

    mutating func advance(by time: Duration) { advance(to: now + time) }

    func livePods(of name: String) -> [Pod] {
        pods.values.filter { pod in
            !pod.isTerminating && pod.workload.flatMap { workloads[$0]?.spec.name } == name
        }.sorted { $0.name < $1.name }
    }

    mutating func kinds(on node: NodeName) -> [LabEvent.Kind] {
        takeEvents().filter { $0.node == node }.map(\.kind)
    }
}
