import Foundation
import Testing

extension EndToEnd {
    /// Ctrl-C, SIGTERM and a terminal that is closed.
    struct SignalTests {
        @Test func `each signal stops a run at once, and it is taken up where it was`() async throws
        {
            try await LabFixture.with(workers: 2, speed: 5) { lab in
                var command = ["talos", "v1.9.4", "--yes"]
                for (number, growth) in [(SIGINT, 24), (SIGTERM, 6), (SIGHUP, 6)] {
                    let run = try await stop(lab, command, number, after: growth)
                    #expect(run.status == 130, "\(run)")
                    #expect(run.flat.contains("stopping"), "\(run)")
                    #expect(run.flat.contains("error: Interrupted."), "\(run)")
                    #expect(run.flat.contains("fix: bump resume"), "\(run)")
                    command = ["resume", "--yes"]
                }
                let end = try await lab.bump("resume", "--yes")
                #expect(end.status == 0, "\(end)")
                try await expectGoodEnd(lab, at: "v1.9.4")
            }
        }

        /// Whether it is the lock that is being taken or the file that is being edited.
        @Test func `before anything was changed nothing stays of it`() async throws {
            try await LabFixture.with(workers: 0, speed: 20) { lab in
                let command = ["talos", "v1.9.4", "--yes", "--no-backup"]
                let before = try await Traces(lab)
                for growth in 1...9 {
                    let run = try await stop(lab, command, SIGINT, after: growth)
                    #expect(run.status == 130, "\(run)")
                    guard run.flat.contains("before anything was changed") else { break }
                    let changes = try await Traces(lab).differences(from: before).filter {
                        !$0.hasPrefix("events:")
                    }
                    #expect(changes == [], "after \(growth): \(run)")
                }
                let again = try await lab.bump("resume", "--yes")
                #expect(again.status == 0, "\(again)")
                let end = try await lab.bump("talos", "v1.9.4", "--yes", "--no-backup")
                #expect(end.status == 0, "\(end)")
                try await expectGoodEnd(lab, at: "v1.9.4")
            }
        }

        @Test func `a command that only looks ends with the same code`() async throws {
            try await LabFixture.with(workers: 0, speed: 20) { lab in
                let program = try lab.startBump("talos", "v1.9.4", "--plan")
                let looks = try await eventually(within: .seconds(30), every: .milliseconds(1)) {
                    program.talk.contains("Looking at the cluster")
                }
                try #require(looks)
                program.signal(SIGTERM)
                let end = try await program.end(within: .seconds(20))
                #expect(end.status == 130, "\(end)")
            }
        }

        /// Signals the program when the journal has grown so far; it must not need long to end.
        private func stop(
            _ lab: LabFixture, _ command: [String], _ number: Int32, after growth: Int
        ) async throws -> Outcome {
            let before = lab.recordCount
            let program = try lab.sandbox.start([Sandbox.binary] + command, in: lab.root)
            let isThere = try await eventually(within: .seconds(60), every: .milliseconds(1)) {
                lab.recordCount >= before + growth || program.hasEnded()
            }
            try #require(isThere && !program.hasEnded())
            program.signal(number)
            return try await program.end(within: .seconds(20))
        }
    }
}
