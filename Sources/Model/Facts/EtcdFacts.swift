/// What the etcd cluster looks like, asked at every control-plane node.
package struct EtcdFacts: Sendable, Codable, Equatable {
    package var members: [Member]
    /// Alarms in words: `NOSPACE on cp-1`.
    package var alarms: [String]

    package init(members: [Member], alarms: [String] = []) {
        self.members = members
        self.alarms = alarms
    }

    /// One member of the list, with the status its own node gave.
    package struct Member: Sendable, Codable, Equatable {
        /// Shown as 16 hex digits.
        package var id: UInt64
        /// Empty when the member never started.
        package var name: String
        package var isLearner: Bool
        package var isLeader: Bool
        /// Why it is not healthy (no answer, no leader, an error it reports); nil when it is.
        package var trouble: String?
        /// Bytes; nil when it did not answer.
        package var databaseSize: Int64?

        package init(
            id: UInt64, name: String, isLearner: Bool = false, isLeader: Bool = false,
            trouble: String? = nil, databaseSize: Int64? = nil
        ) {
            self.id = id
            self.name = name
            self.isLearner = isLearner
            self.isLeader = isLeader
            self.trouble = trouble
            self.databaseSize = databaseSize
        }

        package var isHealthy: Bool { trouble == nil }
    }

    package var leader: Member? { members.first(where: \.isLeader) }

    package var voters: [Member] { members.filter { !$0.isLearner } }

    /// More than half of the voting members, dead ones included (etcd FAQ, "what is quorum").
    package var quorum: Int { voters.count / 2 + 1 }

    package func member(named name: NodeName) -> Member? {
        members.first { $0.name == name.text }
    }

    /// Why taking `name` down now is not safe; empty when it is. The single member of a
    /// one-member cluster may go: etcd is away until it is back, and nothing is lost.
    package func objections(toTakingDown name: NodeName) -> [String] {
        var found: [String] = alarms.map { "etcd alarm: \($0)" }
        if members.count == 1, members[0].name == name.text {
            return found + (members[0].trouble.map { ["etcd on \(name): \($0)"] } ?? [])
        }
        if member(named: name) == nil { found.append("\(name) is not a member of etcd") }
        for member in members where member.name != name.text {
            if member.name.isEmpty {
                found.append("etcd member \(Self.hex(member.id)) has no name: it never started")
            } else if let trouble = member.trouble {
                found.append("etcd on \(member.name): \(trouble)")
            } else if member.isLearner {
                found.append("etcd member \(member.name) is still a learner")
            }
        }
        let remaining = voters.filter { $0.name != name.text && $0.isHealthy }.count
        if remaining < quorum {
            found.append(
                "without \(name) only \(remaining) of \(voters.count) etcd members are left, "
                    + "\(quorum) are needed")
        }
        return found
    }

    /// As `talosctl etcd members` prints ids.
    package static func hex(_ id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
