import Model
import Simulation
import Testing

@Suite struct UpgradeTests {
    @Test(arguments: [(1, 2), (1, 0), (3, 1), (3, 3)])
    func `a fresh cluster becomes healthy`(controlPlanes: Int, workers: Int) {
        let cluster = makeCluster(controlPlanes: controlPlanes, workers: workers)
        #expect(cluster.nodes.count == controlPlanes + workers)
        #expect(cluster.etcdMembers().count == controlPlanes)
        #expect(cluster.endpointHolder != nil)
        #expect(cluster.pods.values.allSatisfy { $0.isReady })
        #expect(cluster.pods.values.filter(\.isMirror).count == 3 * controlPlanes)
    }

    @Test func `a legacy upgrade drains, installs, boots and gets ready, in this order`() throws {
        var cluster = makeCluster()
        let before = try #require(cluster.machines["w-1"])
        let actor = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        #expect(!actor.isEmpty)
        #expect(cluster.nodes["w-1"]?.isCordoned == true)
        #expect(cluster.nodes["w-1"]?.annotations["talos.dev/cordoned"] == "true")
        #expect(cluster.advance(within: .seconds(60)) { $0.machines["w-1"]?.bootCount == 2 })
        #expect(cluster.machines["w-1"]?.apiIsUp == false)
        #expect(throws: CallRefusal.self) { try cluster.reboot("w-1", by: "test") }
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        let after = try #require(cluster.machines["w-1"])
        #expect(after.version == Version(1, 9, 4))
        #expect(after.bootID != before.bootID)
        #expect(after.extensions.map(\.name) == ["iscsi-tools", "qemu-guest-agent"])
        #expect(cluster.nodes["w-1"]?.bootID == after.bootID)
        #expect(cluster.nodes["w-1"]?.isCordoned == false)
        var kinds = cluster.kinds(on: "w-1").filter { $0 != .evictionRefused }
        kinds = kinds.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        #expect(
            kinds == [
                .imagePulled, .cordoned, .evicted, .installed, .wentDown, .notReady, .cameUp,
                .uncordoned, .ready,
            ])
    }

    @Test func `a roll with drains never breaks the demo budget`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 2)
        for node: NodeName in ["w-1", "w-2", "cp-1", "cp-2", "cp-3"] {
            _ = try cluster.upgrade(installer("v1.9.4"), on: node, by: "test")
            #expect(cluster.advance(within: .seconds(120)) { $0.isHealthy }, "\(node)")
        }
        let events = cluster.takeEvents()
        #expect(events.filter { $0.kind == .pdbBroken || $0.kind == .etcdQuorumLost } == [])
        #expect(events.filter { $0.kind == .ready }.count == 5)
        #expect(cluster.machines.values.allSatisfy { $0.version == Version(1, 9, 4) })
    }

    @Test func `a lifecycle upgrade installs beside the running system`() throws {
        var cluster = makeCluster(talos: Version(1, 13, 0))
        let image = installer("v1.13.9")
        #expect(throws: CallRefusal.self) {
            try cluster.lifecycleUpgrade(image, on: "w-1", by: "test")
        }
        cluster.advance(to: try cluster.pullImage(image, on: "w-1", by: "test"))
        let ticket = try cluster.lifecycleUpgrade(image, on: "w-1", by: "test")
        #expect(ticket.exitCode == 0)
        let locked = #expect(throws: CallRefusal.self) {
            try cluster.lifecycleUpgrade(image, on: "w-1", by: "test")
        }
        #expect(locked?.code == .failedPrecondition)
        // The lock is looked at before the request: asking for nothing tells whether it is held.
        func ask() -> CallRefusal.Code? {
            do {
                _ = try cluster.lifecycleUpgrade("", on: "w-1", by: "test")
                return nil
            } catch {
                return error.code
            }
        }
        #expect(ask() == .failedPrecondition)
        cluster.advance(to: ticket.endsAt)
        #expect(ask() == .invalidArgument)
        let primed = try #require(cluster.machines["w-1"])
        #expect(primed.isPrimed && primed.version == Version(1, 13, 0) && primed.isReady)
        #expect(cluster.nodes["w-1"]?.isCordoned == false)
        _ = try cluster.reboot("w-1", by: "test")
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 13, 9))
        #expect(cluster.machines["w-1"]?.isPrimed == false)
    }

    @Test func `a second install without a boot overwrites the running slot`() throws {
        var cluster = makeCluster(talos: Version(1, 13, 0))
        for tag in ["v1.13.8", "v1.13.9"] {
            cluster.advance(to: try cluster.pullImage(installer(tag), on: "w-1", by: "test"))
            cluster.advance(
                to: try cluster.lifecycleUpgrade(installer(tag), on: "w-1", by: "test").endsAt)
        }
        let slots = try #require(cluster.machines["w-1"]?.slots)
        #expect(slots[slots.running]?.version == Version(1, 13, 9))
        #expect(slots[slots.running.other]?.version == Version(1, 13, 8))
    }

    @Test func `a rollback boots the previous slot and refuses when there is none`() throws {
        var cluster = makeCluster()
        let refused = #expect(throws: CallRefusal.self) {
            try cluster.rollback("w-1", by: "test")
        }
        #expect(refused?.message.contains("label does not exist") == true)
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        _ = cluster.takeEvents()
        try cluster.rollback("w-1", by: "test")
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 2))
        #expect(cluster.kinds(on: "w-1").prefix(2) == [.rolledBack, .wentDown])
    }

    @Test(arguments: [
        (installer("v1.9.99"), "not found"), (installer("v1.13.1"), "not found"),
        ("factory.talos.dev/installer/\(String(repeating: "a", count: 64)):v1.9.4", "schematic"),
        ("ghcr.io/siderolabs/installer:v1.14.0", "not found"), ("nonsense", "could not parse"),
    ])
    func `an image that no registry has is refused`(image: String, reason: String) {
        var cluster = makeCluster()
        let refusal = #expect(throws: CallRefusal.self) {
            try cluster.upgrade(image, on: "w-1", by: "test")
        }
        #expect(refusal?.message.hasPrefix("error validating installer image \"") == true)
        #expect(refusal?.message.contains(reason) == true)
        #expect(cluster.machines["w-1"]?.stage == .running)
    }

    @Test func `an installer that finds its host too old leaves the old version`() throws {
        var cluster = makeCluster(talos: Version(1, 9, 2))
        let bootID = cluster.machines["w-1"]?.bootID
        _ = try cluster.upgrade(installer("v1.12.1"), on: "w-1", by: "test")
        #expect(cluster.advance(within: .seconds(120)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 2))
        #expect(cluster.machines["w-1"]?.bootID != bootID)
        #expect(!cluster.kinds(on: "w-1").contains(.installed))
    }

    @Test(arguments: [("v1.12.1", Int32(0)), ("v1.11.2", 1), ("v1.14.2", 0)])
    func `a lifecycle installer judges its host`(tag: String, code: Int32) throws {
        var cluster = makeCluster(talos: Version(1, 13, 0))
        cluster.advance(to: try cluster.pullImage(installer(tag), on: "w-1", by: "test"))
        let ticket = try cluster.lifecycleUpgrade(installer(tag), on: "w-1", by: "test")
        #expect(ticket.exitCode == code)
        cluster.advance(by: .seconds(5))
        #expect(cluster.machines["w-1"]?.isPrimed == (code == 0))
        if code != 0 { #expect(ticket.lines.last?.text.contains("too new") == true) }
    }

    @Test func `the lifecycle service does not exist before 1.13`() {
        var cluster = makeCluster()
        let refusal = #expect(throws: CallRefusal.self) {
            try cluster.lifecycleUpgrade(installer("v1.9.4"), on: "w-1", by: "test")
        }
        #expect(refusal?.code == .unimplemented)
    }

    @Test func `a second upgrade of a busy node is answered but locked out`() throws {
        var cluster = makeCluster()
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        let actor = try cluster.upgrade(installer("v1.9.4"), on: "w-1", by: "test")
        let answer = cluster.machineEvents(on: "w-1").last { $0.actorID == actor }
        guard case .sequence("upgrade", .noop, let error)? = answer?.payload else {
            Issue.record("no sequence event for the second call")
            return
        }
        #expect(error?.code == .locked)
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(cluster.kinds(on: "w-1").filter { $0 == .installed }.count == 1)
    }

    @Test func `a staged upgrade installs during the next boot`() throws {
        var cluster = makeCluster()
        _ = try cluster.upgrade(installer("v1.9.4"), on: "w-1", stage: true, by: "test")
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 4))
        #expect(cluster.machines["w-1"]?.bootCount == 3)
    }

    @Test func `a component is swapped without an eviction`() throws {
        var cluster = makeCluster()
        let target = Version(1, 32, 2)
        for component in SystemComponent.allCases {
            _ = try cluster.updateComponent(component, to: target, on: "cp-1", by: "test")
        }
        #expect(throws: CallRefusal.self) {
            try cluster.updateComponent(.scheduler, to: target, on: "w-1", by: "test")
        }
        cluster.advance(by: .seconds(3))
        #expect(cluster.isHealthy)
        #expect(cluster.nodes["cp-1"]?.kubeletVersion == target)
        let kinds = cluster.kinds(on: "cp-1")
        #expect(kinds.filter { $0 == .staticPodUpdated }.count == 3)
        #expect(kinds.contains(.kubeletUpdated) && !kinds.contains(.evicted))
    }
}
