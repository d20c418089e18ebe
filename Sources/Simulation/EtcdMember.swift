package import Model

/// One row of the member list.
package struct EtcdMember: Sendable, Codable, Equatable {
    package var id: UInt64
    /// Empty when the member never started.
    package var name: String
    package var peerURLs: [String]
    package var clientURLs: [String]
    package var isLearner: Bool
    /// Runs and keeps up.
    package var isHealthy: Bool
    /// The machine it lives on; nil for one that nobody runs any more.
    package var node: NodeName?
}

/// What a member says of itself.
package struct EtcdMemberStatus: Sendable, Codable, Equatable {
    package var memberID: UInt64
    /// Of etcd.
    package var version: Version
    /// Bytes.
    package var databaseSize: Int64
    package var databaseSizeInUse: Int64
    /// Member id of the leader; 0 for none.
    package var leader: UInt64
    package var raftIndex: UInt64
    package var raftTerm: UInt64
    package var raftAppliedIndex: UInt64
    package var errors: [String]
    package var isLearner: Bool

    package var protocolVersion: String { version.number }
    /// Empty with etcd before 3.6.
    package var storageVersion: String {
        version >= Version(3, 6, 0) ? "\(version.major).\(version.minor).0" : ""
    }
}

/// An alarm of a member.
package struct EtcdAlarm: Sendable, Codable, Equatable {
    package var memberID: UInt64
    /// `NOSPACE` or `CORRUPT`.
    package var kind: String
}

/// The etcd cluster.
struct EtcdState: Sendable, Codable {
    /// In order of joining.
    var members: [EtcdMember] = []
    var leader: UInt64?
    /// Who led last, so that a return is not a move.
    var lastLeader: UInt64?
    var term: UInt64 = 1
    var writes: UInt64 = 0
    var isElecting = false
    var alarms: [EtcdAlarm] = []
    /// `etcd-quorum-lost` was said and its end was not.
    var saidQuorumLost = false

    /// More than half of the voters, dead ones included.
    var isQuorate: Bool {
        var voters = 0
        var alive = 0
        for member in members where !member.isLearner {
            voters += 1
            if member.isHealthy { alive += 1 }
        }
        return voters > 0 && alive >= voters / 2 + 1
    }

    func index(of node: NodeName) -> Int? { members.firstIndex { $0.node == node } }
}
