import Testing

@testable import Model

@Suite struct `The holder of the Lease` {
    @Test func `is written and read back, with any host name`() {
        for host in ["laptop", "ci-7.example.org", "a@b"] {
            let holder = LeaseHolder(run: RunID("20261122-183012-7f3a"), host: host, process: 42)
            #expect(LeaseHolder(holder.description) == holder)
        }
    }

    @Test func `is nobody we know when another program wrote it`() {
        for text in ["", "me", "@host/1", "run@host", "run@host/0", "run@host/x", "run/1@host"] {
            #expect(LeaseHolder(text) == nil, "\(text)")
            #expect(LeaseHolder.owner(in: text) == text)
        }
    }

    @Test func `owns it as run and machine, whichever process speaks`() {
        #expect(LeaseHolder.owner(in: "r@h/1") == LeaseHolder.owner(in: "r@h/2"))
        #expect(LeaseHolder.owner(in: "r@h/1") != LeaseHolder.owner(in: "r@other/1"))
        #expect(LeaseHolder.owner(in: "r@h/1") != LeaseHolder.owner(in: "s@h/1"))
    }
}
