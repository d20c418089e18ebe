import Crypto
import Foundation

/// The SHA-256 at the end of an etcd snapshot, against what stands before it, while the snapshot
/// comes in. Source: etcd 3.5 `server/etcdserver/api/v3rpc/maintenance.go`, Snapshot.
struct SnapshotDigest {
    private var hash = SHA256()
    /// The last bytes so far: the digest, once everything is there.
    private var tail = Data()

    mutating func update(_ chunk: Data) {
        tail.append(chunk)
        guard tail.count > Self.length else { return }
        hash.update(data: tail.dropLast(Self.length))
        tail = Data(tail.suffix(Self.length))
    }

    /// Whether the end is the digest of the rest.
    var isRight: Bool { tail.count == Self.length && Array(hash.finalize()) == Array(tail) }

    private static let length = 32
}
