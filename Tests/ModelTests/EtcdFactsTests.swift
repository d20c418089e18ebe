import Testing

@testable import Model

@Suite struct `Taking a member of etcd down` {
    private func etcd(_ names: String..., sick: Set<String> = [], learners: Set<String> = [])
        -> EtcdFacts
    {
        EtcdFacts(
            members: names.enumerated().map { index, name in
                EtcdFacts.Member(
                    id: UInt64(index + 1), name: name, isLearner: learners.contains(name),
                    isLeader: index == 0, trouble: sick.contains(name) ? "no answer" : nil)
            })
    }

    @Test func `is fine when all others are healthy`() {
        #expect(etcd("a", "b", "c").objections(toTakingDown: "b").isEmpty)
    }

    @Test func `is fine for the only member`() {
        #expect(etcd("a").objections(toTakingDown: "a").isEmpty)
    }

    @Test func `is not fine when quorum would be lost`() {
        #expect(!etcd("a", "b").objections(toTakingDown: "a").isEmpty)
        #expect(!etcd("a", "b", "c", sick: ["c"]).objections(toTakingDown: "a").isEmpty)
    }

    @Test func `is not fine beside a sick, nameless or learning member even with quorum`() {
        #expect(!etcd("a", "b", "c", "d", "e", sick: ["e"]).objections(toTakingDown: "a").isEmpty)
        #expect(!etcd("a", "b", "c", "").objections(toTakingDown: "a").isEmpty)
        #expect(!etcd("a", "b", "c", "d", learners: ["d"]).objections(toTakingDown: "a").isEmpty)
    }

    @Test func `is not fine for a node that is no member, or under an alarm`() {
        #expect(!etcd("a", "b", "c").objections(toTakingDown: "x").isEmpty)
        var alarmed = etcd("a", "b", "c")
        alarmed.alarms = ["NOSPACE on b"]
        #expect(!alarmed.objections(toTakingDown: "a").isEmpty)
    }

    @Test func `shows ids as sixteen hex digits`() {
        #expect(EtcdFacts.hex(0xae34) == "000000000000ae34")
        #expect(EtcdFacts.hex(.max) == "ffffffffffffffff")
    }
}
