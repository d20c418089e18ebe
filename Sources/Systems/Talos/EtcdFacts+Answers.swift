import Model
import TalosAPI

/// What one control plane said of etcd, or why it did not.
struct EtcdAnswer: Sendable {
    struct Words: Sendable {
        /// Of its own member.
        var status: Machine_EtcdMemberStatus
        /// The members as its own member knows them.
        var members: [Machine_EtcdMember]
        var alarms: [Machine_EtcdMemberAlarm]
    }

    var node: NodeIdentity
    var said: Observed<Words>
}

extension EtcdFacts {
    /// Puts the answers together. The list of the member that is furthest along counts; a member
    /// whose own list differs from it, or who follows another leader, is in trouble.
    init(_ answers: [EtcdAnswer]) {
        let heard = answers.compactMap { answer in
            answer.said.value.map { (node: answer.node, said: $0) }
        }
        let furthest = heard.max {
            ($0.said.status.raftAppliedIndex, $1.node.name)
                < ($1.said.status.raftAppliedIndex, $0.node.name)
        }
        let leader = Self.leader(among: heard.map(\.said.status))
        let term = heard.map(\.said.status.raftTerm).max() ?? 0
        let list = furthest?.said.members ?? []
        let ids = Set(list.map(\.id))

        let members = list.map { entry in
            var member = Member(
                id: entry.id, name: entry.hostname, isLearner: entry.isLearner,
                isLeader: entry.id == leader)
            if entry.hostname.isEmpty {
                member.trouble = "it never started"
            } else if let own = heard.first(where: { $0.said.status.memberID == entry.id }) {
                member.name = own.node.name.text
                member.databaseSize = own.said.status.dbSize
                member.trouble = Self.trouble(
                    own.said.status, leader: leader, term: term,
                    sameList: Set(own.said.members.map(\.id)) == ids)
            } else if let silent = answers.first(where: {
                $0.node.name.text == entry.hostname && $0.said.value == nil
            }) {
                member.trouble = silent.said.reason
            } else {
                member.trouble = "no control plane that is known has this member"
            }
            return member
        }
        let names = Dictionary(members.map { ($0.id, $0.name) }) { first, _ in first }
        let alarms = Set(
            heard.flatMap(\.said.alarms).compactMap { alarm -> String? in
                guard alarm.alarm != .none else { return nil }
                let name = names[alarm.memberID] ?? EtcdFacts.hex(alarm.memberID)
                return "\(Self.word(alarm.alarm)) on \(name)"
            })
        self.init(members: members, alarms: alarms.sorted())
    }

    /// How far a member may be behind in applying its own log.
    private static let mostEntriesBehind: UInt64 = 1000

    private static func trouble(
        _ status: Machine_EtcdMemberStatus, leader: UInt64?, term: UInt64, sameList: Bool
    ) -> String? {
        if let error = status.errors.first { return String(error.prefix(200)) }
        if status.leader == 0 { return "it has no leader" }
        if status.leader != leader { return "it follows another leader than the others" }
        if status.raftTerm != term { return "it is in an older term than the others" }
        if !sameList { return "its list of members differs from that of the others" }
        let behind = status.raftIndex.subtractingReportingOverflow(status.raftAppliedIndex)
        if !behind.overflow, behind.partialValue > mostEntriesBehind {
            return "it is \(behind.partialValue) entries behind"
        }
        return nil
    }

    /// The leader that most members name; the one of the newest term among equals.
    private static func leader(among statuses: [Machine_EtcdMemberStatus]) -> UInt64? {
        var votes: [UInt64: (count: Int, term: UInt64)] = [:]
        for status in statuses where status.leader != 0 {
            let old = votes[status.leader] ?? (0, 0)
            votes[status.leader] = (old.count + 1, max(old.term, status.raftTerm))
        }
        return votes.max {
            ($0.value.count, $0.value.term, $0.key) < ($1.value.count, $1.value.term, $1.key)
        }?.key
    }

    private static func word(_ alarm: Machine_EtcdMemberAlarm.AlarmType) -> String {
        switch alarm {
        case .nospace: "NOSPACE"
        case .corrupt: "CORRUPT"
        case .none, .UNRECOGNIZED: "an unknown alarm"
        }
    }
}
