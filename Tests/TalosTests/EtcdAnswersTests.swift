import Model
import TalosAPI
import Testing

@testable import Talos

struct EtcdAnswersTests {
    private static let list: [(UInt64, String)] = [(1, "cp-1"), (2, "cp-2"), (3, "cp-3")]

    private func answer(
        _ id: UInt64, leader: UInt64 = 1, list: [(UInt64, String)] = Self.list,
        change: (inout Machine_EtcdMemberStatus) -> Void = { _ in }
    ) -> EtcdAnswer {
        var status = Machine_EtcdMemberStatus()
        status.memberID = id
        status.leader = leader
        status.raftTerm = 4
        status.raftIndex = 100
        status.raftAppliedIndex = 100
        status.dbSize = 4096
        change(&status)
        let members = list.map { id, name in
            var member = Machine_EtcdMember()
            member.id = id
            member.hostname = name
            return member
        }
        return EtcdAnswer(
            node: identity(id), said: .known(.init(status: status, members: members, alarms: [])))
    }

    private func identity(_ id: UInt64) -> NodeIdentity {
        NodeIdentity(
            name: NodeName("cp-\(id)"), address: NodeAddress("10.0.0.\(id)"), role: .controlPlane)
    }

    @Test func `three answers that agree are three healthy members with one leader`() {
        let facts = EtcdFacts([answer(1), answer(2), answer(3)])
        #expect(facts.members.map(\.name) == ["cp-1", "cp-2", "cp-3"])
        #expect(facts.members.map(\.trouble) == [nil, nil, nil])
        #expect(facts.leader?.name == "cp-1")
        #expect(facts.members.map(\.databaseSize) == [4096, 4096, 4096])
    }

    @Test func `a control plane that does not answer is a member in trouble`() {
        let silent = EtcdAnswer(node: identity(3), said: .unknown("no answer"))
        let facts = EtcdFacts([answer(1), answer(2), silent])
        #expect(facts.members.map(\.trouble) == [nil, nil, "no answer"])
        #expect(facts.quorum == 2)
    }

    @Test func `a member that no known node has is in trouble`() {
        let list = Self.list + [(9, "cp-9")]
        let facts = EtcdFacts([1, 2, 3].map { answer($0, list: list) })
        #expect(facts.members.last?.trouble == "no control plane that is known has this member")
    }

    @Test func `a member without a name never started`() {
        let list = Self.list + [(9, "")]
        let facts = EtcdFacts([1, 2, 3].map { answer($0, list: list) })
        #expect(facts.members.last?.trouble == "it never started")
    }

    @Test func `a member that is alone in what it says is in trouble`() throws {
        let other = answer(3, leader: 3, list: [(3, "cp-3")]) { $0.raftAppliedIndex = 50 }
        let facts = EtcdFacts([answer(1), answer(2), other])
        #expect(facts.leader?.name == "cp-1")
        let trouble = try #require(facts.member(named: "cp-3")?.trouble)
        #expect(trouble.contains("another leader"))
    }

    @Test func `no leader, an error of its own, and lagging are troubles`() {
        let facts = EtcdFacts([
            answer(1) { $0.leader = 0 }, answer(2) { $0.errors = ["disk full"] },
            answer(3) { $0.raftIndex = 5000 },
        ])
        #expect(
            facts.members.map(\.trouble) == [
                "it has no leader", "disk full", "it is 4900 entries behind",
            ])
    }

    @Test func `an alarm is told once and by name`() {
        var first = answer(1)
        var alarm = Machine_EtcdMemberAlarm()
        alarm.memberID = 2
        alarm.alarm = .nospace
        if case .known(var words) = first.said {
            words.alarms = [alarm, alarm]
            first.said = .known(words)
        }
        #expect(EtcdFacts([first, answer(2), answer(3)]).alarms == ["NOSPACE on cp-2"])
    }
}
