import Model
import Synchronization
import Testing

@testable import Inspection

@Suite struct `The health of a cluster` {
    @Test func `is not alarmed by a pod that restarts`() async {
        let world = World(looks: [["a": false, "b": false], ["a": true, "b": false]])
        let facts = await inspect(world)
        let pods = facts.pods.value ?? []
        #expect(pods.filter(\.persists).map(\.pod.name) == ["b"])
        #expect(world.count == 5, "b was looked at again and again")
    }

    @Test func `is read at once when all is well`() async {
        let world = World(looks: [["a": true]])
        let facts = await inspect(world)
        #expect(facts.pods.value?.contains(where: \.persists) == false)
        #expect(world.count == 1)
    }

    @Test func `tries evictions only where a budget has a say`() async {
        let world = World(looks: [["a": true, "b": true]], guarded: "a")
        let facts = await inspect(world)
        #expect(facts.refusedEvictions == ["uid-a": "no room"])
    }

    @Test func `is unknown with a reason where nothing can be read`() async {
        let facts = await HealthInspector(machines: Silent(), cluster: Silent(), pause: {})
            .inspect(
                nodes: [NodeIdentity(name: "w-1", address: "127.0.0.1", role: .worker)],
                gates: [
                    GateRule(
                        apiVersion: "v1", kind: "Node",
                        condition: .status(type: "Ready", value: "True"), place: "")
                ])
        #expect(facts.machines["w-1"]?.reason == "silence")
        #expect(facts.pods.reason == "silence")
        #expect(facts.storage.reason == "silence")
        #expect(facts.gates.first?.objects.reason == "silence")
    }

    private func inspect(_ world: World) async -> HealthFacts {
        await HealthInspector(machines: Silent(), cluster: world, pause: {})
            .inspect(nodes: [], gates: [])
    }
}

/// A cluster that shows its pods differently at each look; the last look stays.
private final class World: ClusterHealthReading {
    private let looks: [[String: Bool]]
    private let guarded: String?
    private let taken = Mutex(0)

    init(looks: [[String: Bool]], guarded: String? = nil) {
        self.looks = looks
        self.guarded = guarded
    }

    var count: Int { taken.withLock { $0 } }

    func podHealth() async throws -> [PodHealth] {
        let number = taken.withLock { count in
            defer { count += 1 }
            return min(count, looks.count - 1)
        }
        return looks[number].sorted { $0.key < $1.key }.map { name, isWell in
            PodHealth(
                pod: PodFacts(
                    namespace: "demo", name: name, uid: "uid-\(name)", node: "w-1",
                    phase: "Running", isReady: isWell, ownerKind: "ReplicaSet"),
                status: "Running", labels: ["app": name])
        }
    }

    func budgets() async throws -> [BudgetFacts] {
        guard let guarded else { return [] }
        return [
            BudgetFacts(
                namespace: "demo", name: "b", selector: LabelQuery(["app": guarded]),
                demand: .minAvailable(.count(1)), disruptionsAllowed: 0, currentHealthy: 1,
                desiredHealthy: 1, expectedPods: 1)
        ]
    }

    func rooms() async throws -> [NodeRoom] { [] }
    func tryEviction(_ pod: PodReference) async throws -> EvictionAnswer { .refused("no room") }
    func reconciliations() async throws -> [ReconciliationFacts] { [] }
    func backupAgent() async throws -> BackupAgentFacts? { nil }
    func storage() async throws -> [StorageFacts] { [] }
    func objects(of gate: GateRule) async throws -> [GateFacts.Object] { [] }
}

/// Answers nothing.
private struct Silent: ClusterHealthReading, MachineHealthReading {
    private var silence: Problem { Problem(.unreachable, "silence") }

    func health(of address: NodeAddress) async throws -> MachineHealth { throw silence }
    func podHealth() async throws -> [PodHealth] { throw silence }
    func budgets() async throws -> [BudgetFacts] { throw silence }
    func rooms() async throws -> [NodeRoom] { throw silence }
    func tryEviction(_ pod: PodReference) async throws -> EvictionAnswer { throw silence }
    func reconciliations() async throws -> [ReconciliationFacts] { throw silence }
    func backupAgent() async throws -> BackupAgentFacts? { throw silence }
    func storage() async throws -> [StorageFacts] { throw silence }
    func objects(of gate: GateRule) async throws -> [GateFacts.Object] { throw silence }
}
