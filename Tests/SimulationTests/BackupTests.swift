import Model
import Simulation
import Testing

@Suite struct BackupTests {
    private func backup(
        in cluster: inout EmulatedCluster, _ request: BackupRequest = BackupRequest(name: "b")
    ) -> EmulatedBackup? {
        cluster.createBackup(request, by: "test")
        _ = cluster.advance(within: .seconds(60)) { $0.backups["b"]?.phase.isFinal == true }
        return cluster.backups["b"]
    }

    @Test func `a hanging backup goes on once it is healed`() {
        var cluster = makeCluster()
        cluster.inject(.backupHangs, on: nil)
        #expect(backup(in: &cluster)?.phase == .inProgress)
        cluster.inject(.heal, on: nil)
        cluster.advance(by: .seconds(10))
        #expect(cluster.backups["b"]?.phase == .completed)
    }

    @Test(arguments: [Fault.locationUnavailable, .wrongCredentials])
    func `without its location a backup is not even begun`(fault: Fault) {
        var cluster = makeCluster()
        cluster.inject(fault, on: nil)
        #expect(backup(in: &cluster)?.phase == .failedValidation)
        #expect(cluster.locations["default"]?.message.isEmpty == false)
        cluster.inject(.heal, on: nil)
        #expect(cluster.locations["default"]?.isAvailable == true)
    }

    @Test func `volumes need the node-agent`() {
        var cluster = makeCluster()
        cluster.inject(.nodeAgentMissing, on: nil)
        cluster.advance(by: .seconds(5))
        var request = BackupRequest(name: "b")
        request.volumes = 3
        let ended = backup(in: &cluster, request)
        #expect(ended?.phase == .partiallyFailed && ended?.errors == 3)
        cluster.inject(.heal, on: nil)
        cluster.advance(by: .seconds(5))
        #expect(cluster.hasNodeAgent)
    }

    @Test func `a name that the bucket has is taken`() {
        var cluster = makeCluster()
        var request = BackupRequest(name: "b")
        request.obstacle = "backup already exists in object storage"
        #expect(backup(in: &cluster, request)?.phase == .failed)
    }
}
