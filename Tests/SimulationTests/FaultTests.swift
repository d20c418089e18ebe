import Foundation
import Model
import Simulation
import Testing

@Suite struct FaultTests {
    private func upgraded(_ fault: Fault, seconds: Int = 60) throws -> EmulatedCluster {
        var cluster = makeCluster()
        cluster.inject(fault, on: "w-1")
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        cluster.advance(by: .seconds(seconds))
        return cluster
    }

    @Test func `a node that falls back is healthy on the old version`() throws {
        var cluster = try upgraded(.bootsOld)
        #expect(cluster.isHealthy)
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 2))
        #expect(cluster.kinds(on: "w-1").filter { $0 == .installed }.count == 1)
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 4))
    }

    @Test func `a node that never boots comes back when healed`() throws {
        var cluster = try upgraded(.neverBoots, seconds: 200)
        #expect(cluster.machines["w-1"]?.power == .off)
        #expect(cluster.nodes["w-1"]?.readiness == .unknown)
        cluster.inject(.heal, on: "w-1")
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 4))
    }

    @Test func `a sick node runs the new version, is not ready, and recovers by rollback`() throws {
        var cluster = try upgraded(.unhealthyAfterBoot)
        let sick = try #require(cluster.machines["w-1"])
        #expect(sick.version == Version(1, 9, 4) && sick.stage == .running && !sick.isReady)
        #expect(cluster.nodes["w-1"]?.isReady == false)
        try cluster.rollback("w-1", by: "test")
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 2))
    }

    @Test func `a sick control plane of three keeps quorum and recovers by rollback`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 0)
        cluster.inject(.unhealthyAfterBoot, on: "cp-1")
        _ = try cluster.upgrade(installer("v1.9.4"), on: "cp-1", by: "test")
        cluster.advance(by: .seconds(60))
        #expect(cluster.quorate)
        #expect(cluster.etcdMembers().first { $0.node == "cp-1" }?.isHealthy == false)
        try cluster.rollback("cp-1", by: "test")
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
    }

    @Test func `an image that no registry has is pulled once the node is healed`() throws {
        var cluster = makeCluster()
        cluster.inject(.imageMissing, on: "w-1")
        for _ in 1...2 {
            let refusal = #expect(throws: CallRefusal.self) {
                try cluster.pullImage(installer("v1.9.4"), on: "w-1", by: "test")
            }
            #expect(refusal?.code == .notFound)
        }
        cluster.inject(.heal, on: "w-1")
        _ = try cluster.pullImage(installer("v1.9.4"), on: "w-1", by: "test")
    }

    @Test func `a slow boot takes five times as long`() throws {
        var cluster = makeCluster()
        cluster.inject(.slowBoot, on: "w-1")
        _ = try cluster.reboot("w-1", by: "test")
        cluster.advance(by: .seconds(20))
        #expect(cluster.machines["w-1"]?.apiIsUp == false)
        cluster.advance(by: .seconds(4))
        #expect(cluster.isHealthy)
    }

    @Test func `an extension is missing after the upgrade`() throws {
        let cluster = try upgraded(.extensionMissing)
        #expect(cluster.machines["w-1"]?.extensions.map(\.name) == ["iscsi-tools"])
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 4))
    }

    @Test func `a full disk fails the sequence or the exit code`() throws {
        let legacy = try upgraded(.diskFull)
        #expect(legacy.isHealthy && legacy.machines["w-1"]?.version == Version(1, 9, 2))
        var cluster = makeCluster(talos: Version(1, 13, 0))
        cluster.inject(.diskFull, on: "w-1")
        let image = installer("v1.14.2")
        cluster.advance(to: try cluster.pullImage(image, on: "w-1", by: "test"))
        #expect(try cluster.lifecycleUpgrade(image, on: "w-1", by: "test").exitCode == 7)
    }

    @Test func `a lost stream hides an install that goes on`() throws {
        var cluster = makeCluster(talos: Version(1, 13, 0))
        cluster.inject(.lostStream, on: "w-1")
        let image = installer("v1.13.9")
        cluster.advance(to: try cluster.pullImage(image, on: "w-1", by: "test"))
        let ticket = try cluster.lifecycleUpgrade(image, on: "w-1", by: "test")
        #expect(ticket.exitCode == nil)
        cluster.advance(to: ticket.endsAt)
        let again = #expect(throws: CallRefusal.self) {
            try cluster.lifecycleUpgrade(image, on: "w-1", by: "test")
        }
        #expect(again?.code == .failedPrecondition)
        cluster.advance(by: .seconds(3))
        #expect(cluster.machines["w-1"]?.isPrimed == true)
    }

    @Test func `a failing pull works the second time`() throws {
        var cluster = makeCluster()
        cluster.inject(.imagePullFails, on: "w-1")
        #expect(throws: CallRefusal.self) {
            try cluster.pullImage(installer("v1.9.4"), on: "w-1", by: "test")
        }
        #expect(try cluster.pullImage(installer("v1.9.4"), on: "w-1", by: "test") > cluster.now)
    }

    @Test(arguments: [Fault.kubeletDown, .nodeNotReady, .apiFlap, .etcdMemberLost])
    func `a standing fault makes the cluster unhealthy until it is healed`(fault: Fault) {
        var cluster = makeCluster(controlPlanes: 3)
        cluster.inject(fault, on: fault == .etcdMemberLost ? "cp-3" : "w-1")
        var wasUnhealthy = false
        for _ in 0..<60 {
            cluster.advance(by: .milliseconds(100))
            wasUnhealthy = wasUnhealthy || !cluster.isHealthy
        }
        #expect(wasUnhealthy)
        cluster.inject(.heal, on: nil)
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
    }

    @Test func `a budget without room holds a drain until it is healed`() throws {
        var cluster = makeCluster()
        cluster.inject(.pdbBlocks, on: "w-1")
        cluster.advance(by: .seconds(2))
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        cluster.advance(by: .seconds(60))
        #expect(cluster.machines["w-1"]?.stage == .upgrading)
        #expect(cluster.takeEvents().contains { $0.kind == .evictionRefused })
        cluster.inject(.heal, on: nil)
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(!cluster.takeEvents().map(\.kind).contains(.pdbBroken))
    }

    @Test func `the node's own drain gives up after five minutes and breaks the budget`() throws {
        var cluster = makeCluster()
        cluster.inject(.pdbBlocks, on: "w-1")
        cluster.advance(by: .seconds(2))
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        #expect(cluster.advance(within: .seconds(330)) { $0.isHealthy })
        #expect(cluster.takeEvents().contains { $0.kind == .pdbBroken })
    }

    @Test(arguments: Scenario.all.map(\.name))
    func `every scenario strikes a healthy cluster and heals`(name: String) throws {
        let scenario = try #require(Scenario.named(name))
        var cluster = makeCluster(
            controlPlanes: scenario.controlPlanes, workers: scenario.workers,
            talos: scenario.talos)
        scenario.strike(&cluster)
        cluster.advance(by: .seconds(30))
        cluster.inject(.heal, on: nil)
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
    }
}

