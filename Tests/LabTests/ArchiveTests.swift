import Foundation
import Model
import Testing

@testable import Lab
@testable import Simulation

@Suite struct ArchiveTests {
    @Test func `a stock tar reads the kubeconfig archive`() throws {
        let contents = Data((0..<70_000).map { UInt8(truncatingIfNeeded: $0) })
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("lab-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("a.tar.gz")
        try Archive.gzip(Archive.tar(name: "kubeconfig", contents: contents)).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tar", "-xzf", file.path, "-C", folder.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try Data(contentsOf: folder.appendingPathComponent("kubeconfig")) == contents)
    }

    @Test func `a snapshot has a checksum behind whole blocks`() {
        let status = EtcdMemberStatus(
            memberID: 1, version: Version(3, 5, 21), databaseSize: 70_001,
            databaseSizeInUse: 70_001, leader: 1, raftIndex: 9, raftTerm: 2, raftAppliedIndex: 9,
            errors: [], isLearner: false)
        let bytes = SnapshotMaker().snapshot(of: "demo", member: "cp-1", status: status)
        #expect(bytes.count % 512 == 32)
        #expect(bytes.count > 70_001)
    }
}
