import Crypto
import Foundation
import Simulation

/// Makes files that look like etcd snapshots: a database of whole 512-byte blocks and behind it
/// the sha256 of them, so that size mod 512 is 32 (etcd `snapshot` package).
struct SnapshotMaker: Sendable {
    /// Whether the hash at the end is that of what stands before it.
    static func isWhole(_ bytes: Data) -> Bool {
        guard bytes.count > 512, bytes.count % 512 == 32 else { return false }
        return Array(SHA256.hash(data: bytes.dropLast(32))) == Array(bytes.suffix(32))
    }

    func snapshot(of cluster: String, member: String, status: EtcdMemberStatus) -> Data {
        let size = min(max(status.databaseSizeInUse, 65_536), 4 << 20)
        var bytes = Data(capacity: Int(size) + 544)
        let head = "lab etcd \(cluster) \(member) revision \(status.raftAppliedIndex)\n"
        bytes.append(contentsOf: head.utf8)
        var word = status.raftAppliedIndex &+ 1
        while bytes.count < Int(size) || bytes.count % 512 != 0 {
            word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes.append(UInt8(truncatingIfNeeded: word >> 56))
        }
        bytes.append(contentsOf: SHA256.hash(data: bytes))
        return bytes
    }
}