@Suite struct DeterminismTests {
    private func run(seed: UInt64, throughJSON: Bool = false) throws -> [LabEvent] {
        var cluster = makeCluster(controlPlanes: 3, workers: 3, seed: seed)
        var events: [LabEvent] = []
        for node: NodeName in ["w-2", "cp-1", "w-1"] {
            _ = try cluster.upgrade(installer("v1.9.4"), on: node, by: "test")
            cluster.advance(by: .milliseconds(1700))
            if throughJSON {
                let data = try JSONEncoder().encode(cluster)
                cluster = try JSONDecoder().decode(EmulatedCluster.self, from: data)
            }
            cluster.advance(by: .seconds(6))
        }
        cluster.advance(by: .seconds(60))
        events += cluster.takeEvents()
        #expect(cluster.isHealthy)
        return events
    }

    @Test func `the same seed gives the same events`() throws {
        #expect(try run(seed: 1) == run(seed: 1))
        #expect(try run(seed: 1) != run(seed: 2))
    }

    @Test func `a cluster that was stored half-way goes on as if it was not`() throws {
        #expect(try run(seed: 3) == run(seed: 3, throughJSON: true))
    }

    @Test func `changes name what a reader has to render`() throws {
        var cluster = makeCluster()
        cluster.setCordon("w-1", true, by: "test")
        #expect(cluster.takeChanges() == [.node("w-1")])
    }
}
