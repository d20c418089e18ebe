import Model
import Simulation
import Testing

@Suite struct EtcdTests {
    @Test func `quorum is lost with two of three and comes back`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 1)
        _ = try cluster.reboot("cp-1", by: "test")
        cluster.advance(by: .seconds(2))
        #expect(cluster.quorate && cluster.apiIsAvailable)
        _ = try cluster.reboot("cp-2", by: "test")
        cluster.advance(by: .seconds(2))
        #expect(!cluster.quorate)
        #expect(!cluster.apiServerIsUp(on: "cp-3"))
        #expect(cluster.endpointHolder == nil)
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        let kinds = cluster.takeEvents().map(\.kind)
        #expect(kinds.filter { $0 == .etcdQuorumLost }.count == 1)
        #expect(kinds.filter { $0 == .etcdQuorumBack }.count == 1)
    }

    @Test func `a single member that reboots is no loss of quorum`() throws {
        var cluster = makeCluster(workers: 1)
        _ = try cluster.reboot("cp-1", by: "test")
        #expect(cluster.advance(within: .seconds(30)) { !$0.quorate })
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
        #expect(!cluster.takeEvents().map(\.kind).contains(.etcdQuorumLost))
    }

    @Test func `one of three may go, and a second later there is a leader`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 0)
        let status = try cluster.etcdStatus(on: "cp-2")
        let leader = try #require(
            cluster.etcdMembers().first { $0.id == status.leader }?.node)
        _ = try cluster.reboot(leader, by: "test")
        #expect(
            cluster.advance(within: .seconds(3)) { cluster in
                guard let other = cluster.etcdMembers().first(where: { $0.node != leader })?.node
                else { return false }
                return (try? cluster.etcdStatus(on: other).errors) == ["etcdserver: no leader"]
            })
        #expect(cluster.quorate)
        #expect(cluster.advance(within: .seconds(30)) { $0.isHealthy })
        let moves = cluster.takeEvents().filter { $0.kind == .leadershipMoved }
        #expect(moves.count == 1 && moves.first?.node != leader)
    }

    @Test func `the endpoint is away for a second, then another control plane holds it`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 0)
        let holder = try #require(cluster.endpointHolder)
        _ = try cluster.reboot(holder, by: "test")
        cluster.advance(by: .milliseconds(1100))
        #expect(cluster.endpointHolder == nil && cluster.apiIsAvailable)
        cluster.advance(by: .milliseconds(400))
        #expect(cluster.endpointHolder.map { $0 != holder } == true)
    }

    @Test func `forfeited leadership moves at once`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 0)
        let leader = try cluster.etcdStatus(on: "cp-1").leader
        let node = try #require(cluster.etcdMembers().first { $0.id == leader }?.node)
        let heir = try #require(try cluster.forfeitLeadership(on: node, by: "test"))
        #expect(heir != node)
        #expect(try cluster.forfeitLeadership(on: node, by: "test") == nil)
        #expect(cluster.takeEvents().map(\.kind) == [.leadershipMoved])
    }

    @Test func `the legacy upgrade refuses at two members`() {
        var cluster = makeCluster(controlPlanes: 2, workers: 0)
        let refusal = #expect(throws: CallRefusal.self) {
            try cluster.upgrade(installer("v1.9.4"), on: "cp-1", by: "test")
        }
        #expect(
            refusal?.message
                == "error validating etcd for upgrade: etcd member count(2) is insufficient to "
                + "maintain quorum if upgrade commences")
    }

    @Test func `a stale member blocks the upgrade until it is removed`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 0)
        cluster.inject(.staleEtcdMember, on: nil)
        let refusal = #expect(throws: CallRefusal.self) {
            try cluster.upgrade(installer("v1.9.4"), on: "cp-1", by: "test")
        }
        #expect(refusal?.message.contains("is not healthy; all members must be") == true)
        let stale = try #require(cluster.etcdMembers().first { !$0.isHealthy })
        try cluster.removeEtcdMember(id: stale.id, via: "cp-1", by: "test")
        #expect(cluster.isHealthy)
    }

    @Test func `workers have no etcd`() {
        let cluster = makeCluster()
        let refusal = #expect(throws: CallRefusal.self) { try cluster.etcdStatus(on: "w-1") }
        #expect(refusal?.code == .unimplemented)
    }

    @Test func `a new cluster after the last control plane was destroyed is empty of the old`() {
        var cluster = makeCluster(workers: 0)
        let old = Set(cluster.pods.keys)
        cluster.destroyMachine("cp-1", by: "test")
        #expect(cluster.nodes.isEmpty && cluster.pods.isEmpty && !cluster.quorate)
        cluster.createMachine(
            MachineSpec(name: "cp-1", address: "127.1.2.1", role: .controlPlane), by: "test")
        #expect(cluster.advance(within: .seconds(60)) { $0.isHealthy })
        #expect(old.isDisjoint(with: cluster.pods.keys))
    }
}
