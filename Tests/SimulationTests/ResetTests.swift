import Model
import Simulation
import Testing

@Suite struct ResetTests {
    @Test func `a control plane that was wiped joins etcd anew`() throws {
        var cluster = makeCluster(controlPlanes: 3, workers: 1)
        let before = cluster.etcdMembers().first { $0.node == "cp-2" }?.id
        _ = try cluster.reset(
            "cp-2", graceful: true, reboot: true, keepsConfig: true, by: "test")
        cluster.advance(by: .seconds(30))
        let isHealthy = cluster.isHealthy
        #expect(isHealthy)
        #expect(cluster.etcdMembers().first { $0.node == "cp-2" }?.id != before)
    }

    @Test(arguments: [true, false])
    func `etcd that is lost everywhere comes back by bootstrap, with a snapshot or empty`(
        recover: Bool
    ) throws {
        var cluster = makeCluster(workers: 1)
        let nodes = Set(cluster.nodes.values.map(\.uid))
        #expect(throws: CallRefusal.self) {
            try cluster.bootstrapEtcd(on: "cp-1", recover: false, by: "test")
        }
        #expect(throws: CallRefusal.self) {
            _ = try cluster.reset(
                "cp-1", graceful: true, reboot: true, keepsConfig: true, by: "test")
        }
        _ = try cluster.reset(
            "cp-1", graceful: false, reboot: true, keepsConfig: true, by: "test")
        cluster.advance(by: .seconds(30))
        let isAvailable = cluster.apiIsAvailable
        #expect(!isAvailable)
        if recover { try cluster.uploadSnapshot(to: "cp-1") }
        try cluster.bootstrapEtcd(on: "cp-1", recover: recover, by: "test")
        cluster.advance(by: .seconds(60))
        let isHealthy = cluster.isHealthy
        #expect(isHealthy)
        let isSame = Set(cluster.nodes.values.map(\.uid)) == nodes
        #expect(isSame == recover)
    }

    @Test func `a machine whose whole disk was wiped stays in maintenance`() throws {
        var cluster = makeCluster()
        _ = try cluster.reset(
            "w-1", graceful: true, reboot: true, keepsConfig: false, by: "test")
        cluster.advance(by: .seconds(30))
        #expect(cluster.machines["w-1"]?.stage == .maintenance)
        #expect(cluster.machines["w-1"]?.apiIsUp == false)
    }
}
